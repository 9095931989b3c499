package lookup

import (
	"slices"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// overlay returns c, of type t, with the object of the lookup in it; c itself where what it
// would be in is not resident, or is nowhere.
func (j *joined) overlay(c column.Column, t *check.Type, depth int) column.Column {
	switch c := c.(type) {
	case *column.List:
		own := *c
		own.Elem = j.overlay(c.Elem, t.Elem, depth)
		return &own
	case *column.Map:
		own := *c
		own.Values = j.overlay(c.Values, t.Elem, depth+1)
		return &own
	case *column.Struct:
		own := &column.Struct{Valid: c.Valid, N: c.N, Fields: slices.Clone(c.Fields)}
		if depth == j.depth {
			own.Fields = append(own.Fields, j.column(c.N))
			return own
		}
		f := t.Field(j.Path[depth])
		own.Fields[f.Index] = j.overlay(c.Fields[f.Index], f.Type, depth+1)
		return own
	}
	return c
}

// column returns the object, beside so many keys.
func (j *joined) column(n int) column.Column {
	if !j.known {
		return &column.Unloaded{N: n}
	}
	row := &column.Struct{Valid: j.valid, N: j.rows, Fields: make([]column.Column, len(j.units))}
	for i, u := range j.units {
		if row.Fields[i] = u.column; u.column == nil {
			row.Fields[i] = &column.Unloaded{N: j.rows}
		}
	}
	return within(row, j.outer)
}

// within puts a column into lists and maps.
func within(c column.Column, around []column.Column) column.Column {
	for _, outer := range slices.Backward(around) {
		switch o := outer.(type) {
		case *column.List:
			own := *o
			own.Elem = c
			c = &own
		case *column.Map:
			own := *o
			own.Values = c
			c = &own
		case *column.Nulls:
			c = o
		}
	}
	return c
}

// keys returns the column of the keys, and the lists and maps that they are in beside the object; nil
// where there are none.
func (j *joined) keys(c column.Column, t *check.Type, depth int) (keys column.Column, outer []column.Column) {
	switch c := c.(type) {
	case *column.List:
		return j.keys(c.Elem, t.Elem, depth)
	case *column.Map:
		return j.keys(c.Values, t.Elem, depth+1)
	case *column.Struct:
		f := t.Field(j.Path[depth])
		if depth < j.depth {
			return j.keys(c.Fields[f.Index], f.Type, depth+1)
		}
		return through(c.Fields[f.Index], f.Type)
	}
	return nil, nil
}

// through goes to the keys that are in lists and maps.
func through(c column.Column, t *check.Type) (keys column.Column, outer []column.Column) {
	for t.Kind == check.List || t.Kind == check.Map {
		outer, t = append(outer, c), t.Elem
		switch o := c.(type) {
		case *column.List:
			c = o.Elem
		case *column.Map:
			c = o.Values
		default: // no row has one
			return &column.Nulls{}, append(outer[:len(outer)-1], &column.Nulls{N: c.Len()})
		}
	}
	return c, outer
}
