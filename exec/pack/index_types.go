package pack

import (
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// typeNumbers are the types of the format. An object, a list and a map are followed by what
// is in them.
var typeNumbers = [...]check.Kind{check.Any, check.Bool, check.Int, check.Float, check.String, check.Timestamp, check.Object, check.List, check.Map}

// plain are the types without parts, by their numbers.
var plain = [...]*check.Type{check.AnyType, check.BoolType, check.IntType, check.FloatType, check.StringType, check.TimestampType}

func (w *writer) typ(t *check.Type) {
	for number, k := range typeNumbers {
		if k == t.Kind {
			w.b = append(w.b, byte(number))
		}
	}
	switch t.Kind {
	case check.Object:
		w.fields(t)
	case check.List, check.Map:
		w.typ(t.Elem)
	}
}

func (w *writer) fields(t *check.Type) {
	w.number(len(t.Fields))
	for _, f := range t.Fields {
		w.text(f.Name)
		w.typ(f.Type)
	}
}

// typ reads a type below so many others.
func (r *reader) typ(level int) *check.Type {
	number := int(r.byte())
	switch {
	case level > maxLevels:
		r.fail("its types are more than %d levels deep", maxLevels)
	case number >= len(typeNumbers):
		r.fail("there is no type with the number %d", number)
	}
	if r.err != nil {
		return check.AnyType
	}
	switch typeNumbers[number] {
	case check.Object:
		return r.object(level)
	case check.List:
		return check.ListOf(r.typ(level + 1))
	case check.Map:
		return check.MapOf(r.typ(level + 1))
	}
	return plain[number]
}

func (r *reader) object(level int) *check.Type {
	n := r.count(2)
	if r.fields += n; r.fields > maxColumns {
		r.fail("it has more than %d fields", maxColumns)
		n = 0
	}
	fields, room := make([]*check.Field, n), make([]check.Field, n)
	for i := range fields {
		room[i] = check.Field{Name: r.text(), Type: r.typ(level + 1)}
		fields[i] = &room[i]
		if r.err != nil {
			return check.ObjectOf()
		}
	}
	t := check.ObjectOf(fields...)
	for _, f := range fields {
		if t.Field(f.Name) != f {
			r.fail("it has two fields %q in one object", f.Name)
		}
	}
	return t
}

// role reads which of the fields has a role, nil for none.
func (r *reader) role(t *check.Type) *check.Field {
	n := r.number(len(t.Fields))
	if n == 0 || r.err != nil {
		return nil
	}
	return t.Fields[n-1]
}

// fieldsIn lists the fields of t and below in the order of the file, by which they are known
// where their paths do not matter.
func fieldsIn(t *check.Type) []*check.Field {
	var all []*check.Field
	var visit func(t *check.Type)
	visit = func(t *check.Type) {
		for _, f := range t.Fields {
			all = append(all, f)
			visit(f.Type)
		}
		if t.Elem != nil {
			visit(t.Elem)
		}
	}
	visit(t)
	return all
}

func (w *writer) mixtures(t *check.Type, mixtures map[*check.Field]check.Mixture) {
	w.number(len(mixtures))
	if len(mixtures) == 0 {
		return
	}
	for i, f := range fieldsIn(t) {
		if m, ok := mixtures[f]; ok {
			w.number(i)
			w.text(m.Hint)
			w.text(m.False)
			w.text(m.Path)
		}
	}
}

func (r *reader) mixtures(t *check.Type) map[*check.Field]check.Mixture {
	n := r.count(4)
	if n == 0 {
		return nil
	}
	fields := fieldsIn(t)
	mixtures := map[*check.Field]check.Mixture{}
	for range n {
		i := r.number(len(fields) - 1)
		m := check.Mixture{Hint: r.text(), False: r.text(), Path: r.text()}
		if r.err != nil {
			return nil
		}
		mixtures[fields[i]] = m
	}
	return mixtures
}

// fits says whether a column of a kind holds values of a type.
func (k kind) fits(t *check.Type) bool {
	switch k {
	case nulls:
		return true
	case bools:
		return t.Kind == check.Bool
	case ints:
		return t.Kind == check.Int
	case floats:
		return t.Kind == check.Float
	case timestamps:
		return t.Kind == check.Timestamp
	case texts, rowTexts:
		return t.Kind == check.String
	case structs:
		return t.Kind == check.Object
	case lists:
		return t.Kind == check.List
	case maps:
		return t.Kind == check.Map
	}
	return false
}

// plain says whether a column of a kind holds one value for each row.
func (k kind) plain() bool {
	switch k {
	case bools, ints, floats, timestamps, texts, rowTexts:
		return true
	}
	return false
}

var _ column.Table = (*Table)(nil)
