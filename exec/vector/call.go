package vector

import (
	"github.com/segq/segq/exec/kernel"
	"github.com/segq/segq/lang/check"
)

// call applies an operation.
func (e *Evaluator) call(n *check.Call, f *frame) *vector {
	switch n.Op {
	case check.And, check.Or:
		return e.connective(n, f)
	case check.Not:
		v := e.condition(f)
		kernel.Not(v.bits, e.eval(n.Args[0], f).bits, f.n)
		return v
	case check.Truth:
		return e.truth(e.eval(n.Args[0], f), f)
	case check.If:
		return e.choice(n, f)
	case check.IsNull, check.IsNotNull:
		v := e.present(e.eval(n.Args[0], f), f)
		if n.Op == check.IsNull {
			kernel.Not(v.bits, v.bits, f.n)
		}
		return v
	case check.In, check.NotIn:
		return e.in(n, f)
	case check.Intersects, check.SubsetOf, check.SupersetOf:
		return e.setTest(n, f)
	case check.Intersection:
		return e.intersection(n, f)
	case check.Distinct:
		return e.distinct(n, f)
	case check.Count:
		return e.count(e.eval(n.Args[0], f), f)
	case check.Head:
		return e.head(n, f)
	case check.Now, check.CurrentYear, check.CurrentMonth, check.CurrentDayOfMonth:
		return e.clock(n.Op, f)
	}
	return e.strict(n, f)
}

// strict applies an operation to the values of its operands.
func (e *Evaluator) strict(n *check.Call, f *frame) *vector {
	if n.Op.Group() == check.Comparison {
		return e.compare(n.Op, e.lazy(n.Args[0], f), e.lazy(n.Args[1], f), f)
	}
	args := make([]*vector, len(n.Args))
	for i, a := range n.Args {
		args[i] = e.eval(a, f)
	}
	switch n.Op.Group() {
	case check.Arithmetic:
		return e.arithmetic(n, args, f)
	case check.Text:
		return e.textCall(n, args, f)
	case check.Statistics:
		return e.statistic(n.Op, args, f)
	case check.Maps:
		return e.lookup(n, args, f)
	case check.TimeParts:
		return e.timePart(n, args, f)
	case check.Conversion:
		return e.convert(n.Op, args[0], f)
	}
	panic("vector: an operation that is not supported")
}

// convert applies a conversion of integers.
func (e *Evaluator) convert(op check.Op, v *vector, f *frame) *vector {
	if op == check.IntToTimestamp {
		out := e.vector(check.Timestamp)
		out.valid, out.ints = v.valid, v.ints
		return out
	}
	out := e.vector(check.Float)
	out.valid, out.real = v.valid, e.floats(f.n)
	for i, x := range v.ints[:f.n] {
		out.real[i] = float64(x)
	}
	return out
}

// choice takes for each position the branch that its condition says.
func (e *Evaluator) choice(n *check.Call, f *frame) *vector {
	when := e.eval(n.Args[0], f).bits
	other := e.bitmap(f.n)
	kernel.Not(other, when, f.n)
	a := e.needing(e.narrowed(f, when), n.Args[1], f)
	b := e.needing(e.narrowed(f, other), n.Args[2], f)
	out := e.vector(n.T.Kind)
	if a.valid != nil || b.valid != nil {
		out.valid = e.bitmap(f.n)
		x, y := e.present(a, f).bits, e.present(b, f).bits
		for i, w := range when {
			out.valid[i] = x[i]&w | y[i]&^w
		}
	}
	switch n.T.Kind {
	case check.Bool:
		out.bits = e.bitmap(f.n)
		for i, w := range when {
			out.bits[i] = a.bits[i]&w | b.bits[i]&^w
		}
	case check.Float:
		out.real = e.floats(f.n)
		for i := range out.real {
			if when[i>>6]>>(i&63)&1 != 0 {
				out.real[i] = a.numberOf(i)
			} else {
				out.real[i] = b.numberOf(i)
			}
		}
	case check.String:
		e.chooseText(out, a, b, when, f)
	case check.Interval:
		out.ints, out.ends = e.longs(f.n), e.longs(f.n)
		choose(out.ints, a.ints, b.ints, when)
		choose(out.ends, a.ends, b.ends, when)
	default:
		out.ints = e.longs(f.n)
		choose(out.ints, a.ints, b.ints, when)
	}
	return out
}

func choose(dst, a, b []int64, when []uint64) {
	for i := range dst {
		if when[i>>6]>>(i&63)&1 != 0 {
			dst[i] = a[i]
		} else {
			dst[i] = b[i]
		}
	}
}

func (e *Evaluator) chooseText(out, a, b *vector, when []uint64, f *frame) {
	out.texts = e.strings(f.n)
	for i := range out.texts {
		from := b
		if when[i>>6]>>(i&63)&1 != 0 {
			from = a
		}
		if !from.null(i) {
			out.texts[i] = from.text(i)
		}
	}
}
