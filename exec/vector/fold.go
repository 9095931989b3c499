package vector

import (
	"math/bits"

	"github.com/segq/segq/exec/kernel"
	"github.com/segq/segq/lang/check"
)

// aggregate folds numbers, or, for the extremes, anything that has an order. Null
// is skipped.
func (e *Evaluator) aggregate(op check.Fold, t *check.Type, x, body *vector, f *frame) *vector {
	l := x.list
	mask := l.mask
	if body.valid != nil {
		mask = e.masked(l, e.present(body, l.frame).bits)
	}
	switch {
	case op == check.Min || op == check.Max:
		return e.extreme(op, x, body, mask, f)
	case op == check.Sum && t.Kind != check.Float:
		return e.sumIntegers(x, body, mask, f)
	}
	out := e.vector(check.Float)
	out.real = e.floats(f.n)
	counts := e.words32(f.n)
	values := e.reals(body, l.frame.n)
	sumReals(out.real, counts, values, mask, l.offsets)
	out.valid = x.valid
	if op == check.Average {
		none := e.bitmap(f.n)
		for i, n := range counts {
			none[i>>6] |= bit(n == 0) << (i & 63)
			out.real[i] /= float64(n)
		}
		out.valid = e.without(out.valid, none, f)
	}
	return e.settled(out, f)
}

// sumReals sums the values of each list, one after another, and counts them.
func sumReals(sums []float64, counts []uint32, values []float64, mask []uint64, offsets []uint32) {
	if mask == nil {
		for i := range sums {
			sum := 0.0
			for _, v := range values[offsets[i]:offsets[i+1]] {
				sum += v
			}
			sums[i], counts[i] = sum, offsets[i+1]-offsets[i]
		}
		return
	}
	clear(sums)
	clear(counts)
	i := 0
	for w, word := range mask {
		for ; word != 0; word &= word - 1 {
			k := uint32(w<<6 + bits.TrailingZeros64(word))
			for k >= offsets[i+1] {
				i++
			}
			sums[i] += values[k]
			counts[i]++
		}
	}
}

// sumIntegers sums in 128 bits, so that only a total that does not fit overflows.
func (e *Evaluator) sumIntegers(x, body *vector, mask []uint64, f *frame) *vector {
	l := x.list
	out := e.vector(check.Int)
	out.valid, out.ints = x.valid, e.longs(f.n)
	var lost []uint64
	for i := range out.ints {
		var hi, lo uint64
		for k := l.offsets[i]; k < l.offsets[i+1]; k++ {
			if mask == nil || mask[k>>6]>>(k&63)&1 != 0 {
				v := body.ints[k]
				var carry uint64
				lo, carry = bits.Add64(lo, uint64(v), 0)
				hi += uint64(v>>63) + carry
			}
		}
		out.ints[i] = int64(lo)
		if hi != uint64(int64(lo)>>63) {
			if lost == nil {
				lost = e.bitmap(f.n)
			}
			lost[i>>6] |= 1 << (i & 63)
		}
	}
	if lost != nil {
		e.noteOverflow(out, lost, f)
		out.valid = e.without(out.valid, lost, f)
	}
	return out
}

// extreme returns the least or greatest value, null of nothing.
func (e *Evaluator) extreme(op check.Fold, x, body *vector, mask []uint64, f *frame) *vector {
	l := x.list
	best := e.words32(f.n)
	found := e.bitmap(f.n)
	for i := range best {
		best[i] = 0
		some := false
		for k := l.offsets[i]; k < l.offsets[i+1]; k++ {
			if mask != nil && mask[k>>6]>>(k&63)&1 == 0 {
				continue
			}
			if !some {
				best[i], some = k, true
				continue
			}
			if c := order(body, int(k), body, int(best[i])); c < 0 == (op == check.Min) && c != 0 {
				best[i] = k
			}
		}
		found[i>>6] |= bit(some) << (i & 63)
	}
	if l.frame.n == 0 {
		return e.nulls(&check.Type{Kind: body.kind}, f)
	}
	out := e.pick(body, best, f)
	if x.valid != nil {
		kernel.And(found, x.valid[:len(found)])
	}
	out.valid = found
	return out
}
