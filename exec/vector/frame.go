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

// needs says whether the value of position i matters.
func (f *frame) needs(i int) bool { return f.need == nil || f.need[i>>6]>>(i&63)&1 != 0 }

// narrowed returns the positions of f that matter and are in mask.
func (e *Evaluator) narrowed(f *frame, mask []uint64) []uint64 {
	if f.need == nil {
		return mask
	}
	need := e.bitmap(f.n)
	copy(need, mask)
	kernel.And(need, f.need)
	return need
}

// below returns a frame for the elements of lists with these offsets.
func (e *Evaluator) below(outer *frame, offsets []uint32, n int) *frame {
	return &frame{n: n, outer: outer, depth: outer.depth + 1, offsets: offsets}
}

// owner returns the position of the outer frame that each of an inner one belongs to.
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
