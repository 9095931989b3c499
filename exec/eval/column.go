package eval

import (
	"context"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// Column returns values of a type as a column, one row for each. An Interval is text: its
// start and its end, with a slash between. Texts are copied.
func Column(t *check.Type, values []Value) column.Column {
	n := len(values)
	valid := validity(values)
	switch t.Kind {
	case check.Bool:
		c := &column.Bools{Valid: valid, Bits: column.NewBitmap(n), N: n}
		for i, v := range values {
			if v.Bool() {
				c.Bits.Set(i)
			}
		}
		return c
	case check.Int:
		return &column.Ints{Valid: valid, I64: integers(values)}
	case check.Timestamp:
		return &column.Timestamps{Valid: valid, V: integers(values)}
	case check.Float:
		c := &column.Floats{Valid: valid, V: make([]float64, n)}
		for i, v := range values {
			if !v.IsNull() {
				c.V[i] = v.Float()
			}
		}
		return c
	case check.String, check.Interval:
		return texts(valid, values)
	case check.List, check.Map:
		return lists(t, valid, values)
	case check.Object:
		c := &column.Struct{Valid: valid, N: n, Fields: make([]column.Column, len(t.Fields))}
		for k, f := range t.Fields {
			members := make([]Value, n)
			for i, v := range values {
				if !v.IsNull() {
					members[i] = v.member(f)
				}
			}
			c.Fields[k] = Column(f.Type, members)
		}
		return c
	}
	return &column.Nulls{N: n}
}

// validity returns where values are not null, nil for everywhere.
func validity(values []Value) column.Bitmap {
	valid, ones := column.NewBitmap(len(values)), 0
	for i, v := range values {
		if !v.IsNull() {
			valid.Set(i)
			ones++
		}
	}
	if ones == len(values) {
		return nil
	}
	return valid
}

func integers(values []Value) []int64 {
	out := make([]int64, len(values))
	for i, v := range values {
		out[i] = v.a
	}
	return out
}

func texts(valid column.Bitmap, values []Value) *column.Texts {
	c := &column.Texts{Valid: valid, Offsets: make([]uint32, 1, len(values)+1)}
	for _, v := range values {
		if !v.IsNull() {
			c.Bytes = append(c.Bytes, v.Text()...)
		}
		c.Offsets = append(c.Offsets, uint32(len(c.Bytes)))
	}
	return c
}

// lists returns lists or maps as a column.
func lists(t *check.Type, valid column.Bitmap, values []Value) column.Column {
	offsets := make([]uint32, 1, len(values)+1)
	var elems, keys []Value
	for _, v := range values {
		if !v.IsNull() {
			for i := range v.Len() {
				elems = append(elems, v.at(i))
				if t.Kind == check.Map {
					keys = append(keys, stringValue(v.key(i)))
				}
			}
		}
		offsets = append(offsets, uint32(len(elems)))
	}
	elem := Column(t.Elem, elems)
	if t.Kind == check.List {
		return &column.List{Valid: valid, Offsets: offsets, Elem: elem}
	}
	names, _ := column.Sorted(context.Background(), texts(nil, keys), 1) // it fails with its context alone
	return &column.Map{Valid: valid, Offsets: offsets, Keys: names, Values: elem}
}
