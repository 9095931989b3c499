package vector

import (
	"math"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/kernel"
	"github.com/segq/segq/exec/search"
	"github.com/segq/segq/lang/check"
)

// flipped is a comparison with its sides exchanged.
func flipped(op check.Op) check.Op {
	switch op {
	case check.Lt:
		return check.Gt
	case check.Gt:
		return check.Lt
	case check.Le:
		return check.Ge
	case check.Ge:
		return check.Le
	}
	return op
}

// compareConstant compares the values of x with a constant by a kernel, without a
// look at what is null, and says whether there is a kernel for it.
func (e *Evaluator) compareConstant(op check.Op, x *vector, k any, dst []uint64, n int) bool {
	negated := op == check.Ne
	if negated {
		op = check.Eq
	}
	if !e.rangeConstant(op, x, k, dst, n) {
		return false
	}
	if negated {
		kernel.Not(dst, dst, n)
	}
	return true
}

func (e *Evaluator) rangeConstant(op check.Op, x *vector, k any, dst []uint64, n int) bool {
	switch k := k.(type) {
	case string:
		if x.stored != nil && x.at == nil && op == check.Eq {
			t := x.stored
			search.Equal([]string{k}).Block(dst, t.Bytes, t.Offsets[x.start:x.start+n+1], nil)
			return true
		}
		c, ok := x.column.(*column.Strings)
		if !ok || op != check.Eq {
			return false
		}
		if code, found := c.Dict.Find(k); found {
			equalCodes(dst, c.Codes, x.start, n, code)
		}
		return true
	case float64:
		if x.kind != check.Float || k != k {
			return false
		}
		lo, hi := column.FloatRange(op, k)
		kernel.RangeFloat(dst, x.real[:n], lo, hi)
		return true
	case int64:
		lo, hi, any := integerRange(op, k)
		switch {
		case x.kind == check.Float:
			from, to := column.FloatRange(op, float64(k))
			kernel.RangeFloat(dst, x.real[:n], from, to)
		case x.kind != check.Int && x.kind != check.Timestamp:
			return false
		case !any:
		case x.column != nil:
			rangeIntegers(dst, x.column.(*column.Ints), x.start, n, lo, hi)
		default:
			kernel.Range(dst, x.ints[:n], lo, hi)
		}
		return true
	}
	return false
}

func equalCodes(dst []uint64, c column.Codes, start, n int, code uint32) {
	switch {
	case c.U8 != nil:
		kernel.RangeUint8(dst, c.U8[start:start+n], uint8(code), uint8(code))
	case c.U16 != nil:
		kernel.Range(dst, c.U16[start:start+n], uint16(code), uint16(code))
	default:
		kernel.Range(dst, c.U32[start:start+n], code, code)
	}
}

// rangeIntegers compares integers in the width that they have, to which the range
// is cut.
func rangeIntegers(dst []uint64, c *column.Ints, start, n int, lo, hi int64) {
	switch {
	case c.I8 != nil:
		if lo, hi = max(lo, math.MinInt8), min(hi, math.MaxInt8); lo <= hi {
			kernel.RangeInt8(dst, c.I8[start:start+n], int8(lo), int8(hi))
		}
	case c.I16 != nil:
		if lo, hi = max(lo, math.MinInt16), min(hi, math.MaxInt16); lo <= hi {
			kernel.Range(dst, c.I16[start:start+n], int16(lo), int16(hi))
		}
	case c.I32 != nil:
		if lo, hi = max(lo, math.MinInt32), min(hi, math.MaxInt32); lo <= hi {
			kernel.Range(dst, c.I32[start:start+n], int32(lo), int32(hi))
		}
	default:
		kernel.Range(dst, c.I64[start:min(start+n, len(c.I64))], lo, hi)
	}
}

// integerRange returns the integers that compare so with k; op is not Ne.
func integerRange(op check.Op, k int64) (lo, hi int64, any bool) {
	lo, hi = math.MinInt64, math.MaxInt64
	switch op {
	case check.Eq:
		return k, k, true
	case check.Le:
		return lo, k, true
	case check.Ge:
		return k, hi, true
	case check.Lt:
		return lo, k - 1, k > lo
	}
	return k + 1, hi, k < hi
}
