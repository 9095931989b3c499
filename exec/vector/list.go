package vector

import (
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/kernel"
	"github.com/segq/segq/lang/check"
)

// list is the lists of a frame: position i has the elements of frame from
// offsets[i] to offsets[i+1] that are in mask.
type list struct {
	frame   *frame
	offsets []uint32
	mask    []uint64 // nil is all
	elems   *vector
	// late makes elems where nobody has asked for them yet.
	late func() *vector
	keys *vector // of a Map
}

// in says whether element i is in the list that holds it.
func (l *list) in(i int) bool { return l.mask == nil || l.mask[i>>6]>>(i&63)&1 != 0 }

// listKey is the lists of a column in a frame: they are found once a block, so that
// all who run over them share the frame of their elements.
type listKey struct {
	f     *frame
	col   column.Column
	owner *vector
}

// elems returns the elements of lists, read.
func (e *Evaluator) elems(l *list) *vector { return e.force(e.unread(l), l.frame.n) }

// unread returns the elements of lists, which may still be in their column.
func (e *Evaluator) unread(l *list) *vector {
	if l.elems == nil {
		l.elems = l.late()
	}
	return l.elems
}

// masked returns the elements of l for which also the condition holds.
func (e *Evaluator) masked(l *list, cond []uint64) []uint64 {
	if l.mask == nil {
		return cond
	}
	out := e.bitmap(l.frame.n)
	copy(out, l.mask)
	kernel.And(out, cond)
	return out
}

// wanted returns the elements whose values matter: those that are in lists that do.
func (e *Evaluator) wanted(l *list, f *frame) []uint64 {
	if f.need == nil {
		return l.mask
	}
	out := e.bitmap(l.frame.n)
	kernel.Spread(out, f.need, l.offsets)
	return e.masked(l, out)
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

// count returns the number of elements.
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

// head returns the first element, or null.
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
