package plan

import "github.com/segq/segq/exec/kernel"

// over returns the elements of a scope of any number for which a node holds, until it is called again for a constant.
func (s *Single) over(i id, scope int32) []uint64 {
	x := &s.scopes[scope]
	if x.rows <= 64 {
		s.words[i] = s.word(i, scope)
		return s.words[i : i+1]
	}
	if s.known[i] {
		return s.wide[i]
	}
	dst := sized(s.wide[i], (x.rows+63)>>6)
	s.wide[i] = dst
	switch i {
	case never:
		clear(dst)
		return dst
	case always:
		kernel.Fill(dst, x.rows)
		return dst
	}
	s.computeOver(i, dst)
	s.known[i] = s.err == nil
	return dst
}

func (s *Single) computeOver(i id, dst []uint64) {
	n := &s.nodes[i]
	switch n.op {
	case opAnd:
		copy(dst, s.over(s.args[n.begin], n.scope))
		for _, a := range s.args[n.begin+1 : n.end] {
			if !kernel.Any(dst) {
				break
			}
			kernel.And(dst, s.over(a, n.scope))
		}
	case opOr:
		copy(dst, s.over(s.args[n.begin], n.scope))
		for _, a := range s.args[n.begin+1 : n.end] {
			kernel.Or(dst, s.over(a, n.scope))
		}
	case opNot:
		kernel.Fill(dst, s.scopes[n.scope].rows)
		kernel.AndNot(dst, s.over(s.args[n.begin], n.scope))
	case opSpread:
		s.spreadWide(n, dst)
	case opAtLeast:
		s.countOver(n, dst)
	default:
		s.readLeaf(&s.leaves[n.at], dst, s.scopes[n.scope].rows)
	}
}

func (s *Single) spreadWide(n *singleNode, dst []uint64) {
	clear(dst)
	x := &s.scopes[n.scope]
	each(s.over(s.args[n.begin], int32(x.parent)), func(i int) {
		for k := x.list.Offsets[i]; k < x.list.Offsets[i+1]; k++ {
			dst[k>>6] |= 1 << (k & 63)
		}
	})
}

// countedWide is counted where the elements are many, or far below.
func (s *Single) countedWide(n *singleNode) uint64 {
	var dst [1]uint64
	s.countOver(n, dst[:])
	return dst[0]
}

func (s *Single) countOver(n *singleNode, dst []uint64) {
	clear(dst)
	inner := s.over(s.args[n.begin], n.from)
	if !kernel.Any(inner) {
		return // least is at least one
	}
	end := s.within(0, int(n.scope), int(n.from))
	for row := range s.scopes[n.scope].rows {
		begin := end
		end = s.within(row+1, int(n.scope), int(n.from))
		if count(inner, begin, end) >= int(n.least) {
			dst[row>>6] |= 1 << (row & 63)
		}
	}
}

// count counts the bits from begin to before end.
func count(of []uint64, begin, end int) (n int) {
	for k := begin; k < end; k++ {
		n += int(of[k>>6] >> (k & 63) & 1)
	}
	return n
}

// within returns where in the scope inner the elements begin that are in row, of a scope around it.
func (s *Single) within(row, scope, inner int) int {
	x := &s.scopes[inner]
	if x.parent != scope {
		row = s.within(row, scope, x.parent)
	}
	return int(x.list.Offsets[row])
}
