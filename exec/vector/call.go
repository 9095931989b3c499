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

// condition gives a Bool of zeros that is never null.
func (e *Evaluator) condition(f *frame) *vector {
	v := e.vector(check.Bool)
	v.bits = e.bitmap(f.n)
	return v
}

// connective joins conditions. What the first operands have decided no longer needs
// the others.
func (e *Evaluator) connective(n *check.Call, f *frame) *vector {
	out := e.condition(f)
	need := f.need
	left := e.bitmap(f.n)
	if need != nil {
		copy(left, need)
	} else {
		fillBits(left, f.n)
	}
	if n.Op == check.And {
		copy(out.bits, left)
	}
	for _, a := range n.Args {
		if !kernel.Any(left) {
			break
		}
		f.need = left
		v := e.eval(a, f)
		next := e.bitmap(f.n)
		copy(next, left)
		if n.Op == check.And {
			kernel.And(out.bits, v.bits)
			kernel.And(next, v.bits)
		} else {
			kernel.Or(out.bits, v.bits)
			kernel.AndNot(next, v.bits)
		}
		left = next
	}
	f.need = need
	return out
}

// narrowed runs body with only some of the positions needed.
func (e *Evaluator) narrowed(f *frame, mask []uint64, body func()) {
	outer := f.need
	if mask != nil {
		need := e.bitmap(f.n)
		copy(need, mask)
		if outer != nil {
			kernel.And(need, outer)
		}
		f.need = need
	}
	body()
	f.need = outer
}

// entered runs the body of a list, of whose elements those in mask are needed. The lists
// of a column have one frame for all who run over them: whoever does so inside of the
// body of another starts afresh.
func (e *Evaluator) entered(f *frame, mask []uint64, body func()) {
	outer := f.need
	f.need = nil
	if mask != nil {
		f.need = e.bitmap(f.n)
		copy(f.need, mask)
	}
	body()
	f.need = outer
}

// truth reads a value as a condition: a Bool is its value, a list is true when it
// is not empty, anything else when it is present.
func (e *Evaluator) truth(v *vector, f *frame) *vector {
	switch v.kind {
	case check.Bool:
		out := e.condition(f)
		copy(out.bits, v.bits)
		if v.valid != nil {
			kernel.And(out.bits, v.valid[:len(out.bits)])
		}
		return out
	case check.List:
		return e.exists(v, v.list.mask, f)
	}
	return e.present(v, f)
}

// present says where v is not null.
func (e *Evaluator) present(v *vector, f *frame) *vector {
	out := e.condition(f)
	if v.valid == nil {
		fillBits(out.bits, f.n)
	} else {
		copy(out.bits, v.valid)
		clip(out.bits, f.n)
	}
	return out
}

// clip clears the bits from n on.
func clip(b []uint64, n int) {
	if n&63 != 0 {
		b[len(b)-1] &= 1<<(n&63) - 1
	}
}

// choice takes for each position the branch that its condition says.
func (e *Evaluator) choice(n *check.Call, f *frame) *vector {
	when := e.eval(n.Args[0], f).bits
	other := e.bitmap(f.n)
	kernel.Not(other, when, f.n)
	var a, b *vector
	e.narrowed(f, when, func() { a = e.eval(n.Args[1], f) })
	e.narrowed(f, other, func() { b = e.eval(n.Args[2], f) })
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

// numberOf is number, but for a null without a number.
func (v *vector) numberOf(i int) float64 {
	if v.null(i) {
		return 0
	}
	return v.number(i)
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

// both gives the positions where neither is null; nil is all.
func (e *Evaluator) both(f *frame, vs ...*vector) []uint64 {
	var valid []uint64
	for _, v := range vs {
		switch {
		case v.valid == nil:
		case valid == nil:
			valid = v.valid
		default:
			out := e.bitmap(f.n)
			copy(out, valid)
			kernel.And(out, v.valid[:len(out)])
			valid = out
		}
	}
	return valid
}

// lookup is an operation on maps.
func (e *Evaluator) lookup(n *check.Call, args []*vector, f *frame) *vector {
	l := args[0].list
	e.force(l.keys, l.frame.n)
	if n.Op != check.Get {
		out := e.vector(check.List)
		out.valid = args[0].valid
		own := *l
		if n.Op == check.Keys {
			own.elems = l.keys
		}
		own.keys = nil
		out.list = &own
		return out
	}
	at := e.words32(f.n)
	found := e.bitmap(f.n)
	valid := e.both(f, args...)
	for i := range f.n {
		at[i] = 0
		if valid != nil && valid[i>>6]>>(i&63)&1 == 0 {
			continue
		}
		key := args[1].text(i)
		for k := l.offsets[i]; k < l.offsets[i+1]; k++ {
			if l.in(int(k)) && l.keys.text(int(k)) == key {
				at[i] = k
				found[i>>6] |= 1 << (i & 63)
				break
			}
		}
	}
	if l.frame.n == 0 {
		return e.nulls(n.T, f)
	}
	out := e.pick(e.elems(l), at, f)
	if out.valid == nil {
		out.valid = found
	} else {
		kernel.And(out.valid, found)
	}
	return out
}
