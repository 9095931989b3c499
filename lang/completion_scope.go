package lang

import (
	"slices"
	"strings"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/parse"
)

// place is what a path of tokens leads to: its type, nil when unknown, and the
// fields on the way from the profile, nil when it is no path of fields. What is in a map has {} behind its name.
type place struct {
	t    *check.Type
	path []string
	// keyed says that it is what maps have for one key, while the path stands for all keys.
	keyed bool
}

// elem returns the place of the elements of a list, or of the values of a map.
func (p place) elem() place {
	for p.t != nil && p.t.Kind == check.List {
		p.t = p.t.Elem
	}
	if p.t != nil && p.t.Kind == check.Map {
		return p.entry()
	}
	return p
}

// items returns the place of the elements of a list, of any depth.
func (p place) items() place {
	for p.t != nil && p.t.Kind == check.List {
		p.t = p.t.Elem
	}
	return p
}

// entry returns the place of what is in a map.
func (p place) entry() place {
	out := place{t: p.t.Elem, keyed: p.keyed}
	if n := len(p.path); n > 0 {
		out.path = slices.Clone(p.path)
		out.path[n-1] += "{}"
	}
	return out
}

// reader reads the finished tokens before a cursor backwards, those of the statement at the cursor. opens
// holds, for every token, the closest bracket still open there, -1 for none; mates leads
// from a closing bracket to its opening one.
type reader struct {
	cat    check.Catalog
	words  []string
	kinds  []parse.Kind
	starts []int
	opens  []int
	mates  []int
	// touches says that the cursor is at the end of a number or a string, where no word can begin.
	touches bool
	// newLine says that the cursor is on another line than the token before it, outside of brackets.
	newLine bool
	// later are the variables that are declared behind the cursor: the E of sum E.price over E from xEvent.
	later map[string][]string
	// after is what stands right after the word at the cursor, 0 for nothing.
	after byte
}

// newReader cuts off the token that is being typed, and gives its place.
func newReader(text string, cursor int, cat check.Catalog) (*reader, ast.Span) {
	tokens := parse.Tokens(text)
	n := len(tokens)
	r := &reader{
		cat: cat, words: make([]string, 0, n), kinds: make([]parse.Kind, 0, n),
		starts: make([]int, 0, n), opens: make([]int, 0, n+1), mates: make([]int, 0, n),
	}
	end, open := 0, []int(nil)
	i := 0
	for ; i < len(tokens) && tokens[i].At.Start < cursor; i++ {
		t := tokens[i]
		word := text[t.At.Start:t.At.End]
		switch {
		case t.At.End >= cursor && unfinished(t, word, cursor):
			r.later = later(text, tokens[i+1:])
			at := t.At
			if t.Kind == parse.Bad {
				at.End = cursor
			}
			r.close(text, at, end, open)
			return r, at
		case t.Kind == parse.Comment:
		case word == ";" && len(open) == 0:
			r.words, r.kinds, r.starts, r.opens, r.mates = r.words[:0], r.kinds[:0], r.starts[:0], r.opens[:0], r.mates[:0]
			end, r.touches = 0, false
		default:
			end = t.At.End
			r.touches = end == cursor && (t.Kind == parse.Int || t.Kind == parse.Float || t.Kind == parse.String)
			r.starts = append(r.starts, t.At.Start)
			open = r.take(word, t.Kind, open)
		}
	}
	r.later = later(text, tokens[i:])
	at := ast.Span{Start: cursor, End: cursor}
	r.close(text, at, end, open)
	return r, at
}

// close notes what is around the word at the cursor: the brackets that are open, the line and what follows. end is
// the end of the token before.
func (r *reader) close(text string, at ast.Span, end int, open []int) {
	top := -1
	if n := len(open); n > 0 {
		top = open[n-1]
	}
	r.opens = append(r.opens, top)
	r.newLine = top < 0 && end < at.Start && strings.Contains(text[end:at.Start], "\n")
	if at.End < len(text) {
		r.after = text[at.End]
	}
}

