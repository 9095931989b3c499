package pack

import "github.com/segq/segq/exec/column"

// rebuild returns the column of vectors that were verified. That of a list, map or struct
// has the columns below as they stand in snapshots.
func (s *shape) rebuild(v [][]byte) column.Column {
	var valid column.Bitmap
	if s.valid {
		valid, v = bitmap(v[0]), v[1:]
	}
	switch {
	case s.sparse:
		return &column.Sparse{Valid: valid, Before: vector[uint32](v[0]), Values: s.rebuilt(v[1:], nil), N: s.rows}
	case s.constant:
		return &column.Constant{Valid: valid, Value: s.rebuilt(v, nil), N: s.rows}
	}
	return s.rebuilt(v, valid)
}

// rebuilt is rebuild for the values that are stored.
func (s *shape) rebuilt(v [][]byte, valid column.Bitmap) column.Column {
	switch s.kind {
	case bools:
		return &column.Bools{Valid: valid, Bits: bitmap(v[0]), N: s.stored()}
	case ints:
		c := &column.Ints{Valid: valid, Low: s.low, High: s.high, Order: s.order(v[1:])}
		switch s.width {
		case 1:
			c.I8 = vector[int8](v[0])
		case 2:
			c.I16 = vector[int16](v[0])
		case 4:
			c.I32 = vector[int32](v[0])
		default:
			c.I64 = vector[int64](v[0])
		}
		return c
	case floats:
		return &column.Floats{Valid: valid, V: vector[float64](v[0]), Order: s.order(v[1:])}
	case timestamps:
		return &column.Timestamps{Valid: valid, V: vector[int64](v[0]), Order: s.order(v[1:])}
	case texts:
		return &column.Strings{Valid: valid, Codes: s.codes(v[0]), Dict: &column.Dict{Offsets: vector[uint32](v[1]), Bytes: vector[byte](v[2])}}
	case rowTexts:
		return &column.Texts{Valid: valid, Offsets: vector[uint32](v[0]), Bytes: vector[byte](v[1])}
	case structs:
		c := &column.Struct{Valid: valid, N: s.rows, Fields: make([]column.Column, len(s.children))}
		for i, f := range s.children {
			c.Fields[i] = f.current()
		}
		return c
	case lists:
		c := &column.List{Valid: valid, Offsets: vector[uint32](v[0]), Elem: s.children[0].current()}
		if s.ends {
			c.Ends = bitmap(v[1])
		}
		return c
	case maps:
		keys, _ := s.children[0].current().(*column.Strings)
		return &column.Map{Valid: valid, Offsets: vector[uint32](v[0]), Keys: keys, Values: s.children[1].current()}
	}
	return &column.Nulls{N: s.rows}
}

func (s *shape) codes(b []byte) column.Codes {
	switch s.width {
	case 1:
		return column.Codes{U8: vector[uint8](b)}
	case 2:
		return column.Codes{U16: vector[uint16](b)}
	}
	return column.Codes{U32: vector[uint32](b)}
}

func (s *shape) order(v [][]byte) *column.Order {
	if s.buckets == 0 {
		return nil
	}
	return &column.Order{Codes: vector[uint16](v[0]), Least: vector[int64](v[1]), Mixed: bitmap(v[2]), Greatest: s.greatest}
}

// bitmap is never nil, which would mean that all bits are one.
func bitmap(b []byte) column.Bitmap {
	if len(b) == 0 {
		return column.Bitmap{}
	}
	return vector[uint64](b)
}

// current returns what stands for the column in snapshots now.
func (s *shape) current() column.Column {
	if s.column != nil {
		return s.column
	}
	if s.parent.unloaded == nil {
		s.parent.unloaded = &column.Unloaded{N: s.rows}
	}
	return s.parent.unloaded
}

// renew makes the columns of structs, lists and maps anew below which there are others now.
// The older ones may be in snapshots, and stay as they are.
func (s *shape) renew() {
	if !s.stale {
		return
	}
	s.stale = false
	for _, c := range s.children {
		c.renew()
	}
	switch c := s.column.(type) {
	case *column.Struct:
		own := &column.Struct{Valid: c.Valid, N: c.N, Fields: make([]column.Column, len(s.children))}
		for i, f := range s.children {
			own.Fields[i] = f.current()
		}
		s.column = own
	case *column.List:
		s.column = &column.List{Valid: c.Valid, Offsets: c.Offsets, Ends: c.Ends, Elem: s.children[0].current()}
	case *column.Map:
		keys, _ := s.children[0].current().(*column.Strings)
		s.column = &column.Map{Valid: c.Valid, Offsets: c.Offsets, Keys: keys, Values: s.children[1].current()}
	}
}
