package vector

import (
	"math/bits"

	"github.com/segq/segq/exec/kernel"
	"github.com/segq/segq/lang/check"
)

// iterate runs the body of n over all elements of all lists, and folds the outcomes.
func (e *Evaluator) iterate(n *check.Iterate, f *frame) *vector {
	x := e.eval(n.X, f)
	l := x.list
	e.bind(n.Slot, e.unread(l), l.frame)
	if n.KeySlot > 0 {
		e.bind(n.KeySlot, l.keys, l.frame)
	}
	var body *vector
	e.entered(l.frame, e.wanted(l, f), func() { body = e.eval(n.Body, l.frame) })
	switch n.Op {
	case check.Filter:
		out := e.vector(n.T.Kind)
		own := *l
		own.mask = e.masked(l, body.bits)
		out.valid, out.list = x.valid, &own
		return out
	case check.Exists:
		return e.exists(x, e.masked(l, body.bits), f)
	case check.ForAll:
		return e.forAll(x, body.bits, f)
	case check.MapEach:
		out := e.vector(n.T.Kind)
		own := *l
		own.elems = body
		if n.T.Kind == check.List {
			own.keys = nil
		}
		out.valid, out.list = x.valid, &own
		return out
	case check.TopN, check.BottomN:
		return e.extremes(n, x, body, e.eval(n.N, f), f)
	case check.GroupBy:
		return e.groupBy(n, x, body, f)
	}
	return e.aggregate(n.Op, n.T, x, body, f)
}

// wanted gives the elements whose values matter: those that are in lists that do.
func (e *Evaluator) wanted(l *list, f *frame) []uint64 {
	if f.need == nil {
		return l.mask
	}
	out := e.bitmap(l.frame.n)
	kernel.Spread(out, f.need, l.offsets)
	return e.masked(l, out)
}

// bind gives a slot its value.
func (e *Evaluator) bind(slot int, v *vector, f *frame) { e.slots[slot] = binding{v, f} }

// masked gives the elements of l for which also the condition holds.
func (e *Evaluator) masked(l *list, cond []uint64) []uint64 {
	if l.mask == nil {
		return cond
	}
	out := e.bitmap(l.frame.n)
	copy(out, l.mask)
	kernel.And(out, cond)
	return out
}

// exists says which lists have an element in mask; a null list has none.
func (e *Evaluator) exists(x *vector, mask []uint64, f *frame) *vector {
	out := e.condition(f)
	if mask == nil {
		kernel.Filled(out.bits, x.list.offsets)
	} else {
		kernel.Exists(out.bits, mask, x.list.offsets)
	}
	if x.valid != nil {
		kernel.And(out.bits, x.valid[:len(out.bits)])
	}
	return out
}

// forAll says in which lists no element fails; a null list has none.
func (e *Evaluator) forAll(x *vector, cond []uint64, f *frame) *vector {
	failing := e.bitmap(x.list.frame.n)
	kernel.Not(failing, cond, x.list.frame.n)
	out := e.exists(x, e.masked(x.list, failing), f)
	kernel.Not(out.bits, out.bits, f.n)
	return out
}

// count gives the number of elements.
func (e *Evaluator) count(x *vector, f *frame) *vector {
	out := e.vector(check.Int)
	out.valid, out.ints = x.valid, e.longs(f.n)
	counts := e.words32(f.n)
	if x.list.mask == nil {
		kernel.Lengths(counts, x.list.offsets)
	} else {
		kernel.Counts(counts, x.list.mask, x.list.offsets)
	}
	for i, c := range counts {
		out.ints[i] = int64(c)
	}
	return out
}

// comprehend folds the elements of the one declaration of a select, a quantifier or
// an aggregate.
func (e *Evaluator) comprehend(n *check.Comprehend, f *frame) *vector {
	d := n.Decls[0]
	x := e.eval(d.From, f)
	l := *x.list
	l.mask = e.masked(&l, e.presence(x, f))
	e.bind(d.Slot, e.unread(&l), l.frame)
	all := e.vector(x.kind)
	all.list = &l
	if n.Op == check.ForAll && d.Where == nil {
		out := e.condition(f)
		fillBits(out.bits, f.n)
		return out
	}
	if d.Where != nil {
		var where *vector
		e.entered(l.frame, e.wanted(&l, f), func() { where = e.eval(d.Where, l.frame) })
		if n.Op == check.ForAll {
			return e.forAll(all, where.bits, f)
		}
		l.mask = e.masked(&l, where.bits)
	}
	switch n.Op {
	case check.Select:
		out := e.vector(check.List)
		l.keys = nil
		out.list = &l
		return out
	case check.Exists:
		return e.exists(all, l.mask, f)
	}
	var yield *vector
	e.entered(l.frame, e.wanted(&l, f), func() { yield = e.eval(n.Yield, l.frame) })
	return e.aggregate(n.Op, n.T, all, yield, f)
}

// presence says of each element whether its list is not null.
func (e *Evaluator) presence(x *vector, f *frame) []uint64 {
	out := e.bitmap(x.list.frame.n)
	if x.valid == nil {
		fillBits(out, x.list.frame.n)
		return out
	}
	kernel.Spread(out, e.present(x, f).bits, x.list.offsets)
	return out
}

// gather is the running dot: the values of a field over the elements of lists, those
// of lists of lists spliced in.
func (e *Evaluator) gather(n *check.Gather, f *frame) *vector {
	x := e.eval(n.X, f)
	l := x.list
	values := e.member(e.unread(l), n.F, l.frame)
	out := e.vector(check.List)
	out.valid = x.valid
	if values.kind != check.List || n.T.Elem.Kind == check.List {
		own := list{frame: l.frame, offsets: l.offsets, elems: values}
		own.mask = e.masked(l, e.present(values, l.frame).bits)
		out.list = &own
		return out
	}
	inner := values.list
	own := list{elems: e.unread(inner), offsets: e.words32(f.n + 1)}
	for i, o := range l.offsets {
		own.offsets[i] = inner.offsets[o]
	}
	own.frame = e.below(f, own.offsets, inner.frame.n)
	own.mask = e.bitmap(inner.frame.n)
	outer := e.present(values, l.frame).bits
	if l.mask != nil {
		kernel.And(outer, l.mask)
	}
	kernel.Spread(own.mask, outer, inner.offsets)
	kernel.And(own.mask, e.present(inner.elems, inner.frame).bits)
	if inner.mask != nil {
		kernel.And(own.mask, inner.mask)
	}
	out.list = &own
	return out
}

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

// extreme gives the least or greatest value, null of nothing.
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

// head gives the first element, or null.
func (e *Evaluator) head(n *check.Call, f *frame) *vector {
	x := e.eval(n.Args[0], f)
	l := x.list
	at := e.words32(f.n)
	found := e.bitmap(f.n)
	for i := range at {
		at[i] = 0
		for k := l.offsets[i]; k < l.offsets[i+1]; k++ {
			if l.in(int(k)) {
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
	if x.valid != nil {
		kernel.And(found, x.valid[:len(found)])
	}
	if out.valid != nil {
		kernel.And(found, out.valid)
	}
	out.valid = found
	return out
}