// take adds a token, with the brackets that are open before it, and gives those that are open after it.
func (r *reader) take(word string, kind parse.Kind, open []int) []int {
	i, top, mate := len(r.words), -1, -1
	if n := len(open); n > 0 && strings.Contains(")]}", word) {
		mate = open[n-1]
		open = open[:n-1]
	}
	if n := len(open); n > 0 {
		top = open[n-1]
	}
	r.words, r.kinds = append(r.words, word), append(r.kinds, kind)
	r.opens, r.mates = append(r.opens, top), append(r.mates, mate)
	if word == "(" || word == "[" || word == "{" {
		open = append(open, i)
	}
	return open
}

// unfinished says whether the token at the cursor is the one being typed.
func unfinished(t parse.Token, word string, cursor int) bool {
	switch t.Kind {
	case parse.Ident, parse.Keyword, parse.Function:
		return true
	case parse.Comment:
		return t.At.End > cursor || word[1] == '/'
	case parse.Quoted, parse.String:
		return t.At.End > cursor
	case parse.Bad:
		return strings.IndexByte("\"'`/", word[0]) >= 0
	}
	return false
}

// word returns token i, "" outside of the text.
func (r *reader) word(i int) string {
	if i < 0 || i >= len(r.words) {
		return ""
	}
	return r.words[i]
}

// name returns token i as a name, "" when it is none.
func (r *reader) name(i int) string {
	if i < 0 || i >= len(r.words) {
		return ""
	}
	switch r.kinds[i] {
	case parse.Ident, parse.Function, parse.Quoted:
		return strings.Trim(r.words[i], "`")
	case parse.Keyword:
		if r.word(i-1) == "." || !ast.Reserved(r.words[i]) || r.words[i] == "this" {
			return r.words[i]
		}
	}
	return ""
}

// ending returns the place of the path that ends before token end.
func (r *reader) ending(end int) place {
	i := end - 1
	switch r.word(i) {
	case "":
		return place{}
	case "]":
		if open := r.mates[i]; open > 0 && r.operand(open) {
			return r.ending(open)
		}
		return place{}
	case ")":
		if open := r.mates[i]; open < 0 || open > 0 && r.kinds[open-1] == parse.Function || r.word(open-1) == "chain" {
			return r.result(open)
		}
		return r.grouped(r.mates[i], i)
	}
	name := r.name(i)
	switch {
	case name == "":
		return place{}
	case r.word(i-1) != ".":
		return r.named(name, i)
	case r.word(i-2) == "^":
		return r.item(i, r.carets(i-1)).field(name, r.cat)
	}
	return r.ending(i-1).field(name, r.cat)
}

// field returns the place of a member, through lists.
func (p place) field(name string, cat check.Catalog) place {
	if name == "xEvent" && len(p.path) == 0 && p.path != nil {
		name = cat.Events()
	}
	from, listed := p, false
	for from.t != nil && from.t.Kind == check.List {
		from.t, listed = from.t.Elem, true
	}
	if from.t == nil {
		return place{}
	}
	if from.t.Kind == check.Map {
		out := from.entry()
		out.keyed = true
		if listed {
			out.t = check.ListOf(out.t)
		}
		return out
	}
	f := from.t.Field(name)
	if f == nil {
		return place{}
	}
	out := place{t: f.Type, keyed: p.keyed}
	if p.path != nil {
		out.path = append(slices.Clone(p.path), name)
	}
	if listed && f.Type.Kind != check.List {
		out.t = check.ListOf(f.Type)
	}
	return out
}

// operand says whether an operand ends before token i.
func (r *reader) operand(i int) bool {
	w := r.word(i - 1)
	if w == ")" || w == "]" || w == "}" || r.name(i-1) != "" {
		return true
	}
	if i < 1 {
		return false
	}
	switch r.kinds[i-1] {
	case parse.Int, parse.Float, parse.String:
		return true
	}
	return slices.Contains([]string{"true", "false", "now", "today", "yesterday", "tomorrow"}, w)
}

