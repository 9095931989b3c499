package plan

import (
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/kernel"
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
	m.accepted.spans = m.accepted.spans[:0]
	for _, x := range stretches {
		m.accepted.spans = append(m.accepted.spans, spanOf(x))
	}
	if n.holds == nil {
		n.holds = inMoving(m.col, &m.accepted)
		n.each = eachMoving(m.col, &m.accepted)
	}
}

// eachMoving is eachIn for a set that changes.
func eachMoving(col column.Column, set *valueSet) func(dst []uint64, rows int) {
	c, ok := col.(*column.Timestamps)
	if !ok {
		return nil
	}
	return func(dst []uint64, rows int) {
		for _, x := range set.spans {
			eachBetween(dst, c.V[:rows], c.Valid, x.lo, x.hi)
		}
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
	floats := col.(*column.Floats)
	return func(row int) bool {
		if !floats.Valid.Get(row) {
			return set.null
		}
		return has(column.FloatKey(floats.V[row]))
	}
}

// eachIn returns what sets the bits of the rows whose value is in a set that is one span of numbers without null; nil for
// other sets.
func eachIn(col column.Column, set *valueSet) func(dst []uint64, rows int) {
	if len(set.spans) != 1 || set.null {
		return nil
	}
	lo, hi := set.spans[0].lo, set.spans[0].hi
	switch c := col.(type) {
	case *column.Ints:
		return func(dst []uint64, rows int) { eachBetween(dst, c.I64[:rows], c.Valid, lo, hi) }
	case *column.Timestamps:
		return func(dst []uint64, rows int) { eachBetween(dst, c.V[:rows], c.Valid, lo, hi) }
	case *column.Floats:
		return func(dst []uint64, rows int) {
			for row, v := range c.V[:rows] {
				if k := column.FloatKey(v); lo <= k && k <= hi {
					dst[row>>6] |= 1 << (row & 63)
				}
			}
			kernel.And(dst, c.Valid[:len(dst)])
		}
	}
	return nil
}

func eachBetween(dst []uint64, values []int64, valid column.Bitmap, lo, hi int64) {
	for row, v := range values {
		if lo <= v && v <= hi {
			dst[row>>6] |= 1 << (row & 63)
		}
	}
	kernel.And(dst, valid[:len(dst)])
}
