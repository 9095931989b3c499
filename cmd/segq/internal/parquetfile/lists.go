package parquetfile

import (
	"slices"

	"github.com/segq/segq/exec/column"
)

// lists returns lists of texts of a dictionary, none of which is null, if a column is of that kind: the tags of
// profiles, or the audiences that they are in. They are most of a file that has them, and have levels that
// follow from their lengths.
func (n *node) lists(c column.Column, s slots) (*column.List, *column.Strings) {
	lists, ok := c.(*column.List)
	if !ok || s.at != nil || lists.Valid != nil || n.children[0].leaf == nil {
		return nil, nil
	}
	texts, ok := lists.Elem.(*column.Strings)
	if !ok || texts.Valid != nil {
		return nil, nil
	}
	return lists, texts
}

// addLists adds the first rows of lists of a node.
func (l *leafPages) addLists(n *node, lists *column.List, texts *column.Strings, rows int) {
	if l.of != texts.Dict {
		l.end()
		l.of = texts.Dict
	}
	offsets := lists.Offsets[:rows+1]
	empty := 0
	for i, end := range offsets[1:] {
		if end == offsets[i] {
			empty++
		}
	}
	first, last := int(offsets[0]), int(offsets[rows])
	l.page.values += last - first + empty
	l.missing += int32(empty)
	before := len(l.reps)
	l.reps, l.defs = filled(l.reps, last-first+empty, n.rep), filled(l.defs, last-first+empty, n.children[0].def)
	reps, defs, at := l.reps[before:], l.defs[len(l.defs)-(last-first+empty):], 0
	for i, end := range offsets[1:] {
		reps[at] = 0
		if end == offsets[i] {
			defs[at] = n.def
			at++
		}
		at += int(end - offsets[i])
	}
	l.codes = appendAll(l.codes, texts.Codes, first, last)
}

// filled appends a byte so many times.
func filled(to []byte, n int, b byte) []byte {
	before := len(to)
	to = slices.Grow(to, n)[:before+n]
	added := to[before:]
	if n > 0 {
		added[0] = b
	}
	for have := 1; have < n; have *= 2 {
		copy(added[have:], added[:have])
	}
	return to
}

// appendAll appends some codes.
func appendAll(to []uint32, codes column.Codes, first, last int) []uint32 {
	before := len(to)
	to = slices.Grow(to, last-first)[:before+last-first]
	added := to[before:]
	switch {
	case codes.U8 != nil:
		for i, c := range codes.U8[first:last] {
			added[i] = uint32(c)
		}
	case codes.U16 != nil:
		for i, c := range codes.U16[first:last] {
			added[i] = uint32(c)
		}
	default:
		copy(added, codes.U32[first:last])
	}
	return to
}
