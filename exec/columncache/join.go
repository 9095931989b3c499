package columncache

import (
	"slices"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// piece is the column of some file at a place in the profile, and the type that it has there.
type piece struct {
	c column.Column
	t *check.Type
}

// join returns the column of a type that has what the pieces have: what they have in common is that of the
// first of them. n is the number of its rows, -1 where no piece tells.
func join(t *check.Type, pieces []piece, n int) column.Column {
	if len(pieces) == 0 {
		return &column.Unloaded{N: n}
	}
	first := pieces[0]
	if at := slices.IndexFunc(pieces, func(p piece) bool { _, none := p.c.(*column.Nulls); return !none }); at > 0 {
		first = pieces[at] // where all objects are null, either form may stand for them
	}
	switch first := first.c.(type) {
	case *column.Struct:
		s := &column.Struct{Valid: first.Valid, N: first.N, Fields: make([]column.Column, len(t.Fields))}
		of := make([][]piece, len(t.Fields))
		for _, p := range pieces {
			s, ok := p.c.(*column.Struct)
			if !ok {
				continue
			}
			for i, f := range p.t.Fields {
				at := t.Field(f.Name).Index
				of[at] = append(of[at], piece{s.Fields[i], f.Type})
			}
		}
		for i, f := range t.Fields {
			s.Fields[i] = join(f.Type, of[i], first.N)
		}
		return s
	case *column.List:
		below := make([]piece, 0, len(pieces))
		for _, p := range pieces {
			if l, ok := p.c.(*column.List); ok {
				below = append(below, piece{l.Elem, p.t.Elem})
			}
		}
		return &column.List{Valid: first.Valid, Offsets: first.Offsets, Ends: first.Ends, Elem: join(t.Elem, below, first.Elem.Len())}
	}
	return first.c
}
