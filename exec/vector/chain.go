package vector

import (
	"math/bits"
	"slices"

	"github.com/segq/segq/lang/check"
)

// chain says which lists hold the steps in order: each step takes, of the elements
// after the last one taken, the earliest that meet its condition. See package eval
// for why that is right.
func (e *Evaluator) chain(n *check.Chain, f *frame) *vector {
	x := e.eval(n.X, f)
	l := x.list
	e.bind(n.Slot, e.unread(l), l.frame)
	need := e.wanted(l, f)
	when := e.needing(need, n.Order, l.frame)
	steps := make([][]uint64, len(n.Steps))
	for i, s := range n.Steps {
		steps[i] = e.needing(need, s.Cond, l.frame).bits
	}
	timed := e.masked(l, e.present(when, l.frame).bits)
	for i := range steps {
		own := e.bitmap(l.frame.n)
		copy(own, steps[i])
		for w := range own {
			own[w] &= timed[w]
		}
		steps[i] = own
	}
	out := e.condition(f)
	var sorted []uint32
	for i := range f.n {
		if x.null(i) || e.halted(i) {
			continue
		}
		a, b := l.offsets[i], l.offsets[i+1]
		holds := false
		if ascending(when, timed, a, b) {
			holds = inOrder(n.Steps, steps, a, b)
		} else {
			sorted = sorted[:0]
			for k := a; k < b; k++ {
				if timed[k>>6]>>(k&63)&1 != 0 {
					sorted = append(sorted, k)
				}
			}
			slices.SortStableFunc(sorted, func(p, q uint32) int { return order(when, int(p), when, int(q)) })
			holds = inOrderOf(n.Steps, steps, sorted)
		}
		out.bits[i>>6] |= bit(holds) << (i & 63)
	}
	return out
}

// ascending says whether the elements from a to before b that are in mask are in
// order.
func ascending(when *vector, mask []uint64, a, b uint32) bool {
	if when.ints != nil && slices.IsSorted(when.ints[a:b]) {
		return true
	}
	last := -1
	for k := a; k < b; k++ {
		if mask[k>>6]>>(k&63)&1 == 0 {
			continue
		}
		if last >= 0 && order(when, last, when, int(k)) > 0 {
			return false
		}
		last = int(k)
	}
	return true
}

// inOrder takes the steps from elements that are in order.
func inOrder(steps []check.Step, meets [][]uint64, next, end uint32) bool {
	for i, s := range steps {
		for range s.Count {
			if next = nextOne(meets[i], next, end); next == end {
				return false
			}
			next++
		}
	}
	return true
}

// nextOne returns the first bit that is one from a on, or end.
func nextOne(b []uint64, a, end uint32) uint32 {
	for a < end {
		if rest := b[a>>6] >> (a & 63); rest != 0 {
			return min(a+uint32(bits.TrailingZeros64(rest)), end)
		}
		a = a&^63 + 64
	}
	return end
}

// inOrderOf is inOrder for elements that were sorted.
func inOrderOf(steps []check.Step, bits [][]uint64, sorted []uint32) bool {
	for i, s := range steps {
		taken := int64(0)
		for ; taken < s.Count && len(sorted) > 0; sorted = sorted[1:] {
			if k := sorted[0]; bits[i][k>>6]>>(k&63)&1 != 0 {
				taken++
			}
		}
		if taken < s.Count {
			return false
		}
	}
	return true
}
