package load

import (
	"slices"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// outlines returns the plans of all files, as of all rows, of which no value was read, and makes
// them the chunks of a loader.
func (t *Table) outlines(l *loader) []*plan {
	plans := make([]*plan, len(t.files))
	for i, f := range t.files {
		plans[i] = f.outline(l)
		l.chunks = append(l.chunks, plans[i].chunk)
	}
	return plans
}

// natural returns what the fields are without a schema, as far as the footers tell.
func (t *Table) natural() (*check.Type, error) {
	o := t.options
	o.Schema = nil
	l, err := newLoader(o)
	if err != nil {
		return nil, err
	}
	t.outlines(l)
	top, _ := l.decide()
	return top.t, nil
}

// bySchema notes which units below b a schema makes something else than the files have, as natural says,
// and that what the others are does not depend on their values.
func (b *branch) bySchema(t, natural, schema *check.Type) {
	switch {
	case b == nil || schema == nil || schema.Kind == check.Any:
		return
	case b.unit != nil:
		b.unit.cast = b.unit.doubtful || natural == nil || !natural.Equal(t)
		b.unit.doubtful = b.unit.said || b.unit.doubtful && !decided(schema)
	case t.Kind == check.List && schema.Kind == check.List:
		b.elem.bySchema(t.Elem, elemOf(natural), schema.Elem)
	case t.Kind == check.Object && schema.Kind == check.Object:
		for _, f := range t.Fields {
			b.fields[f.Name].bySchema(f.Type, fieldOf(natural, f.Name), fieldOf(schema, f.Name))
		}
	}
}

func elemOf(t *check.Type) *check.Type {
	if t == nil {
		return nil
	}
	return t.Elem
}

func fieldOf(t *check.Type, name string) *check.Type {
	if t == nil {
		return nil
	}
	if f := t.Field(name); f != nil {
		return f.Type
	}
	return nil
}

// decided says whether nothing in a type is left to the values.
func decided(t *check.Type) bool {
	switch t.Kind {
	case check.Any:
		return false
	case check.List, check.Map:
		return decided(t.Elem)
	}
	return !slices.ContainsFunc(t.Fields, func(f *check.Field) bool { return !decided(f.Type) })
}

// complete returns a column that has nulls where the files have nothing, and a schema has a field.
func (b *branch) complete(c column.Column, t *check.Type) column.Column {
	if b == nil {
		if _, ok := c.(*column.Unloaded); ok {
			return nothing(t, c.Len())
		}
		return c
	}
	if b.unit != nil {
		return c
	}
	switch own := c.(type) {
	case *column.Struct:
		s := *own
		s.Fields = slices.Clone(own.Fields)
		for i, f := range t.Fields {
			s.Fields[i] = b.fields[f.Name].complete(s.Fields[i], f.Type)
		}
		return &s
	case *column.List:
		l := *own
		l.Elem = b.elem.complete(l.Elem, t.Elem)
		return &l
	}
	return c
}
