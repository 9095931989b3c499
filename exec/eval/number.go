package eval

import (
	"math"
	"math/bits"

	"github.com/segq/segq/lang/check"
)

// arithmetic applies an operation to numbers: in int64 when both are integers,
// but for division, else in float64. What does not fit is null.
func (e *Evaluator) arithmetic(n *check.Call, args []Value) Value {
	x := args[0]
	if n.Op == check.Neg {
		if x.Kind() == check.Float {
			return floatValue(-x.Float())
		}
		return e.integer(check.Sub, 0, x.Int())
	}
	y := args[1]
	if n.Op != check.Div && x.Kind() == check.Int && y.Kind() == check.Int {
		return e.integer(n.Op, x.Int(), y.Int())
	}
	return e.real(n.Op, x.Float(), y.Float())
}

// integer is exact, or null. Go's remainder has the sign of the dividend, as ours.
func (e *Evaluator) integer(op check.Op, x, y int64) Value {
	switch op {
	case check.Add:
		if s := x + y; (s > x) == (y > 0) {
			return intValue(s)
		}
	case check.Sub:
		if d := x - y; (d < x) == (y > 0) {
			return intValue(d)
		}
	case check.Mul:
		if p, ok := product(x, y); ok {
			return intValue(p)
		}
	case check.Mod:
		if y == 0 {
			return Value{}
		}
		return intValue(x % y)
	}
	return e.overflow()
}

// product multiplies in 128 bits and says whether the outcome is an int64.
func product(x, y int64) (int64, bool) {
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

// real computes in float64. No zero divides, and what leaves the range of finite
// numbers is null.
func (e *Evaluator) real(op check.Op, x, y float64) Value {
	switch op {
	case check.Add:
		return e.float(x + y)
	case check.Sub:
		return e.float(x - y)
	case check.Mul:
		return e.float(x * y)
	case check.Div:
		if y == 0 {
			return Value{}
		}
		return e.float(x / y)
	case check.Mod:
		return floatValue(math.Mod(x, y)) // by zero: NaN, so null
	}
	panic("eval: arithmetic of an unknown kind")
}
