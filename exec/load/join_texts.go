package load

import (
	"context"

	"github.com/segq/segq/exec/column"
)

// joinTextKinds joins columns of texts of both kinds: in the order of the rows where most
// texts come from columns that are so, and else by a dictionary.
func joinTextKinds(parts []part, n int, valid column.Bitmap) (column.Column, error) {
	inRows, all := 0, 0
	for _, p := range parts {
		count := p.node.whole.counts[p.node.group]
		all += count
		if _, ok := column.Stored(p.node.whole.col).(*column.Texts); ok {
			inRows += count
		}
	}
	if 2*inRows > all {
		if c, ok := joinRows(parts, n, valid); ok {
			return c, nil
		}
	}
	for _, p := range parts {
		w := p.node.whole
		if t, ok := w.dense().(*column.Texts); ok {
			s, err := column.Sorted(context.Background(), t, 1)
			if err != nil {
				return nil, err
			}
			w.col = s
		}
	}
	return joinTexts(parts, n, valid)
}

// joinRows joins columns of texts in the order of the rows, unless they are too many bytes.
func joinRows(parts []part, n int, valid column.Bitmap) (*column.Texts, bool) {
	size := uint64(0)
	for _, p := range parts {
		eachText(p, func(_ int, text string) { size += uint64(len(text)) })
	}
	if size > column.MaxTextBytes {
		return nil, false
	}
	c := &column.Texts{Valid: valid, Offsets: make([]uint32, n+1), Bytes: make([]byte, size)}
	for _, p := range parts {
		eachText(p, func(slot int, text string) { c.Offsets[slot+1] = uint32(len(text)) })
	}
	for i := range n {
		c.Offsets[i+1] += c.Offsets[i]
	}
	for _, p := range parts {
		eachText(p, func(slot int, text string) { copy(c.Bytes[c.Offsets[slot]:], text) })
	}
	return c, true
}

// eachText calls f with the texts of a part, and their slots among those of all parts.
func eachText(p part, f func(slot int, text string)) {
	c, from, end := p.of()
	var at func(i int) string
	switch c := c.(type) {
	case *column.Strings:
		at = c.At
	case *column.Texts:
		at = c.At
	}
	for i := from; i < end; i++ {
		if !c.Null(i) {
			f(p.base+i-from, at(i))
		}
	}
}
