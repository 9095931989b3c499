package pack

import (
	"fmt"
	"unsafe"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// described is a column with its shape, as it is to be written.
type described struct {
	*shape
	vectors [][]byte // as long as the shape says
}

// describer goes through the columns of a snapshot.
type describer struct{ all []described }

// add adds a column of type t and all below it, parents first, and returns its shape.
func (d *describer) add(c column.Column, t *check.Type, name string, parent *shape) (*shape, error) {
	s := &shape{t: t, name: name, parent: parent, rows: c.Len(), valid: column.Validity(c) != nil}
	at := len(d.all)
	d.all = append(d.all, described{shape: s})
	if len(d.all) > maxColumns {
		return nil, fmt.Errorf("there are more than %d columns", maxColumns)
	}
	if sparse, ok := c.(*column.Sparse); ok {
		s.sparse, s.values = true, sparse.Values.Len()
	}
	_, s.constant = c.(*column.Constant)
	v, err := s.describe(column.Stored(c))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.path(), err)
	}
	if sparse, ok := c.(*column.Sparse); ok {
		v = append([][]byte{view(sparse.Before)}, v...)
	}
	if s.valid {
		v = append([][]byte{view(column.Validity(c))}, v...)
	}
	d.all[at].vectors = v
	for i, length := range s.vectors(&lengths{}) {
		if int64(len(v[i])) != length {
			return nil, fmt.Errorf("%s: vector %d of a %T of %d rows has %d bytes, not %d", s.path(), i, c, s.rows, len(v[i]), length)
		}
	}
	return s, d.below(c, s)
}

// below adds the children of c.
func (d *describer) below(c column.Column, s *shape) error {
	child := func(c column.Column, t *check.Type, name string) error {
		below, err := d.add(c, t, name, s)
		s.children = append(s.children, below)
		return err
	}
	switch c := c.(type) {
	case *column.Struct:
		for i, f := range c.Fields {
			if err := child(f, s.t.Fields[i].Type, s.t.Fields[i].Name); err != nil {
				return err
			}
		}
	case *column.List:
		return child(c.Elem, s.t.Elem, "")
	case *column.Map:
		if err := child(c.Keys, check.StringType, "{key}"); err != nil {
			return err
		}
		return child(c.Values, s.t.Elem, "{}")
	}
	return nil
}

// describe fills in what c is, and returns its vectors without that of the validity.
func (s *shape) describe(c column.Column) ([][]byte, error) {
	switch c := c.(type) {
	case *column.Nulls:
		s.kind = nulls
		return nil, nil
	case *column.Bools:
		s.kind = bools
		return [][]byte{view(c.Bits)}, nil
	case *column.Ints:
		s.kind, s.low, s.high = ints, c.Low, c.High
		var values []byte
		values, s.width = oneOf(view(c.I8), view(c.I16), view(c.I32), view(c.I64))
		return s.ordered(c.Order, values), nil
	case *column.Floats:
		s.kind = floats
		return s.ordered(c.Order, view(c.V)), nil
	case *column.Timestamps:
		s.kind = timestamps
		return s.ordered(c.Order, view(c.V)), nil
	case *column.Strings:
		s.kind, s.offsets, s.bytes = texts, len(c.Dict.Offsets), len(c.Dict.Bytes)
		var codes []byte
		codes, s.width = oneOf(c.Codes.U8, view(c.Codes.U16), view(c.Codes.U32))
		return [][]byte{codes, view(c.Dict.Offsets), c.Dict.Bytes}, nil
	case *column.Texts:
		s.kind, s.elems = rowTexts, len(c.Bytes)
		offsets := c.Offsets
		if len(offsets) == 0 {
			offsets = []uint32{0} // there are no rows
		}
		return [][]byte{view(offsets), c.Bytes}, nil
	case *column.Struct:
		s.kind = structs
		return nil, nil
	case *column.List:
		s.kind, s.elems, s.ends = lists, c.Elem.Len(), c.Ends != nil
		if v := [][]byte{view(c.Offsets)}; !s.ends {
			return v, nil
		}
		return [][]byte{view(c.Offsets), view(c.Ends)}, nil
	case *column.Map:
		s.kind, s.elems = maps, c.Keys.Len()
		return [][]byte{view(c.Offsets)}, nil
	}
	return nil, fmt.Errorf("a column of the kind %T cannot be packed", c)
}

// ordered returns the vectors of values with an order, nil for none.
func (s *shape) ordered(o *column.Order, values []byte) [][]byte {
	if o == nil {
		return [][]byte{values}
	}
	s.buckets, s.greatest = len(o.Least), o.Greatest
	return [][]byte{values, view(o.Codes), view(o.Least), view(o.Mixed)}
}

// oneOf returns the slice that is not empty, and the width of its values: they are slices of
// one, two, four and eight bytes. The width of nothing is one.
func oneOf(slices ...[]byte) (values []byte, width int) {
	for i, s := range slices {
		if len(s) > 0 {
			return s, 1 << i
		}
	}
	return nil, 1
}

// view returns the bytes of a vector.
func view[S ~[]T, T any](s S) []byte {
	var zero T
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), len(s)*int(unsafe.Sizeof(zero)))
}

// vector returns the values that bytes hold, nil for none. The bytes begin at a multiple of
// their size.
func vector[T any](b []byte) []T {
	var zero T
	if len(b) == 0 {
		return nil
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/int(unsafe.Sizeof(zero)))
}