// carets counts the carets before token i.
func (r *reader) carets(i int) int {
	n := 0
	for r.word(i-1-n) == "^" {
		n++
	}
	return n
}

// item returns the item at token i, levels item scopes further out.
func (r *reader) item(i, levels int) place {
	for open := r.opens[i]; open >= 0; open = r.opens[open] {
		over, ok := r.over(open, i)
		if !ok {
			continue
		}
		if levels == 0 {
			return over.elem()
		}
		levels--
	}
	return place{t: r.cat.Profile(), path: []string{}}
}

var itemFunctions = []string{"filter", "exists", "map", "sum", "average", "min", "max", "topN", "bottomN", "groupBy"}

// over returns the list whose elements the bracket at open is about, seen from
// token i, and whether there is one.
func (r *reader) over(open, i int) (place, bool) {
	before := r.word(open - 1)
	switch {
	case r.words[open] == "[":
		return r.ending(open), r.operand(open)
	case r.words[open] != "(":
		return place{}, false
	case before == "chain" || before == "CHAIN":
		comma := r.comma(open, i)
		return r.ending(comma), comma > 0
	case r.word(open-2) == "." && slices.Contains(itemFunctions, before):
		return r.ending(open - 2), true
	}
	return place{}, false
}

// comma returns the first comma in the bracket at open before token i, or 0.
func (r *reader) comma(open, i int) int {
	for k := open + 1; k < i && k < len(r.words); k++ {
		if r.words[k] == "," && r.opens[k] == open {
			return k
		}
	}
	return 0
}

// named returns the place of a bare name at token i: a variable, or a field of the
// item.
func (r *reader) named(name string, i int) place {
	switch name {
	case "this":
		return r.item(i, 0)
	case "profile":
		return place{t: r.cat.Profile(), path: []string{}}
	}
	for k := i - 1; k >= 0; k-- {
		if r.words[k] == "=>" && r.visible(k, i) {
			if p, ok := r.parameter(name, k); ok {
				return p
			}
		}
		if k+1 >= i || !declaresBy(r.words[k+1]) || r.name(k) != name || !r.visible(k, i) {
			continue
		}
		end := r.pathEnd(k+2, i)
		switch {
		case end <= k+2:
		case r.words[k+1] != "=":
			return r.ending(end).elem()
		case strings.EqualFold(r.word(k-1), "let") && strings.EqualFold(r.word(end), "in"):
			return r.ending(end)
		}
	}
	found := r.item(i, 0).field(name, r.cat)
	if path := r.later[name]; found.t == nil && path != nil {
		found = r.item(i, 0)
		for _, name := range path {
			found = found.field(name, r.cat)
		}
		found = found.elem()
	}
	return found
}

// declaresBy says whether a word stands between a variable and what it is.
func declaresBy(word string) bool { return word == "from" || word == "FROM" || word == "=" }

// mostNested is how many brackets may be open around a place where anything is offered.
const mostNested = 64

// nested counts the brackets that are open at the cursor.
func (r *reader) nested() (n int) {
	for open := r.opens[len(r.words)]; open >= 0; open = r.opens[open] {
		n++
	}
	return n
}

// visible says whether what token k declares is known at token i: the bracket
// that holds k is still open there.
func (r *reader) visible(k, i int) bool {
	for open := r.opens[i]; ; open = r.opens[open] {
		if open == r.opens[k] {
			return true
		}
		if open < 0 {
			return false
		}
	}
}

// pathEnd returns the token after the path that starts at token k, at most limit.
func (r *reader) pathEnd(k, limit int) int {
	level := r.opens[k]
	for ; k < limit; k++ {
		w := r.words[k]
		inside := r.opens[k] != level
		if !inside && r.name(k) == "" && !strings.Contains(".[]()^", w) {
			break
		}
	}
	return k
}
