package vector

import (
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
	body := e.needing(e.wanted(l, f), n.Body, l.frame)
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
		where := e.needing(e.wanted(&l, f), d.Where, l.frame)
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
	yield := e.needing(e.wanted(&l, f), n.Yield, l.frame)
	return e.aggregate(n.Op, n.T, all, yield, f)
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
