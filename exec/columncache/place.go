package columncache

import (
	"slices"
	"strings"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// place is where in a profile a column of its own lies: the names of fields, through lists. It ends at what has
// no objects in it, which is kept as a whole, or at an object, or a list of objects, of which only is
// kept whether it is there, and how long the list is.
type place []string

// key is the place as one text, which no other place has.
func (p place) key() string {
	var b strings.Builder
	for _, name := range p {
		b.WriteString(strings.NewReplacer("\x00", "\x00\x00", "\x01", "\x00\x01").Replace(name))
		b.WriteByte('\x01')
	}
	return b.String()
}

// String is the place as queries write it.
func (p place) String() string { return strings.Join(p, ".") }

// reads returns what is read of a profile of this type to have the place.
func (p place) reads(t *check.Type) *check.Reads {
	r := &check.Reads{}
	at := r
	for _, name := range p {
		t, at = throughLists(t, at)
		at, t = at.Field(name), t.Field(name).Type
	}
	if core(t).Kind != check.Object {
		at.All = true
		return r
	}
	throughLists(t, at)
	return r
}

// below returns the places in an object, or in the objects of a list, none for a place of anything else.
func (p place) below(t *check.Type) []place {
	r, profile := &check.Reads{}, t
	at := r
	for _, name := range p {
		t, at = throughLists(t, at)
		at, t = at.Field(name), t.Field(name).Type
	}
	if of := core(t); of.Kind != check.Object || len(of.Fields) == 0 {
		return nil
	}
	_, at = throughLists(t, at)
	at.All = true
	return placesOf(profile, r)
}

// throughLists returns what is in lists, and what is read of it.
func throughLists(t *check.Type, r *check.Reads) (*check.Type, *check.Reads) {
	for ; t.Kind == check.List; t = t.Elem {
		r = r.Element()
	}
	return t, r
}

// core is what is in lists, and in lists of these.
func core(t *check.Type) *check.Type {
	for t.Kind == check.List {
		t = t.Elem
	}
	return t
}

// placesOf returns the places of what is read of a profile of type t, each once, in the order of the schema.
func placesOf(t *check.Type, r *check.Reads) []place {
	var all []place
	var below func(at place, t *check.Type, r *check.Reads)
	below = func(at place, t *check.Type, r *check.Reads) {
		whole := r.All
		for ; t.Kind == check.List; t = t.Elem {
			if r != nil {
				r = r.Elem
			}
			whole = whole || r != nil && r.All
		}
		before := len(all)
		if t.Kind == check.Object {
			for _, f := range t.Fields {
				switch {
				case whole:
					below(append(slices.Clip(at), f.Name), f.Type, &check.Reads{All: true})
				case r != nil && r.Fields[f.Name] != nil:
					below(append(slices.Clip(at), f.Name), f.Type, r.Fields[f.Name])
				}
			}
		}
		if len(all) == before && len(at) > 0 {
			all = append(all, at)
		}
	}
	below(nil, t, r)
	return all
}

// cut returns the column at a place, with all that it is in and nothing else, and the type of that.
func cut(c column.Column, t *check.Type, p place) (column.Column, *check.Type) {
	switch c := c.(type) {
	case *column.List:
		elem, of := cut(c.Elem, t.Elem, p)
		return &column.List{Valid: c.Valid, Offsets: c.Offsets, Ends: c.Ends, Elem: elem}, check.ListOf(of)
	case *column.Struct:
		own := &column.Struct{Valid: c.Valid, N: c.N}
		if len(p) == 0 {
			return own, check.ObjectOf()
		}
		f := t.Field(p[0])
		below, of := cut(c.Fields[f.Index], f.Type, p[1:])
		own.Fields = []column.Column{below}
		return own, check.ObjectOf(&check.Field{Name: f.Name, Type: of})
	}
	return c, bare(t, p)
}

// indexed returns the column at a place with what scans use beside the values.
func indexed(c column.Column) column.Column {
	switch c := c.(type) {
	case *column.Struct:
		own := *c
		own.Fields = make([]column.Column, len(c.Fields))
		for i, f := range c.Fields {
			own.Fields[i] = indexed(f)
		}
		return &own
	case *column.List:
		own := *c
		own.Elem = indexed(c.Elem)
		own.Index()
		return &own
	}
	return column.Ordered(c)
}

// bare is a type as far as it is kept at a place, where all values are null.
func bare(t *check.Type, p place) *check.Type {
	switch {
	case t.Kind == check.List:
		return check.ListOf(bare(t.Elem, p))
	case t.Kind == check.Object && len(p) == 0:
		return check.ObjectOf()
	case t.Kind == check.Object:
		return check.ObjectOf(&check.Field{Name: p[0], Type: bare(t.Field(p[0]).Type, p[1:])})
	}
	return t
}
