package loadreport

import (
	"math"
	"strings"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/repl/show"
)

// place is a place in the schema: the way to it from the profile.
type place struct {
	steps []step
	t     *check.Type
	path  string // as segq schema writes it
	key   string // as the report of the loading does
}

// step goes into a field of an object; into the elements of a list, or the values of a map, where it is nil.
type step = *check.Field

// walk goes through the fields of the objects at a place.
func (f *fields) walk(in place) error {
	for _, field := range in.t.Fields {
		at := place{steps: append(in.steps[:len(in.steps):len(in.steps)], field), t: field.Type, path: load.WrittenPath(in.path, field.Name), key: load.PathOf(in.key, field.Name)}
		if err := f.field(at); err != nil {
			return err
		}
		inside := at
		for inside.t.Kind == check.List || inside.t.Kind == check.Map {
			if inside.t.Kind == check.Map {
				inside.path += "{}"
				inside.key += "{}"
				f.paths[inside.key] = len(f.found) - 1
			}
			inside.t, inside.steps = inside.t.Elem, append(inside.steps[:len(inside.steps):len(inside.steps)], nil)
		}
		if inside.t.Kind != check.Object {
			continue
		}
		if err := f.walk(inside); err != nil {
			return err
		}
	}
	return nil
}

// field counts what is at a place.
func (f *fields) field(at place) error {
	found := Field{Field: show.Clean(at.path), Type: at.t.String()}
	id := len(at.steps) == 1 && at.steps[0] == f.data.Snapshot.ID
	events := len(at.steps) == 1 && at.steps[0] == f.data.Snapshot.EventsField
	err := f.look(at.reads(), func(s *column.Snapshot) {
		c := at.column(s.Root)
		if c == nil {
			return
		}
		filling, of := column.FillingOf(c), c.Len()
		found.Values, found.Of = &filling.Values, &of
		inside, t := elements(c, at.t)
		switch {
		case t.Kind == check.Object:
		case inside == c:
			found.Distinct = &filling.Distinct
		default:
			elems := column.FillingOf(inside)
			found.Distinct = &elems.Distinct
		}
		if events {
			if list, ok := c.(*column.List); ok {
				n := list.Elem.Len()
				f.events = &n
			}
		}
		if id && inside == c {
			f.ids = &IDs{Field: found.Field, Repeated: filling.Repeated, Profiles: filling.Repeats}
			if filling.Repeated > 0 {
				f.ids.FirstRow = filling.First + 1
				f.repeats = load.RepeatsOf(f.data.Snapshot.ID, filling)
			}
		}
	})
	if found.Values == nil {
		found.Values, found.Of = f.told(at)
	}
	f.paths[at.key] = len(f.found)
	f.found = append(f.found, found)
	return err
}

// told returns how many profiles have what is at a place whose column is not in memory; nil where nobody says.
func (f *fields) told(at place) (values, of *int) {
	names := make([]string, len(at.steps))
	for i, s := range at.steps {
		if s == nil { // in a list, or a map
			return nil, nil
		}
		names[i] = s.Name
	}
	share, ok := f.shares[strings.Join(names, ".")]
	if !ok {
		return nil, nil
	}
	rows := f.data.Snapshot.Rows()
	n := int(math.Round(share * float64(rows)))
	return &n, &rows
}

// elements returns what is in lists.
func elements(c column.Column, t *check.Type) (column.Column, *check.Type) {
	for {
		list, ok := c.(*column.List)
		if !ok {
			return c, t
		}
		c, t = list.Elem, t.Elem
	}
}

// reads returns what has to be loaded to look at a place: of what is in a map all of it.
func (p place) reads() *check.Reads {
	all := &check.Reads{}
	r := all
	for _, s := range p.steps {
		if s == nil {
			r = r.Element()
		} else {
			r = r.Field(s.Name)
		}
	}
	inside := p.t
	for inside.Kind == check.List {
		inside, r = inside.Elem, r.Element()
	}
	r.All = inside.Kind != check.Object // of which the presence is enough
	return all
}

// column returns the column at a place; nil where it is not in memory.
func (p place) column(c column.Column) column.Column {
	for _, s := range p.steps {
		switch own := c.(type) {
		case *column.Struct:
			c = own.Fields[s.Index]
		case *column.List:
			c = own.Elem
		case *column.Map:
			c = own.Values
		}
	}
	if inside, _ := elements(c, p.t); isUnloaded(inside) && p.t.Kind != check.List || isUnloaded(c) {
		return nil
	}
	return c
}

func isUnloaded(c column.Column) bool {
	_, ok := c.(*column.Unloaded)
	return ok
}
