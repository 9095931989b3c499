package resident

import (
	"math/bits"

	"github.com/segq/segq/exec/column"
)

// edge is a word of bits of which a block has some rows and another block the others. seen
// is how many were seen.
type edge struct {
	word uint64
	seen int
}

// show hands over the bits of the rows that match, in words of 64 rows from row 0 on, each
// once all of its rows were seen: bit 0 of matched is the first of rows.
func (q *query) show(matched column.Bitmap, rows column.Range) error {
	q.telling.Lock()
	defer q.telling.Unlock()
	if q.over() {
		return nil
	}
	words, first := aligned(matched, rows), rows.Start>>6
	if rows.Start&63 != 0 {
		if err := q.showEdge(first, words[0], min(rows.End, first<<6+64)-rows.Start); err != nil {
			return err
		}
		words, first = words[1:], first+1
	}
	if last := len(words) - 1; last >= 0 && rows.End&63 != 0 {
		if err := q.showEdge(first+last, words[last], rows.End&63); err != nil {
			return err
		}
		words = words[:last]
	}
	if len(words) == 0 {
		return nil
	}
	return q.Matches(first<<6, words)
}

// aligned moves bits so that bit 0 is a row whose number is a multiple of 64.
func aligned(matched column.Bitmap, rows column.Range) []uint64 {
	shift := rows.Start & 63
	if shift == 0 {
		return matched
	}
	words := make([]uint64, (shift+rows.Rows()+63)>>6)
	for i, w := range matched {
		high, low := bits.Mul64(w, 1<<shift)
		words[i] |= low
		if i+1 < len(words) {
			words[i+1] = high
		}
	}
	return words
}

// showEdge adds what a block has seen of a word, of so many of its rows.
func (q *query) showEdge(at int, word uint64, rows int) error {
	e := q.edges[at]
	e.word, e.seen = e.word|word, e.seen+rows
	if e.seen == min(64, q.run.snap.Rows()-at<<6) {
		delete(q.edges, at)
		return q.Matches(at<<6, []uint64{e.word})
	}
	if q.edges == nil {
		q.edges = map[int]edge{}
	}
	q.edges[at] = e
	return nil
}
