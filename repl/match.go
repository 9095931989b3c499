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
	line  string // its text on one line
	// letters are the bytes of line that were looked for.
	letters []int
	// spread is how far they are apart, 0 for words that are there as they are.
	spread int
}

// matches returns the entries of a kind that a pattern fits: those that have its words, the newest first, then those
// that have its letters in their order, the closest first.
func matches(entries []*history.Entry, kind history.Kind, pattern string) (found []match) {
	words := strings.Fields(strings.ToLower(pattern))
	for _, e := range slices.Backward(entries) {
		if e.Kind != kind {
			continue
		}
		f := match{entry: e, line: show.OneLine(e.Text)}
		if f.fit(words) {
			found = append(found, f)
		}
	}
	slices.SortStableFunc(found, func(a, b match) int { return cmp.Compare(a.spread, b.spread) })
	return found
}

// fit looks for words in the line, else for their letters.
func (f *match) fit(words []string) bool {
	line := strings.ToLower(f.line)
	if len(line) != len(f.line) { // few letters have another size then
		line = f.line
	}
	for _, w := range words {
		at := strings.Index(line, w)
		if at < 0 {
			return f.scatter(line, strings.Join(words, ""))
		}
		for i := range len(w) {
			f.letters = append(f.letters, at+i)
		}
	}
	return true
}

// scatter looks for letters in their order: the first end of them, and from there back as close as they are.
func (f *match) scatter(line, letters string) bool {
	f.letters = nil
	end := 0
	for _, r := range letters {
		i := strings.IndexRune(line[end:], r)
		if i < 0 {
			return false
		}
		end += i + utf8.RuneLen(r)
	}
	start := end
	for len(letters) > 0 {
		r, n := utf8.DecodeLastRuneInString(letters)
		letters = letters[:len(letters)-n]
		start = strings.LastIndex(line[:start], string(r))
		for i := range n {
			f.letters = append(f.letters, start+i)
		}
	}
	f.spread = end - start
	return true
}

// lookedFor is the look of the letters that were looked for, without colours too.
var lookedFor = style{bold: true, underline: true}

// render returns the line in so many cells, from about the first letter that was looked for, with these marked.
func (f *match) render(p palette, width int) string {
	line, first := f.line, len(f.line)
	marked := map[int]bool{}
	for _, i := range f.letters {
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
		st := plain
		if marked[i] {
			st = lookedFor
		}
		b.WriteString(p.paint(st, line[i:i+n]))
		i += n
	}
	return show.Fit(b.String(), width)
}
