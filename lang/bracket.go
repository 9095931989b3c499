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
	at = -1
	for _, i := range []int{cursor, cursor - 1} {
		if i >= 0 && i < len(text) && strings.IndexByte(opening+closing, text[i]) >= 0 {
			at = i
			break
		}
	}
	if at < 0 {
		return -1, -1
	}
	known := false
	mate = -1
	var open [3][]int // by kind, the innermost last
	for _, t := range parse.Tokens(text) {
		i := t.At.Start
		if t.Kind != parse.Punct {
			continue
		}
		known = known || i == at
		if k := strings.IndexByte(opening, text[i]); k >= 0 {
			open[k] = append(open[k], i)
		}
		k := strings.IndexByte(closing, text[i])
		if k < 0 || len(open[k]) == 0 {
			continue
		}
		n := len(open[k]) - 1
		from := open[k][n]
		for other := range open { // what is still open inside is never closed
			for m := len(open[other]); m > 0 && open[other][m-1] >= from; m-- {
				open[other] = open[other][:m-1]
			}
		}
		if from == at {
			mate = i
		} else if i == at {
			mate = from
		}
	}
	if !known {
		return -1, -1
	}
	return at, mate
}
