package plan

import (
	"github.com/segq/segq/exec/column"
)

// newSingleLeaf returns what a node says of one row of its column.
func newSingleLeaf(n *node) func(row int) bool {
	switch n.op {
	case opValid:
		return func(row int) bool { return !n.col.Null(row) }
	case opText:
		c := n.col.(*column.Texts)
		return func(row int) bool { return !c.Null(row) && n.test.Match(c.At(row)) }
	case opSet:
		return inSet(n.col, &n.set)
	}
	panic("plan: a node that no single profile has")
}

// move finds out what a window accepts now.
func (s *Single) move(n *singleNode) {
	m := n.more
	if m.moved == s.moved {
		return
	}
	m.moved = s.moved
	stretches, ok := m.window.Window.Resolve(s.now.UnixMilli())
	if !ok {
		p, col := newProber(m.window.Window, s.now), m.col
		n.holds = func(row int) bool { return !col.Null(row) && p.holds(keyAt(col, row)) }
		return
	}
	if n.holds == nil {
		n.holds = inMoving(m.col, &m.accepted)
	}
	m.accepted.spans = m.accepted.spans[:0]
	for _, x := range stretches {
		m.accepted.spans = append(m.accepted.spans, spanOf(x))
	}
}

// inMoving returns whether the value in a row is in a set that changes.
func inMoving(col column.Column, set *valueSet) func(row int) bool {
	in := func(key int64) bool {
		for _, x := range set.spans {
			if x.lo <= key && key <= x.hi {
				return true
			}
		}
		return false
	}
	if c, ok := col.(*column.Timestamps); ok {
		return func(row int) bool { return c.Valid.Get(row) && in(c.V[row]) }
	}
	return func(row int) bool { return !col.Null(row) && in(keyAt(col, row)) }
}

// inSet returns whether the value in a row is in a set.
func inSet(col column.Column, set *valueSet) func(row int) bool {
	has := set.has
	if len(set.spans) == 1 {
		lo, hi := set.spans[0].lo, set.spans[0].hi
		has = func(key int64) bool { return lo <= key && key <= hi }
	}
	switch c := col.(type) {
	case *column.Bools:
		return func(row int) bool {
			if !c.Valid.Get(row) {
				return set.null
			}
			return c.Bits.Get(row) && set.has(1) || !c.Bits.Get(row) && set.has(0)
		}
	case *column.Ints:
		return func(row int) bool {
			if !c.Valid.Get(row) {
				return set.null
			}
			return has(c.I64[row])
		}
	case *column.Timestamps:
		return func(row int) bool {
			if !c.Valid.Get(row) {
				return set.null
			}
			return has(c.V[row])
		}
	}
	return func(row int) bool {
		if col.Null(row) {
			return set.null
		}
		return has(keyAt(col, row))
	}
}
