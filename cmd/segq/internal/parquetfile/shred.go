package parquetfile

import (
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// slots are the places that an element has in the levels of its leaves: n of them.
type slots struct {
	n int
	// reps and defs are the levels so far; nil is 0 everywhere.
	reps, defs []byte
	// at is the row of the column that each stands for, -1 for none: what it is in is null or
	// empty. nil is each its own.
	at []int32
}

// row returns the row of a slot.
func (s *slots) row(i int) int {
	if s.at == nil {
		return i
	}
	return int(s.at[i])
}

// shred adds a column, of which slots are asked for, to the leaves of a node.
func (p *Pages) shred(n *node, c column.Column, s slots) {
	c = dense(c)
	if n.leaf != nil {
		p.leaves[n.leafAt].add(n, c, s)
		return
	}
	if n.t.Kind == check.List {
		if lists, texts := n.lists(c, s); lists != nil {
			p.leaves[n.children[0].leafAt].addLists(n, lists, texts, s.n)
			return
		}
	}
	s = present(n, c, s)
	switch n.t.Kind {
	case check.Object:
		for k, child := range n.children {
			var field column.Column = &column.Nulls{N: c.Len()}
			if c, ok := c.(*column.Struct); ok {
				field = c.Fields[k]
			}
			p.shred(child, field, s)
		}
	case check.List:
		var none column.Column = &column.Nulls{}
		if c, ok := c.(*column.List); ok {
			p.shred(n.children[0], c.Elem, elements(n, c.Offsets, s))
			return
		}
		p.shred(n.children[0], none, s)
	case check.Map:
		var keys, values column.Column = &column.Nulls{}, &column.Nulls{}
		if c, ok := c.(*column.Map); ok {
			keys, values, s = c.Keys, c.Values, elements(n, c.Offsets, s)
		}
		p.shred(n.children[0], keys, s)
		p.shred(n.children[1], values, s)
	}
}

// dense returns a column with a slot for each row.
func dense(c column.Column) column.Column {
	switch c.(type) {
	case *column.Sparse, *column.Constant:
		return column.Dense(c)
	}
	return c
}

// present returns slots of which those without a value stand for no row.
func present(n *node, c column.Column, s slots) slots {
	out := slots{n: s.n, reps: s.reps, defs: make([]byte, s.n), at: make([]int32, s.n)}
	for i := range s.n {
		row := s.row(i)
		if row < 0 || c.Null(row) {
			out.at[i] = -1
			if s.defs != nil {
				out.defs[i] = s.defs[i]
			}
			continue
		}
		out.at[i], out.defs[i] = int32(row), n.def
	}
	return out
}

// elements returns the slots of the elements of lists, or of the entries of maps: an empty one
// has one that stands for none.
func elements(n *node, offsets []uint32, s slots) slots {
	total := 0
	for _, row := range s.at {
		total++
		if row >= 0 {
			total += max(int(offsets[row+1]-offsets[row])-1, 0)
		}
	}
	out := slots{reps: make([]byte, 0, total), defs: make([]byte, 0, total), at: make([]int32, 0, total)}
	for i, row := range s.at {
		rep := byte(0)
		if s.reps != nil {
			rep = s.reps[i]
		}
		if row < 0 || offsets[row] == offsets[row+1] {
			out.reps, out.defs, out.at = append(out.reps, rep), append(out.defs, s.defs[i]), append(out.at, -1)
			continue
		}
		for k := offsets[row]; k < offsets[row+1]; k++ {
			out.reps, out.defs, out.at = append(out.reps, rep), append(out.defs, n.def+1), append(out.at, int32(k))
			rep = n.rep
		}
	}
	out.n = len(out.at)
	return out
}
