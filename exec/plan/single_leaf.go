package plan

import (
	"github.com/segq/segq/exec/column"
)

// leaf returns what a node says of one row of its column.
func (s *Single) leaf(n *node, st *singleState) func(row int) bool {
	if n.op == opMoving && st.moved != s.moved {
		s.move(n, st)
	}
	if st.holds == nil {
		st.holds = newSingleLeaf(n)
	}
	return st.holds
}

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
func (s *Single) move(n *node, st *singleState) {
	st.moved = s.moved
	stretches, ok := n.window.Window.Resolve(s.now.UnixMilli())
	if !ok {
		p := newProber(n.window.Window, s.now)
		st.holds = func(row int) bool { return !n.col.Null(row) && p.holds(keyAt(n.col, row)) }
		return
	}
	if st.accepted == nil {
		st.accepted = &valueSet{}
		st.holds = inMoving(n.col, st.accepted)
	}
	st.accepted.spans = st.accepted.spans[:0]
	for _, x := range stretches {
		st.accepted.spans = append(st.accepted.spans, spanOf(x))
	}
}

// inMoving returns whether the value in a row is in a set that changes.
func inMoving(col column.Column, set *valueSet) func(row int) bool {
	return func(row int) bool {
		if col.Null(row) {
			return false
		}
		key := keyAt(col, row)
		for _, x := range set.spans {
			if x.lo <= key && key <= x.hi {
				return true
			}
		}
		return false
	}
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
