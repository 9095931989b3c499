package vector

import (
	"math"
	"math/bits"

	"github.com/segq/segq/lang/check"
)

// arithmetic applies an operation to numbers: in int64 when both are integers, but
// for division, else in float64. What does not fit is null.
func (e *Evaluator) arithmetic(n *check.Call, args []*vector, f *frame) *vector {
	x := args[0]
	if n.Op == check.Neg {
		if x.kind == check.Float {
			out := e.vector(check.Float)
			out.valid, out.real = x.valid, e.floats(f.n)
			for i, v := range x.real[:f.n] {
				out.real[i] = -v
			}
			return e.settled(out, f)
		}
		zero := e.vector(check.Int)
		zero.ints = filled(e.longs(f.n), 0)
		return e.integer(check.Sub, zero, x, f)
	}
	if n.Op != check.Div && x.kind == check.Int && args[1].kind == check.Int {
		return e.integer(n.Op, x, args[1], f)
	}
	return e.real(n.Op, x, args[1], f)
}

// integer is exact, or null.
func (e *Evaluator) integer(op check.Op, a, b *vector, f *frame) *vector {
	out := e.vector(check.Int)
	out.valid, out.ints = e.both(f, a, b), e.longs(f.n)
	x, y, z := a.ints[:f.n], b.ints[:f.n], out.ints
	var lost []uint64 // what did not fit
	lose := func(i int) {
		if lost == nil {
			lost = e.bitmap(f.n)
		}
		lost[i>>6] |= 1 << (i & 63)
	}
	switch op {
	case check.Add:
		for i := range z {
			z[i] = x[i] + y[i]
			if (x[i]^z[i])&(y[i]^z[i]) < 0 {
				lose(i)
			}
		}
	case check.Sub:
		for i := range z {
			z[i] = x[i] - y[i]
			if (x[i]^y[i])&(x[i]^z[i]) < 0 {
				lose(i)
			}
		}
	case check.Mul:
		for i := range z {
			var ok bool
			if z[i], ok = product(x[i], y[i]); !ok {
				lose(i)
			}
		}
	case check.Mod:
		zero := e.bitmap(f.n)
		for i := range z {
			if y[i] == 0 {
				zero[i>>6] |= 1 << (i & 63)
				continue
			}
			z[i] = x[i] % y[i]
		}
		out.valid = e.without(out.valid, zero, f)
	}
	if lost != nil {
		e.noteOverflow(out, lost, f)
		out.valid = e.without(out.valid, lost, f)
	}
	return out
}

// product multiplies, and says whether the outcome is an int64.
func product(x, y int64) (int64, bool) {
	if x == int64(int32(x)) && y == int64(int32(y)) {
		return x * y, true
	}
	hi, lo := bits.Mul64(uint64(x), uint64(y))
	// From the product of the bit patterns to that of the signed numbers.
	if x < 0 {
		hi -= uint64(y)
	}
	if y < 0 {
		hi -= uint64(x)
	}
	return int64(lo), hi == uint64(int64(lo)>>63)
}

// real computes in float64. No zero divides.
func (e *Evaluator) real(op check.Op, a, b *vector, f *frame) *vector {
	out := e.vector(check.Float)
	out.valid, out.real = e.both(f, a, b), e.floats(f.n)
	x, y, z := e.reals(a, f.n), e.reals(b, f.n), out.real
	switch op {
	case check.Add:
		for i := range z {
			z[i] = x[i] + y[i]
		}
	case check.Sub:
		for i := range z {
			z[i] = x[i] - y[i]
		}
	case check.Mul:
		for i := range z {
			z[i] = x[i] * y[i]
		}
	case check.Div:
		zero := e.bitmap(f.n)
		for i := range z {
			zero[i>>6] |= bit(y[i] == 0) << (i & 63)
			z[i] = x[i] / y[i]
		}
		out.valid = e.without(out.valid, zero, f)
	case check.Mod:
		for i := range z {
			z[i] = math.Mod(x[i], y[i])
		}
		return e.settled(out, f)
	}
	return e.settled(out, f)
}

// settled makes null what is no finite number. An infinity is an overflow.
func (e *Evaluator) settled(v *vector, f *frame) *vector {
	var odd, infinite []uint64
	for i, x := range v.real[:f.n] {
		if x-x == 0 || v.null(i) {
			continue
		}
		if odd == nil {
			odd, infinite = e.bitmap(f.n), e.bitmap(f.n)
		}
		odd[i>>6] |= 1 << (i & 63)
		infinite[i>>6] |= bit(x == x) << (i & 63)
	}
	if odd != nil {
		e.noteOverflow(v, infinite, f)
		v.valid = e.without(v.valid, odd, f)
	}
	return v
}

// without returns valid with some positions taken out.
func (e *Evaluator) without(valid, out []uint64, f *frame) []uint64 {
	left := e.bitmap(f.n)
	if valid == nil {
		fillBits(left, f.n)
	} else {
		copy(left, valid)
	}
	for i := range left {
		left[i] &^= out[i]
	}
	return left
}

// noteOverflow remembers that a number that mattered was too large.
func (e *Evaluator) noteOverflow(v *vector, lost []uint64, f *frame) {
	each(lost, func(i int) {
		if !v.null(i) && f.needs(i) && i < f.n {
			e.overflowed = true
		}
	})
}
