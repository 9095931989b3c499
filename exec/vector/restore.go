package vector

import "github.com/segq/segq/lang/check"

// The state that an evaluation sees beside its arguments is three things. Who changes one
// of them for a part puts it back before the next part is evaluated, and does so by a
// function of this file:
//
//   - need of a frame: where the values of the part matter. The lists of a column have one
//     frame for all who run over them, one inside of the body of another included.
//   - slots: the definition of a segment has its own.
//   - overflowed: what a part has lost is remembered with its value, and then added to what
//     was lost before.
//
// Three things need no putting back. A slot that a lambda, a let or a declaration binds is its
// own: nothing outside of its body mentions it. What is known, and the lists that were
// found, may be used by any part until the block ends; a result says where it is right. Once
// an evaluation was stopped it stays so, and Cond forgets what it has left half done.
//
// All of this may be shared, since nothing that was handed on is changed: not the slices of
// a vector, not the mask of a list, not a bitmap that was somebody's need. Who wants
// a list with another mask makes a copy of the list. Only the slices of a vector that are
// still to be read from a column, and elements that are late, are filled in when first asked for.
//
// A panic puts nothing back: its evaluator is not used again.

// needing evaluates n over f where only the positions in need matter; nil is all.
func (e *Evaluator) needing(need []uint64, n check.Node, f *frame) *vector {
	outer := f.need
	f.need = need
	v := e.eval(n, f)
	f.need = outer
	return v
}

// noting computes n over f, and says whether that has lost a number that mattered.
func (e *Evaluator) noting(n check.Node, f *frame) (v *vector, overflowed bool) {
	before := e.overflowed
	e.overflowed = false
	v = e.compute(n, f)
	overflowed = e.overflowed
	e.overflowed = overflowed || before
	return v, overflowed
}

// segment evaluates the definition of a segment, in slots of its own.
func (e *Evaluator) segment(n *check.Segment, f *frame) *vector {
	outer := e.slots
	e.slots = make([]binding, max(n.Query.Slots, 1))
	e.slots[0] = outer[0]
	v := e.eval(n.Query.Cond, f)
	e.slots = outer
	return v
}
