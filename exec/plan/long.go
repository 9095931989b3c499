package plan

import (
	"slices"

	"github.com/segq/segq/lang/check"
)

// Long returns what of a rule may take a thousand times as long as the rest, none for most:
// what the reference evaluator answers row by row, and what runs over a list for each
// element of another. Rules that have one of these in common compute it once when they are
// scanned together.
func (p *Plan) Long(rule int) []int {
	var long []int
	for _, i := range p.asked[rule] {
		if p.nodes[i].long {
			long = append(long, int(i))
		}
	}
	return long
}

// multiplies says whether n runs over a list once for each element of another: whether
// an iteration in it reads an element from around it that its list does not come from.
func multiplies(n check.Node) bool {
	m := multiplier{seen: map[*check.Query]bool{}}
	return m.in(n, nil)
}

// multiplier looks for such iterations, in each definition of a segment once.
type multiplier struct{ seen map[*check.Query]bool }

// in looks in n, around which elements are bound.
func (m *multiplier) in(n check.Node, elements []int) bool {
	if s, ok := n.(*check.Segment); ok {
		if m.seen[s.Query] {
			return false
		}
		m.seen[s.Query] = true
		return m.in(s.Query.Cond, nil)
	}
	if lists := iterated(n); lists != nil {
		free := check.Free(n)
		for _, list := range lists {
			from := check.Free(list)
			for _, s := range free {
				if slices.Contains(elements, s) && !slices.Contains(from, s) {
					return true
				}
			}
		}
		elements = slices.Concat(elements, check.Binds(n))
	}
	for c := range check.Children(n) {
		if m.in(c, elements) {
			return true
		}
	}
	return false
}

// iterated returns the lists that n runs over, nil when it is no iteration.
func iterated(n check.Node) (lists []check.Node) {
	switch n := n.(type) {
	case *check.Iterate:
		return []check.Node{n.X}
	case *check.Chain:
		return []check.Node{n.X}
	case *check.Comprehend:
		for _, d := range n.Decls {
			lists = append(lists, d.From)
		}
	}
	return lists
}
