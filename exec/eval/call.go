package eval

import (
	"github.com/segq/segq/exec/statistic"
	"github.com/segq/segq/lang/check"
)

// call applies an operation. First come the operations that do not evaluate all
// of their operands or want a list as a stream, then those on plain values.
func (e *Evaluator) call(n *check.Call) Value {
	switch n.Op {
	case check.And, check.Or:
		return boolValue(e.connective(n))
	case check.Not:
		return boolValue(!e.cond(n.Args[0]))
	case check.Truth:
		return boolValue(e.truth(n.Args[0]))
	case check.If:
		if e.cond(n.Args[0]) {
			return e.eval(n.Args[1])
		}
		return e.eval(n.Args[2])
	case check.IsNull:
		return boolValue(e.eval(n.Args[0]).IsNull())
	case check.IsNotNull:
		return boolValue(!e.eval(n.Args[0]).IsNull())
	case check.In, check.NotIn:
		found, present := e.in(e.eval(n.Args[0]), n.Args[1])
		return boolValue(present && found == (n.Op == check.In))
	case check.Intersects:
		return boolValue(e.intersects(n.Args[0], n.Args[1]))
	case check.SubsetOf:
		return boolValue(e.subset(n.Args[0], n.Args[1]))
	case check.SupersetOf:
		return boolValue(e.subset(n.Args[1], n.Args[0]))
	case check.Intersection:
		return e.intersection(n)
	case check.Distinct:
		return e.distinct(n)
	case check.Count:
		return e.count(n.Args[0])
	case check.Head:
		return e.head(n.Args[0])
	case check.Now, check.CurrentYear, check.CurrentMonth, check.CurrentDayOfMonth:
		return clock(n.Op, e.now)
	}
	return e.strict(n)
}

// connective is And or Or, which leave out the operands that cannot matter.
func (e *Evaluator) connective(n *check.Call) bool {
	for _, a := range n.Args {
		if e.cond(a) == (n.Op == check.Or) {
			return n.Op == check.Or
		}
	}
	return n.Op == check.And
}

// strict applies an operation to the values of its operands: false for a test,
// else null, when one of them is null.
func (e *Evaluator) strict(n *check.Call) Value {
	var few [4]Value
	args := few[:0]
	for _, a := range n.Args {
		v := e.eval(a)
		if v.IsNull() {
			return nothing(n.Op)
		}
		args = append(args, v)
	}
	switch n.Op.Group() {
	case check.Comparison:
		return boolValue(compare(n.Op, args[0], args[1]))
	case check.Arithmetic:
		return e.arithmetic(n, args)
	case check.Text:
		return e.text(n, args)
	case check.Statistics:
		return statisticOf(n.Op, args)
	case check.Maps:
		return lookup(n, args)
	case check.TimeParts:
		return timePart(n.Op, args)
	case check.Conversion:
		return convert(n.Op, args[0])
	}
	panic("eval: an operation of an unknown kind")
}

// nothing is the outcome of a strict operation on null.
func nothing(op check.Op) Value {
	if op.Test() {
		return boolValue(false)
	}
	return Value{}
}

// convert applies a conversion to a value that is not null.
func convert(op check.Op, v Value) Value {
	if op == check.IntToFloat {
		return floatValue(float64(v.Int()))
	}
	return timestampValue(v.Int())
}

// statisticOf applies a statistic of the numbers of a list.
func statisticOf(op check.Op, args []Value) Value {
	var numbers, operands []float64
	for i := range args[0].Len() {
		if v := args[0].at(i); !v.IsNull() {
			numbers = append(numbers, v.Float())
		}
	}
	for _, a := range args[1:] {
		operands = append(operands, a.Float())
	}
	if x, ok := statistic.Of(op)(numbers, operands); ok {
		return floatValue(x)
	}
	return Value{}
}

// compare applies a comparison to two values that are not null.
func compare(op check.Op, x, y Value) bool {
	switch op {
	case check.Eq:
		return equal(x, y)
	case check.Ne:
		return !equal(x, y)
	case check.Lt:
		return less(x, y)
	case check.Gt:
		return less(y, x)
	case check.Le:
		return less(x, y) || equal(x, y)
	case check.Ge:
		return less(y, x) || equal(x, y)
	}
	panic("eval: a comparison of an unknown kind")
}

// lookup applies an operation on maps.
func lookup(n *check.Call, args []Value) Value {
	m := args[0]
	switch n.Op {
	case check.Get:
		if i := m.entry(args[1].s); i >= 0 {
			return m.at(i)
		}
		return Value{}
	case check.Keys:
		return m.keyList(n.T)
	case check.Values:
		return m.valueList(n.T)
	}
	panic("eval: a map operation of an unknown kind")
}
