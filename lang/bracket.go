package lang

import (
	"strings"

	"github.com/segq/segq/lang/parse"
)

const (
	opening = "([{"
	closing = ")]}"
)

// Bracket returns the place of the bracket at the byte offset cursor of text, else of the one that ends there,
// and that of its mate; -1 for none. Brackets in strings, comments and names are none.
func Bracket(text string, cursor int) (at, mate int) {
	at = cursor
	if !bracketAt(text, at) {
		at = cursor - 1
	}
	if !bracketAt(text, at) {
		return -1, -1
	}
	known := false
	var open brackets
	mate = -1
	for _, t := range parse.Tokens(text) {
		if t.Kind != parse.Punct {
			continue
		}
		i := t.At.Start
		known = known || i == at
		from := open.next(text[i], i)
		switch {
		case from < 0:
		case from == at:
			mate = i
		case i == at:
			mate = from
		}
	}
	if !known {
		return -1, -1
	}
	return at, mate
}

func bracketAt(text string, i int) bool {
	return i >= 0 && i < len(text) && strings.IndexByte(opening+closing, text[i]) >= 0
}

// brackets are the places of those that are open, by kind, the innermost last.
type brackets [len(opening)][]int

// next takes a bracket and returns the place of the one that it closes, -1 for none. What is still open inside is
// never closed.
func (b *brackets) next(c byte, at int) int {
	if k := strings.IndexByte(opening, c); k >= 0 {
		b[k] = append(b[k], at)
	}
	k := strings.IndexByte(closing, c)
	if k < 0 || len(b[k]) == 0 {
		return -1
	}
	from := b[k][len(b[k])-1]
	for other, open := range b {
		n := len(open)
		for n > 0 && open[n-1] >= from {
			n--
		}
		b[other] = open[:n]
	}
	return from
}
