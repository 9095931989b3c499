package vector

import (
	"github.com/segq/segq/exec/kernel"
	"github.com/segq/segq/lang/check"
)

// frame is the positions that vectors run over: the rows of a block, or the
// elements of lists that hang in another frame.
type frame struct {
	n     int
	outer *frame
	depth int
	// Position i of outer has the elements from offsets[i] to before offsets[i+1];
	// owner, which is found when it is first asked for, has the position that an
	// element belongs to.
	offsets []uint32
	owner   []uint32
	// need has the positions whose values matter; nil is all. Others are computed
	// all the same, but what goes wrong there counts for nothing.
	need []uint64
}

// elems gives the elements of lists, read.
func (e *Evaluator) elems(l *list) *vector { return e.force(e.unread(l), l.frame.n) }

// unread gives the elements of lists, which may still be in their column.
func (e *Evaluator) unread(l *list) *vector {
	if l.elems == nil {
		l.elems = l.late()
	}
	return l.elems
}

// needs says whether the value of position i matters.
func (f *frame) needs(i int) bool { return f.need == nil || f.need[i>>6]>>(i&63)&1 != 0 }

// below gives a frame for the elements of lists with these offsets.
func (e *Evaluator) below(outer *frame, offsets []uint32, n int) *frame {
	return &frame{n: n, outer: outer, depth: outer.depth + 1, offsets: offsets}
}

// owner gives the position of the outer frame that each of an inner one belongs to.
func (e *Evaluator) owner(f *frame) []uint32 {
	if f.owner != nil {
		return f.owner
	}
	f.owner = e.words32(f.n)
	for i := range f.outer.n {
		for k := f.offsets[i]; k < f.offsets[i+1]; k++ {
			f.owner[k] = uint32(i)
		}
	}
	return f.owner
}

// spread repeats a vector over an outer frame for the positions of an inner one.
func (e *Evaluator) spread(v *vector, from, to *frame) *vector {
	if from == to {
		return v
	}
	if to.outer != from {
		v, from = e.spread(v, from, to.outer), to.outer
	}
	if v.real != nil && len(v.real) >= from.n && v.kind == check.Float {
		return e.spreadReals(v, from, to)
	}
	return e.pick(e.force(v, from.n), e.owner(to), to)
}

// spreadReals repeats floats without a look at every owner.
func (e *Evaluator) spreadReals(v *vector, from, to *frame) *vector {
	out := e.vector(check.Float)
	out.constant, out.real = v.constant, e.floats(to.n)
	for i, x := range v.real[:from.n] {
		filled(out.real[to.offsets[i]:to.offsets[i+1]], x)
	}
	if v.valid != nil {
		out.valid = e.bitmap(to.n)
		kernel.Spread(out.valid, e.present(v, from).bits, to.offsets)
	}
	return out
}

// pick gives the values at some positions of a vector, as a vector over f.
func (e *Evaluator) pick(v *vector, at []uint32, f *frame) *vector {
	n := len(at)
	out := e.vector(v.kind)
	out.constant = v.constant
	if v.valid != nil {
		out.valid = e.bitmap(n)
		pickBits(out.valid, v.valid, at)
	}
	if v.bits != nil {
		out.bits = e.bitmap(n)
		pickBits(out.bits, v.bits, at)
	}
	if v.ints != nil {
		out.ints = pickFrom(e.longs(n), v.ints, at)
	}
	if v.ends != nil {
		out.ends = pickFrom(e.longs(n), v.ends, at)
	}
	if v.real != nil {
		out.real = pickFrom(e.floats(n), v.real, at)
	}
	out.dict = v.dict
	if v.codes != nil {
		out.codes = pickFrom(e.words32(n), v.codes, at)
	}
	if out.same = v.same; v.same {
		out.texts = v.texts
	} else if v.texts != nil {
		out.texts = pickFrom(e.strings(n), v.texts, at)
	}
	if v.object != nil {
		out.object, out.at = v.object, e.words32(n)
		for i, p := range at {
			if v.at != nil {
				out.at[i] = v.at[p]
			} else {
				out.at[i] = uint32(v.start) + p
			}
		}
	}
	if v.list != nil {
		out.list = e.pickLists(v.list, at, f)
	}
	return out
}

// pickLists copies the lists at some positions, as lists of f.
func (e *Evaluator) pickLists(l *list, at []uint32, f *frame) *list {
	offsets := e.words32(len(at) + 1)
	n := 0
	for i, p := range at {
		offsets[i] = uint32(n)
		n += int(l.offsets[p+1] - l.offsets[p])
	}
	if e.crowd(n) {
		clear(offsets)
		n = 0
	}
	offsets[len(at)] = uint32(n)
	elems := e.words32(n)
	for i, p := range at {
		for k := range offsets[i+1] - offsets[i] {
			elems[offsets[i]+k] = l.offsets[p] + k
		}
	}
	out := &list{frame: e.below(f, offsets, n), offsets: offsets}
	out.elems = e.pick(e.elems(l), elems, out.frame)
	if l.mask != nil {
		out.mask = e.bitmap(n)
		pickBits(out.mask, l.mask, elems)
	}
	if l.keys != nil {
		out.keys = e.pick(e.force(l.keys, l.frame.n), elems, out.frame)
	}
	return out
}

func pickFrom[T any](dst, src []T, at []uint32) []T {
	for i, p := range at {
		dst[i] = src[p]
	}
	return dst
}

func pickBits(dst, src []uint64, at []uint32) {
	clear(dst)
	for i, p := range at {
		dst[i>>6] |= src[p>>6] >> (p & 63) & 1 << (i & 63)
	}
}
