package vector

import (
	"github.com/segq/segq/exec/kernel"
	"github.com/segq/segq/lang/check"
)

// condition returns a Bool of zeros that is never null.
func (e *Evaluator) condition(f *frame) *vector {
	v := e.vector(check.Bool)
	v.bits = e.bitmap(f.n)
	return v
}

// connective joins conditions. What the first operands have decided no longer needs
// the others.
func (e *Evaluator) connective(n *check.Call, f *frame) *vector {
	out := e.condition(f)
	left := e.bitmap(f.n)
	if f.need != nil {
		copy(left, f.need)
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
		v := e.needing(left, a, f)
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
	return out
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

// both returns the positions where neither is null; nil is all.
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
