package plan

import (
	"math"
	"slices"
)

// segments is a domain cut at the ends of the spans of some sets.
type segments struct {
	starts []int64
	sides  map[id]side // of each set
}

// side is a set in segments: those that it is made of, or where these are fewer, those that
// it is not made of. Thousands of rules that differ from one value each would otherwise be
// all values of thousands of sets.
type side struct {
	// runs go from the first of each pair to before the second.
	runs    [][2]int
	without bool
}

// sideOf returns the smaller side of runs, which are in order, of n segments.
func sideOf(runs [][2]int, n int) side {
	size, at := 0, 0
	var others [][2]int
	for _, r := range runs {
		size += r[1] - r[0]
		if r[0] > at {
			others = append(others, [2]int{at, r[0]})
		}
		at = r[1]
	}
	if 2*size <= n {
		return side{runs: runs}
	}
	if at < n {
		others = append(others, [2]int{at, n})
	}
	return side{others, true}
}

func newSegments(nodes []node, d span, leaves []id) *segments {
	s := &segments{starts: []int64{d.lo}, sides: make(map[id]side, len(leaves))}
	for _, leaf := range leaves {
		for _, x := range nodes[leaf].set.spans {
			s.starts = append(s.starts, x.lo)
			if x.hi != math.MaxInt64 {
				s.starts = append(s.starts, x.hi+1)
			}
		}
	}
	slices.Sort(s.starts)
	s.starts = slices.Compact(s.starts)
	for _, leaf := range leaves {
		spans := nodes[leaf].set.spans
		pairs := make([][2]int, len(spans))
		for i, x := range spans {
			from, _ := slices.BinarySearch(s.starts, x.lo)
			to := len(s.starts)
			if x.hi != math.MaxInt64 {
				to, _ = slices.BinarySearch(s.starts, x.hi+1)
			}
			pairs[i] = [2]int{from, to}
		}
		s.sides[leaf] = sideOf(pairs, len(s.starts))
	}
	return s
}
