package repl

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/segq/segq/repl/editor"
	"github.com/segq/segq/repl/history"
	"github.com/segq/segq/repl/show"
)

// match is an entry that a pattern fits.
type match struct {
	entry *history.Entry
	// spread is how far the letters are apart, 0 for words that are there as they are.
	spread int
}

// matches returns the entries of a kind that a pattern fits: those that have its words, the newest first, then those
// that have its letters in their order, the closest first; and last, in the same order, those that were wrong.
func matches(entries []*history.Entry, kind history.Kind, pattern string) (found []match) {
	words := wordsOf(pattern)
	var letters []int // one place for all
	for _, e := range slices.Backward(entries) {
		if e.Kind != kind {
			continue
		}
		var spread int
		var ok bool
		if letters, spread, ok = seek(e.Folded(), words, letters[:0]); ok {
			found = append(found, match{e, spread})
		}
	}
	slices.SortStableFunc(found, func(a, b match) int {
		return cmp.Or(cmp.Compare(a.wrong(), b.wrong()), cmp.Compare(a.spread, b.spread))
	})
	return found
}

// wrong is 1 for an input that was wrong, else 0.
func (f match) wrong() int {
	if f.entry.State == history.Wrong {
		return 1
	}
	return 0
}

// wordsOf returns the words of a pattern in lower case.
func wordsOf(pattern string) []string { return strings.Fields(strings.ToLower(pattern)) }

// seek looks for words in a text in lower case, else for their letters in their order. It adds their places to a
// list.
func seek(text string, words []string, letters []int) (found []int, spread int, ok bool) {
	found = letters
	for _, w := range words {
		at := strings.Index(text, w)
		if at < 0 {
			return scatter(text, strings.Join(words, ""), letters)
		}
		for i := range len(w) {
			found = append(found, at+i)
		}
	}
	return found, 0, true
}

// scatter looks for letters in their order: the first end of them, and from there back as close as they are.
func scatter(text, wanted string, letters []int) (found []int, spread int, ok bool) {
	end := 0
	for _, r := range wanted {
		i := strings.IndexRune(text[end:], r)
		if i < 0 {
			return letters, 0, false
		}
		end += i + utf8.RuneLen(r)
	}
	start := end
	for len(wanted) > 0 {
		r, n := utf8.DecodeLastRuneInString(wanted)
		wanted = wanted[:len(wanted)-n]
		start = strings.LastIndex(text[:start], string(r))
		for i := range n {
			letters = append(letters, start+i)
		}
	}
	return letters, end - start, true
}

// lookedFor is the look of the letters that were looked for, without colours too.
var lookedFor = style{bold: true, underline: true}

// render returns the text on one line, in so many cells, from about the first letter that was looked for, with these
// marked.
func (f *match) render(pattern string, p palette, width int) string {
	line := show.OneLine(f.entry.Text)
	folded := strings.ToLower(line)
	if len(folded) != len(line) { // few letters have another size then
		folded = line
	}
	letters, _, _ := seek(folded, wordsOf(pattern), nil)
	first, marked := len(line), map[int]bool{}
	for _, i := range letters {
		marked[i], first = true, min(first, i)
	}
	start := 0
	if show.Cells(line) > width && first < len(line) && show.Cells(line[:first]) > width*2/3 {
		for start < first && show.Cells(line[start:first]) > width/3 {
			start += editor.ClusterLen(line[start:])
		}
	}
	var b strings.Builder
	if start > 0 {
		b.WriteString("…")
	}
	for i := start; i < len(line); {
		n := editor.ClusterLen(line[i:])
		for st := marked[i]; i+n < len(line) && marked[i+n] == st; {
			n += editor.ClusterLen(line[i+n:])
		}
		st := plain
		if marked[i] {
			st = lookedFor
		}
		b.WriteString(p.paint(st, line[i:i+n]))
		i += n
	}
	return show.Fit(b.String(), width)
}
