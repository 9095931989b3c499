package load

import (
	"slices"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// layBeside takes fields out of those that are read of a profile, and adds them to all.
func (v *vessel) layBeside(laid []*check.Field, all map[*check.Field]*vessel) {
	if v.elem != nil {
		v.elem.layBeside(laid, all)
	}
	for i, f := range v.fields {
		if f == nil {
			continue
		}
		f.layBeside(laid, all) // which may have others
		if field := v.t.Fields[i]; slices.Contains(laid, field) {
			v.fields[i] = nil
			delete(v.byName, field.Name)
			v.laid = append(v.laid, f)
			all[field] = f
		}
	}
}

// Lay gives a field that no profile has the values of a column, for each object that it is in. It is called after
// each [Profiles.Read]; else the field is null.
func (p *Profiles) Lay(f *check.Field, values column.Column) {
	v := p.laid[f]
	v.empty()
	for row := range values.Len() {
		v.take(values, row)
	}
	v.finish()
}

// take adds the value that a column has in a row.
func (v *vessel) take(c column.Column, row int) {
	if v.fill == nil || c.Null(row) {
		v.null()
		return
	}
	switch c := c.(type) {
	case *column.Struct:
		for i, f := range v.fields {
			if f != nil {
				f.pad(v.rows)
				f.take(c.Fields[i], row)
			}
		}
		v.value()
	case *column.List:
		for at := c.Offsets[row]; at < c.Offsets[row+1]; at++ {
			v.elem.take(c.Elem, int(at))
		}
		v.value()
	case *column.Map:
		for at := c.Offsets[row]; at < c.Offsets[row+1]; at++ {
			v.keys.add(c.Keys.At(int(at)))
			v.elem.take(c.Values, int(at))
		}
		v.value()
	default:
		v.copy(c, row)
	}
}
