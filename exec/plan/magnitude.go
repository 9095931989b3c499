package plan

import (
	"math"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// The largest value that a number may have, so that it is certain not to overflow: there is room
// for the roundings of the estimate.
const (
	mostInt   = 1 << 62
	mostFloat = 1e300
)

// holds says whether numbers up to most fit into their type, for certain.
func holds(most float64, float bool) bool {
	if float {
		return most < mostFloat
	}
	return most < mostInt
}

// fits says whether no value of n, nor of a part of it, overflows.
func (c *compiler) fits(n check.Node, e *env) bool {
	_, ok := c.magnitude(n, e)
	return ok
}

// magnitude bounds the absolute value of a number, if that can be done and no part of it
// overflows.
func (c *compiler) magnitude(n check.Node, e *env) (most float64, ok bool) {
	if c.single {
		return 0, false // the next profile may have any number
	}
	n, e = e.deref(n)
	if p, ok := c.place(n, e); ok {
		return columnMagnitude(p.col)
	}
	if v, ok := c.constantValue(n); ok {
		f, ok := asFloat(v)
		return math.Abs(f), ok && !math.IsInf(f, 0)
	}
	call, ok := n.(*check.Call)
	if !ok {
		return 0, false
	}
	parts := make([]float64, len(call.Args))
	for i, a := range call.Args {
		if parts[i], ok = c.magnitude(a, e); !ok {
			return 0, false
		}
	}
	switch call.Op {
	case check.Count:
		return 0, false
	case check.IntToFloat, check.Neg:
		most = parts[0]
	case check.Add, check.Sub:
		most = parts[0] + parts[1]
	case check.Mul:
		most = parts[0] * parts[1]
	default:
		return 0, false
	}
	return most, holds(most, n.Type().Kind == check.Float)
}

// columnMagnitude bounds the absolute value of the numbers of a column, by what is known
// of it. One of which nothing is known is looked through where it is short.
func columnMagnitude(c column.Column) (most float64, ok bool) {
	switch c := column.Stored(c).(type) {
	case *column.Nulls:
		return 0, true
	case *column.Ints:
		switch d, _ := domain(c); {
		case c.Order != nil:
			return ends(float64(c.Order.Least[0]), float64(c.Order.Greatest)), true
		case d != everything:
			return ends(float64(d.lo), float64(d.hi)), true
		}
		return longest(c.I64)
	case *column.Floats:
		if c.Order != nil {
			most = ends(floatOf(c.Order.Least[0]), floatOf(c.Order.Greatest))
		} else if most, ok = longest(c.V); !ok {
			return 0, false
		}
		return most, most <= math.MaxFloat64
	}
	return 0, false
}

func ends(lo, hi float64) float64 { return max(math.Abs(lo), math.Abs(hi)) }

// short is how many numbers are looked through: longer columns have an order.
const short = 1 << 16

// longest returns the greatest absolute value.
func longest[T int64 | float64](values []T) (most float64, ok bool) {
	if len(values) > short {
		return 0, false
	}
	for _, v := range values {
		most = max(most, math.Abs(float64(v)))
	}
	return most, true
}
