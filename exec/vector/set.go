package vector

import (
	"github.com/segq/segq/exec/kernel"
	"github.com/segq/segq/lang/check"
)

// in says whether a value is an element of a list: false where one is null.
func (e *Evaluator) in(n *check.Call, f *frame) *vector {
	x := e.eval(n.Args[0], f)
	if out := e.searched(n, x, f); out != nil {
		return out
	}
	if k := e.constantSet(n, 1, x); k != nil {
		out := e.condition(f)
		e.inSet(out.bits, k, x, f.n)
		if n.Op == check.NotIn {
			kernel.Not(out.bits, out.bits, f.n)
		}
		if x.valid != nil {
			kernel.And(out.bits, x.valid[:len(out.bits)])
		}
		return out
	}
	l := e.eval(n.Args[1], f)
	out := e.condition(f)
	e.elems(l.list)
	valid := e.both(f, x, l)
	for i := range f.n {
		if valid != nil && valid[i>>6]>>(i&63)&1 == 0 {
			continue
		}
		out.bits[i>>6] |= bit(l.list.has(i, x, i) == (n.Op == check.In)) << (i & 63)
	}
	return out
}

// has says whether position j of x is an element of list i.
func (l *list) has(i int, x *vector, j int) bool {
	for k := l.offsets[i]; k < l.offsets[i+1]; k++ {
		if l.in(int(k)) && !l.elems.null(int(k)) && equal(x, j, l.elems, int(k)) {
			return true
		}
	}
	return false
}

// setTest says whether two lists have an element in common, or one has all of the
// other.
func (e *Evaluator) setTest(n *check.Call, f *frame) *vector {
	first, second := 0, 1
	if n.Op == check.SupersetOf {
		first, second = 1, 0
	}
	x := e.eval(n.Args[first], f)
	members, valid := e.members(n, second, x, f)
	var out *vector
	if n.Op == check.Intersects {
		out = e.exists(x, e.masked(x.list, members), f)
	} else {
		// Null elements are in every set.
		out = e.forAll(x, e.orNull(x.list, members), f)
	}
	if x.valid != nil {
		kernel.And(out.bits, x.valid[:len(out.bits)])
	}
	if valid != nil {
		kernel.And(out.bits, valid[:len(out.bits)])
	}
	return out
}

// members says which elements of x are elements of the list of operand i in the same
// place, and where that list is not null.
func (e *Evaluator) members(n *check.Call, i int, x *vector, f *frame) (members, valid []uint64) {
	l := x.list
	elems := e.elems(l)
	out := e.bitmap(l.frame.n)
	if k := e.constantSet(n, i, elems); k != nil {
		e.inSet(out, k, elems, l.frame.n)
		if elems.valid != nil {
			kernel.And(out, elems.valid[:len(out)])
		}
		return out, nil
	}
	y := e.eval(n.Args[i], f)
	e.elems(y.list)
	for i := range len(l.offsets) - 1 {
		if e.halted(i) {
			break
		}
		for k := l.offsets[i]; k < l.offsets[i+1]; k++ {
			if l.in(int(k)) && !elems.null(int(k)) && y.list.has(i, elems, int(k)) {
				out[k>>6] |= 1 << (k & 63)
			}
		}
	}
	return out, y.valid
}

// orNull adds the elements that are null.
func (e *Evaluator) orNull(l *list, mask []uint64) []uint64 {
	if l.elems.valid == nil {
		return mask
	}
	out := e.bitmap(l.frame.n)
	kernel.Not(out, e.present(l.elems, l.frame).bits, l.frame.n)
	kernel.Or(out, mask)
	return out
}

// intersection returns the common elements in the order of the first list, each once;
// null when there are none.
func (e *Evaluator) intersection(n *check.Call, f *frame) *vector {
	x := e.eval(n.Args[0], f)
	own := *x.list
	own.keys = nil
	members, valid := e.members(n, 1, x, f)
	own.mask = e.firsts(&own, e.masked(&own, members))
	out := e.vector(check.List)
	some := e.exists(&vector{list: &own, valid: e.both(f, x, &vector{valid: valid})}, own.mask, f)
	out.valid, out.list = some.bits, &own
	return out
}

// distinct returns each element once, first occurrences. Null is no element.
func (e *Evaluator) distinct(n *check.Call, f *frame) *vector {
	x := e.eval(n.Args[0], f)
	own := *x.list
	own.keys = nil
	own.mask = e.firsts(&own, e.masked(&own, e.present(e.elems(&own), own.frame).bits))
	out := e.vector(check.List)
	out.valid, out.list = x.valid, &own
	return out
}

// firsts returns the elements in mask that none before them in their list equals.
func (e *Evaluator) firsts(l *list, mask []uint64) []uint64 {
	out := e.bitmap(l.frame.n)
	find := e.finder(e.elems(l))
	var before []uint32
	for i := range len(l.offsets) - 1 {
		if e.halted(i) {
			break
		}
		before = before[:0]
		find.next()
		end := l.offsets[i+1]
		for k := l.offsets[i]; k < end; k++ {
			if mask[k>>6]>>(k&63)&1 == 0 {
				continue
			}
			if _, fresh := find.group(int(k), before); fresh {
				before = append(before, k)
				out[k>>6] |= 1 << (k & 63)
			}
		}
	}
	return out
}
