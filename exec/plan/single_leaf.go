package plan

import (
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// singleLeaf is what a node says of the values of a column.
type singleLeaf struct {
	op   op
	col  column.Column
	null bool
	// Of plain values: their column, as an index, and what is accepted of them, which for a window is so when now
	// was last moved.
	keys   int32
	spans  []span
	moved  uint64
	window *check.Occurs
	prober *prober // of a window that is no spans
	// Of texts: the test, and the group that answers it with others, as an index; -1 for none.
	match func(string) bool
	group int32
}

// singleKeys is the values of a column of plain values for the profile, as keys, and which of them are any.
type singleKeys struct {
	col   column.Column
	known bool // for this profile
	keys  []int64
	valid column.Bitmap
}

// addLeaf adds what a node says of its column, and returns its index.
func (s *Single) addLeaf(n *node) int32 {
	l := singleLeaf{op: n.op, col: n.col, spans: n.set.spans, null: n.set.null, window: n.window, group: -1}
	switch n.op {
	case opText:
		l.match = n.test.Match
	case opSet, opMoving:
		l.keys = s.keysOf(n.col)
	}
	s.leaves = append(s.leaves, l)
	return int32(len(s.leaves) - 1)
}

// keysOf returns the index of the keys of a column.
func (s *Single) keysOf(c column.Column) int32 {
	for i := range s.keys {
		if s.keys[i].col == c {
			return int32(i)
		}
	}
	s.keys = append(s.keys, singleKeys{col: c})
	return int32(len(s.keys) - 1)
}

// read reads the keys of so many rows.
func (k *singleKeys) read(rows int) {
	k.known = true
	k.keys = sized(k.keys, rows)
	if k.valid = column.Validity(k.col); rows == 0 {
		k.valid = column.Bitmap{0}
	}
	switch c := k.col.(type) {
	case *column.Ints:
		copy(k.keys, c.I64)
	case *column.Timestamps:
		copy(k.keys, c.V)
	case *column.Floats:
		for i, v := range c.V[:rows] {
			k.keys[i] = column.FloatKey(v)
		}
	case *column.Bools:
		for i := range k.keys {
			k.keys[i] = int64(c.Bits[i>>6] >> (i & 63) & 1)
		}
	default:
		panic("plan: a column that no single profile has")
	}
}

// readLeaf sets the bits of the elements of a scope for which a leaf holds.
func (s *Single) readLeaf(l *singleLeaf, dst []uint64, rows int) {
	switch l.op {
	case opValid:
		clear(dst)
		for row := range rows {
			if !l.col.Null(row) {
				dst[row>>6] |= 1 << (row & 63)
			}
		}
		return
	case opText:
		c := l.col.(*column.Texts)
		clear(dst)
		for row := range rows {
			if !c.Null(row) && l.match(c.At(row)) {
				dst[row>>6] |= 1 << (row & 63)
			}
		}
		return
	case opMoving:
		s.move(l)
	}
	k := &s.keys[l.keys]
	if !k.known {
		k.read(rows)
	}
	for w := range dst {
		keys := k.keys[w<<6 : min(rows, (w+1)<<6)]
		word := l.accepted(keys) & k.valid[w]
		if l.null {
			word |= ones(len(keys)) &^ k.valid[w]
		}
		dst[w] = word
	}
}

// accepted returns which of up to 64 keys are.
func (l *singleLeaf) accepted(keys []int64) (word uint64) {
	if l.prober != nil {
		for i, key := range keys {
			if l.prober.holds(key) {
				word |= 1 << i
			}
		}
		return word
	}
	for _, x := range l.spans {
		word |= x.among(keys)
	}
	return word
}

// among returns which of up to 64 keys are in the span.
func (x span) among(keys []int64) (word uint64) {
	width := uint64(x.hi) - uint64(x.lo)
	for i, key := range keys {
		var in uint64
		if uint64(key)-uint64(x.lo) <= width {
			in = 1
		}
		word |= in << (i & 63)
	}
	return word
}

// moving returns the node for: the instant at p is in a window that depends on now.
func (c *compiler) moving(p place, w check.Window) id {
	x := probe(w)
	return c.graph.intern(node{
		op: opMoving, scope: p.scope, col: p.col, window: x, cost: 2 * textCost, // it moves first
		text: p.name() + " occurs in a window",
	}, c.identities.Of(x))
}

// move finds out what a window accepts now.
func (s *Single) move(l *singleLeaf) {
	if l.moved == s.moved {
		return
	}
	l.moved = s.moved
	stretches, ok := l.window.Window.Resolve(s.now.UnixMilli())
	if !ok {
		l.prober = newProber(l.window.Window, s.now)
		return
	}
	l.prober, l.spans = nil, l.spans[:0]
	for _, x := range stretches {
		l.spans = append(l.spans, spanOf(x))
	}
}
