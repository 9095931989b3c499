package load

import "github.com/segq/segq/exec/column"

// whole is the column of a leaf over all row groups of a file, read directly. The nodes
// of the leaf refer to it instead of having lanes, each by the number of its row group.
// Where a field needs more than its column as it is, the lanes are made of it (toLanes).
type whole struct {
	col    column.Column
	kind   kinds
	bases  []int // by row group, and the end: where its slots begin
	counts []int // by row group: of values
	bytes  int64
}

// dense returns the column with a slot for each row, which it has from then on.
func (w *whole) dense() column.Column {
	w.col = column.Dense(w.col)
	return w.col
}

// slots is the number of slots of all row groups.
func (w *whole) slots() int { return w.bases[len(w.bases)-1] }

// values is the number of values of all row groups.
func (w *whole) values() int {
	n := 0
	for _, count := range w.counts {
		n += count
	}
	return n
}

// share is what a row group holds of the column.
func (w *whole) share(group int) int64 {
	if w.slots() == 0 {
		return 0
	}
	part := float64(w.bases[group+1]-w.bases[group]) / float64(w.slots())
	return int64(part * float64(w.bytes))
}

// lanesBelow gives n, and all below it, lanes instead of columns.
func (n *node) lanesBelow() {
	n.toLanes()
	n.enlargeForms()
	for _, c := range n.children {
		c.lanesBelow()
	}
	for _, other := range n.others {
		other.lanesBelow()
	}
	for _, inner := range []*node{n.elem, n.keys} {
		if inner != nil {
			inner.lanesBelow()
		}
	}
}

// toLanes gives n lanes with the values of its column, or of what was shrunk.
func (n *node) toLanes() {
	if n.there != nil {
		n.present, n.there = n.there.lane(), nil
	}
	n.enlarge()
	w := n.whole
	if w == nil {
		return
	}
	n.whole = nil
	from, end := w.bases[n.group], w.bases[n.group+1]
	switch c := w.dense().(type) {
	case *column.Bools:
		laneOf(&n.bools, c, from, end, c.Bits.Get)
	case *column.Ints:
		laneOf(&n.ints, c, from, end, c.At)
	case *column.Floats:
		laneOf(&n.floats, c, from, end, func(i int) float64 { return c.V[i] })
	case *column.Timestamps:
		laneOf(&n.times, c, from, end, func(i int) int64 { return c.V[i] })
	case *column.Strings:
		n.dict = newDict()
		codes := map[uint32]uint32{}
		laneOf(&n.texts, c, from, end, func(i int) uint32 {
			of := c.Codes.At(i)
			code, ok := codes[of]
			if !ok {
				code = n.dict.add(stringAt(c.Dict, of))
				codes[of] = code
			}
			return code
		})
		n.noteTexts()
	case *column.Texts:
		n.dict = newDict()
		laneOf(&n.texts, c, from, end, func(i int) uint32 { return n.dict.add(textAt(c, i)) })
		n.noteTexts()
	}
	n.sealValues(end - from)
}

func laneOf[T any](l *lane[T], c column.Column, from, end int, at func(int) T) {
	for i := from; i < end; i++ {
		if !c.Null(i) {
			l.add(uint32(i-from), at(i))
		}
	}
}

// settleWholes gives lanes to the pieces of a path of which something has to be moved or
// mixed: where they are not all of one form, or what they are was said.
func settleWholes(said bool, pieces []piece) {
	one := !said
	form := kinds(0)
	for i, p := range pieces {
		n := p.node
		own := n.seen & kindForms
		if i == 0 {
			form = own
		}
		one = one && own == form && len(n.others) == 0 && (form == 0 || n.seen == form && n.len() == 0)
	}
	if one {
		return
	}
	for _, p := range pieces {
		p.node.lanesBelow()
	}
}

// settleScalars gives lanes to the pieces of a field of scalars unless they are columns of
// one kind, of which the field can be made.
func settleScalars(pieces []piece) {
	var first *node
	for _, p := range pieces {
		n := p.node
		if n.whole == nil && n.len() == 0 {
			continue // as of a file without rows
		}
		if first == nil {
			first = n
		}
		if (n.whole == nil && n.small == nil) || !n.sameAs(first) {
			for _, p := range pieces {
				p.node.toLanes()
			}
			return
		}
	}
}

// sameAs says whether the values of two nodes are both in columns, or both shrunk, and of one
// kind.
func (n *node) sameAs(other *node) bool {
	if n.whole != nil && other.whole != nil {
		return n.whole.kind == other.whole.kind
	}
	return n.small != nil && other.small != nil && n.small.kind == other.small.kind
}

// count adds the values of a node that is part of a column.
func (s *survey) count(w *whole, group int) {
	s.countKind(w.kind, w.counts[group])
}

func (s *survey) countKind(kind kinds, n int) {
	switch kind {
	case kindBool:
		s.bools += n
	case kindInt:
		s.ints += n
	case kindFloat:
		s.floats += n
	case kindInstant:
		s.times += n
	case kindISO:
		s.iso += n
	case kindString, kindText:
		s.plain += n
	}
}

// ofWholes returns those of some parts that are columns, as the others have no values, or
// all where none is one.
func ofWholes(parts []part) []part {
	var wholes []part
	for _, p := range parts {
		if p.node.whole != nil {
			wholes = append(wholes, p)
		}
	}
	if wholes == nil {
		return parts
	}
	return wholes
}

// joined builds the column of a field of parts that are columns.
func joined(parts []part, n, values int) (column.Column, error) {
	if isWhole(parts, n) {
		return parts[0].node.whole.col, nil
	}
	return concatenated(parts, n, values)
}

// isWhole says whether parts are all of one column, which has as many slots as there
// are.
func isWhole(parts []part, n int) bool {
	w := parts[0].node.whole
	if w.slots() != n || len(parts) != len(w.counts) {
		return false
	}
	for g, p := range parts {
		if p.node.whole != w || p.node.group != g || p.base != w.bases[g] {
			return false
		}
	}
	return true
}

// stringAt returns a string of a dictionary, which nobody may change.
func stringAt(d *column.Dict, code uint32) []byte { return d.Bytes[d.Offsets[code]:d.Offsets[code+1]] }

// textAt returns the text of a row, which nobody may change.
func textAt(c *column.Texts, i int) []byte { return c.Bytes[c.Offsets[i]:c.Offsets[i+1]] }
