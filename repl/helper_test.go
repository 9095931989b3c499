package repl_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl"
	"github.com/segq/segq/repl/show"
)

// helper answers what is asked while one types: completions of words and of strings, and counts by text. It keeps what it
// was asked.
type helper struct {
	mu    sync.Mutex
	words []lang.Item // what a word may become
	value []lang.Item // what a string may become
	note  string      // beside the strings
	none  string      // why there are no strings
	// counts are what texts count; a text that is not there counts nothing.
	counts map[string]repl.Peek
	// takes is how long an answer takes; ended counts those that nobody waited for any more.
	takes time.Duration
	ended int
	// alike offers words that begin otherwise, too.
	alike bool
	// deaf helpers answer to the end, whoever waits.
	deaf bool
	// pending and loading say so many times that more is on its way.
	pending, loading                int
	completed, peeked, checked, all []string
}

func (h *helper) notes(list *[]string, text string) {
	*list = append(*list, text)
	h.all = append(h.all, text)
}

// wait takes its time, and says whether somebody still waits.
func (h *helper) wait(ctx context.Context) bool {
	if h.takes == 0 {
		return true
	}
	if h.deaf {
		ctx = context.Background()
	}
	select {
	case <-time.After(h.takes):
		return true
	case <-ctx.Done():
		h.mu.Lock()
		defer h.mu.Unlock()
		h.ended++
		return false
	}
}

func (h *helper) complete(ctx context.Context, text string, cursor int) (c repl.Completion) {
	if h == nil {
		return c
	}
	h.mu.Lock()
	h.notes(&h.completed, text[:cursor])
	h.pending--
	c.Pending = h.pending >= 0
	h.mu.Unlock()
	if !h.wait(ctx) {
		return c
	}
	start := cursor - len(strings.TrimLeftFunc(lastWord(text[:cursor]), unicode.IsSpace))
	items := h.words
	if i := strings.LastIndexByte(text[:cursor], '"'); strings.Count(text[:cursor], `"`)%2 == 1 {
		start, items, c.Note = i, h.value, h.note
	}
	end := cursor
	if start < len(text) && text[start] == '"' && strings.HasPrefix(text[cursor:], `"`) {
		end++
	}
	c.Span = ast.Span{Start: start, End: end}
	if c.Pending {
		return c
	}
	if c.Note != "" && len(items) == 0 {
		c.None = h.none
	}
	for _, it := range items {
		if h.alike || strings.HasPrefix(strings.ToLower(it.Text), strings.ToLower(text[start:cursor])) {
			c.Items = append(c.Items, it)
		}
	}
	return c
}

func lastWord(text string) string {
	i := strings.LastIndexFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return text[i+1:]
}

func (h *helper) peek(ctx context.Context, text string, cursor int) repl.Peek {
	if h == nil {
		return repl.Peek{}
	}
	h.mu.Lock()
	h.notes(&h.peeked, text)
	h.loading--
	loading := h.loading >= 0
	h.mu.Unlock()
	if !h.wait(ctx) {
		return repl.Peek{}
	}
	if loading {
		return repl.Peek{Loading: true}
	}
	p := h.counts[text]
	if p.Clause != nil && cursor < p.Clause.At.Start {
		p.Clause = nil
	}
	return p
}

func (h *helper) check(q repl.Query) {
	if h == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.notes(&h.checked, q.Text)
}

// counted is the count of the beginning of a text.
func counted(part string, count int64) repl.Peek {
	return repl.Peek{Counted: ast.Span{End: len(part)}, Count: count, Total: 5_000_000, Exact: true}
}

// address are the fields of the golden views, beside a function and two operators.
func newHelper() *helper {

	both := counted(rule, 65_904)
	both.Clause = &repl.Clause{At: ast.Span{Start: 26, End: len(rule)}, Pass: 498_877, Without: 655_210}
	h := &helper{
		words: []lang.Item{
			{Text: "countryCode", Kind: lang.FieldItem, Type: "string", Path: "homeAddress.countryCode"},
			{Text: "county", Kind: lang.FieldItem, Type: "string"},
			{Text: "count(", Kind: lang.FunctionItem, Type: "list.count() int", Doc: "the number of elements of a list, or of entries of a map"},
			{Text: "contains(", Kind: lang.FunctionItem, Type: "string.contains(string, caseSensitive) bool", Doc: "whether the text contains the other"},
			{Text: "and", Kind: lang.KeywordItem},
		},
		note: "12 values, 36.4 % null",
		counts: map[string]repl.Peek{
			`loyalty.tier = "gold"`:     counted(`loyalty.tier = "gold"`, 655_210),
			`loyalty.tier = "gold" and`: counted(`loyalty.tier = "gold"`, 655_210),
			rule:                        both,
		},
	}
	for i, v := range []string{"silver", "bronze", "gold", "platinum", "日本語", "a\x1b[2Jb", strings.Repeat("long ", 30)} {
		h.value = append(h.value, lang.Item{Text: `"` + v + `"`, Kind: lang.ValueItem, Count: int64(1_204_330 >> (2 * i))})
	}
	for i := range 5 {
		h.value = append(h.value, lang.Item{Text: fmt.Sprintf(`"tier %d"`, i), Kind: lang.ValueItem, Count: 3})
	}
	return h
}

const rule = `loyalty.tier = "gold" and homeAddress.countryCode = "CA"`

// forms are two forms of answers.
type forms struct{}

func (forms) Forms() []string { return []string{"csv", "json", "tsv"} }

func (forms) Form(name string, r *record.Record, _ show.Look) ([]string, error) {
	if name == "json" {
		return []string{fmt.Sprintf(`{"count": %d, "long": %q}`, *r.Count, strings.Repeat("long ", 20))}, nil
	}
	if name == "tsv" {
		return []string{"count\ttotal", fmt.Sprintf("%d\t%d", *r.Count, *r.Total)}, nil
	}
	return []string{"count", fmt.Sprint(*r.Count)}, nil
}
