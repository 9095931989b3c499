package vector

import (
	"cmp"
	"strings"

	"github.com/segq/segq/exec/kernel"
	"github.com/segq/segq/lang/check"
)

// compare is a comparison, which fails where one of the two is null.
func (e *Evaluator) compare(op check.Op, x, y *vector, f *frame) *vector {
	out := e.condition(f)
	if x.constant != nil && y.constant == nil {
		op, x, y = flipped(op), y, x
	}
	if y.constant != nil && e.compareConstant(op, x, y.constant, out.bits, f.n) {
		if valid := e.both(f, x, y); valid != nil {
			kernel.And(out.bits, valid[:len(out.bits)])
		}
		return out
	}
	x, y = e.force(x, f.n), e.force(y, f.n)
	switch {
	case x.kind == check.String:
		e.compareTexts(op, x, y, out.bits, f.n)
	case x.kind == check.Float || y.kind == check.Float:
		compareWith(op, e.reals(x, f.n), e.reals(y, f.n), out.bits)
	case x.kind == check.Bool:
		for i := range out.bits {
			out.bits[i] = x.bits[i] ^ y.bits[i]
			if op == check.Eq {
				out.bits[i] = ^out.bits[i]
			}
		}
		clip(out.bits, f.n)
	case x.kind == check.Interval:
		for i := range f.n {
			if (x.ints[i] == y.ints[i] && x.ends[i] == y.ends[i]) == (op == check.Eq) {
				out.bits[i>>6] |= 1 << (i & 63)
			}
		}
	default:
		compareWith(op, x.ints[:f.n], y.ints[:f.n], out.bits)
	}
	if valid := e.both(f, x, y); valid != nil {
		kernel.And(out.bits, valid[:len(out.bits)])
	}
	return out
}

// reals returns numbers as float64.
func (e *Evaluator) reals(v *vector, n int) []float64 {
	if v.kind == check.Float {
		return v.real[:n]
	}
	out := e.floats(n)
	for i, x := range v.ints[:n] {
		out[i] = float64(x)
	}
	return out
}

// compareWith compares numbers one by one. Not-a-number is unequal to all, itself
// included, and has no order.
func compareWith[T int64 | float64](op check.Op, x, y []T, dst []uint64) {
	switch op {
	case check.Eq:
		kernel.Equal(dst, x, y)
	case check.Ne:
		kernel.Equal(dst, x, y)
		kernel.Not(dst, dst, len(x))
	case check.Lt:
		kernel.Less(dst, x, y)
	case check.Le:
		kernel.LessEqual(dst, x, y)
	case check.Gt:
		kernel.Less(dst, y, x)
	case check.Ge:
		kernel.LessEqual(dst, y, x)
	}
}

// compareTexts is = or != of strings.
func (e *Evaluator) compareTexts(op check.Op, x, y *vector, dst []uint64, n int) {
	if x.same {
		x, y = y, x
	}
	if x.dict != nil && y.same {
		code, found := x.dict.Find(y.texts[0])
		for i, c := range x.codes[:n] {
			dst[i>>6] |= bit((found && c == code) == (op == check.Eq)) << (i & 63)
		}
		return
	}
	for i := range n {
		if x.null(i) || y.null(i) {
			continue
		}
		same := false
		if x.dict != nil && x.dict == y.dict {
			same = x.codes[i] == y.codes[i]
		} else {
			same = x.text(i) == y.text(i)
		}
		dst[i>>6] |= bit(same == (op == check.Eq)) << (i & 63)
	}
}

// order compares two positions of vectors of one kind, neither of them null, as
// the extremes do: not-a-number is less than any number.
func order(x *vector, i int, y *vector, j int) int {
	switch x.kind {
	case check.String:
		if x.dict != nil && x.dict == y.dict {
			return cmp.Compare(x.codes[i], y.codes[j])
		}
		return strings.Compare(x.text(i), y.text(j))
	case check.Float:
		return cmp.Compare(x.real[i], y.number(j))
	case check.Bool:
		return int(bit(x.bit(i))) - int(bit(y.bit(j)))
	}
	if y.kind == check.Float {
		return cmp.Compare(x.number(i), y.real[j])
	}
	return cmp.Compare(x.ints[i], y.ints[j])
}

// equal says whether two positions, neither of them null, are the same as = sees
// it.
func equal(x *vector, i int, y *vector, j int) bool {
	switch {
	case x.kind == check.String:
		if x.dict != nil && x.dict == y.dict {
			return x.codes[i] == y.codes[j]
		}
		return x.text(i) == y.text(j)
	case x.kind == check.Float || y.kind == check.Float:
		return x.number(i) == y.number(j)
	case x.kind == check.Bool:
		return x.bit(i) == y.bit(j)
	}
	return x.ints[i] == y.ints[j]
}
