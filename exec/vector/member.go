package vector

import (
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/kernel"
	"github.com/segq/segq/lang/check"
)

// path returns a field of a field of objects. What lies between is not looked at: a
// field of an object that is null in its column is null too.
func (e *Evaluator) path(n *check.Member, f *frame) *vector {
	fields := []*check.Field{n.F}
	x := n.X
	for m, ok := x.(*check.Member); ok; m, ok = x.(*check.Member) {
		fields = append(fields, m.F)
		x = m.X
	}
	v := e.eval(x, f)
	for i := len(fields) - 1; i > 0; i-- {
		if v.object == nil || fields[i].Index >= len(v.object.Fields) {
			return e.nulls(n.T, f)
		}
		inner, ok := v.object.Fields[fields[i].Index].(*column.Struct)
		if !ok {
			return e.nulls(n.T, f)
		}
		own := *v
		own.object = inner
		v = &own
	}
	return e.member(v, n.F, f)
}

// member returns a field of the objects of v.
func (e *Evaluator) member(v *vector, field *check.Field, f *frame) *vector {
	if v.object == nil || field.Index >= len(v.object.Fields) {
		return e.nulls(field.Type, f)
	}
	out := e.read(v.object.Fields[field.Index], field.Type, v, f)
	if v.valid != nil && out.valid != nil {
		// A field of a null object is null in the column; of one that is null by
		// computation it has to be made so.
		valid := e.bitmap(f.n)
		copy(valid, out.valid)
		kernel.And(valid, v.valid[:len(valid)])
		out.valid = valid
	} else if v.valid != nil {
		out.valid = v.valid
	}
	return out
}
