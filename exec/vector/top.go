package vector

import (
	"math"
	"slices"

	"github.com/segq/segq/lang/check"
)

// extremes returns the elements with the largest or smallest keys, best first; ties
// keep their order and elements with a null key are left out.
func (e *Evaluator) extremes(n *check.Iterate, x, key, count *vector, f *frame) *vector {
	l := x.list
	mask := e.masked(l, e.present(key, l.frame).bits)
	offsets, at := e.words32(f.n+1), e.words32(l.frame.n)
	used := 0
	if top := e.topReals(n, key, count); top != nil {
		for i := range f.n {
			offsets[i] = uint32(used)
			if e.halted(i) || count.null(i) {
				continue
			}
			used += top.pick(at[used:], mask, l.offsets[i], l.offsets[i+1])
		}
		return e.picked(x, count, offsets, at, used, f)
	}
	var few []uint32
	for i := range f.n {
		offsets[i] = uint32(used)
		if e.halted(i) || count.null(i) || count.ints[i] <= 0 {
			continue
		}
		few = few[:0]
		for k := l.offsets[i]; k < l.offsets[i+1]; k++ {
			if mask[k>>6]>>(k&63)&1 == 0 {
				continue
			}
			// The best so far are kept in order; a later one comes after its equals.
			place := len(few)
			if int64(place) == count.ints[i] && !better(n.Op, key, int(k), int(few[place-1])) {
				continue
			}
			for place > 0 && better(n.Op, key, int(k), int(few[place-1])) {
				place--
			}
			if int64(place) < count.ints[i] {
				few = slices.Insert(few, place, k)
				if int64(len(few)) > count.ints[i] {
					few = few[:len(few)-1]
				}
			}
		}
		used += copy(at[used:], few)
	}
	return e.picked(x, count, offsets, at, used, f)
}

// picked returns lists of the elements at some places.
func (e *Evaluator) picked(x, count *vector, offsets, at []uint32, used int, f *frame) *vector {
	l := x.list
	offsets[f.n] = uint32(used)
	out := e.vector(check.List)
	out.valid = e.both(f, x, count)
	out.list = &list{frame: e.below(f, offsets, used), offsets: offsets}
	out.list.elems = e.pick(e.elems(l), at[:used], out.list.frame)
	return out
}

// mostTop is the largest constant number of extremes that is held in registers.
const mostTop = 16

// topReals finds a constant number of extremes of floats.
type topReals struct {
	keys []float64
	sign float64 // -1 where the largest are looked for
	want int
}

// topReals is nil when the keys are no floats, or the number is large or differs from
// list to list.
func (e *Evaluator) topReals(n *check.Iterate, key, count *vector) *topReals {
	k, ok := count.constant.(int64)
	if !ok || k < 1 || k > mostTop || key.kind != check.Float {
		return nil
	}
	t := &topReals{keys: key.real, sign: 1, want: int(k)}
	if n.Op == check.TopN {
		t.sign = -1
	}
	return t
}

// pick writes the places of the extremes of the elements in mask from a to before b,
// best first, and says how many there are. Not-a-number is less than any number.
func (t *topReals) pick(dst []uint32, mask []uint64, a, b uint32) int {
	var keys [mostTop]float64
	n := 0
	for k := a; k < b; k++ {
		if mask[k>>6]>>(k&63)&1 == 0 {
			continue
		}
		x := t.keys[k]
		if x != x {
			x = math.Inf(-1)
		}
		x *= t.sign
		if n == t.want {
			if !(x < keys[n-1]) {
				continue
			}
			n--
		}
		place := n
		for ; place > 0 && x < keys[place-1]; place-- {
			keys[place], dst[place] = keys[place-1], dst[place-1]
		}
		keys[place], dst[place] = x, k
		n++
	}
	return n
}

// better says whether key i is ahead of key j.
func better(op check.Fold, key *vector, i, j int) bool {
	if key.kind == check.Float {
		x, y := key.real[i], key.real[j]
		if op == check.TopN {
			x, y = y, x
		}
		return x < y || x != x && y == y
	}
	if op == check.TopN {
		return order(key, i, key, j) > 0
	}
	return order(key, i, key, j) < 0
}
