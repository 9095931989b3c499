package memberships

import "github.com/segq/segq/exec/column"

// repeated returns the numbers of some rows, each as often as its list has elements.
func repeated(offsets []uint32, from, to int) []uint32 {
	rows := make([]uint32, 0, offsets[to]-offsets[from])
	for row := from; row < to; row++ {
		for range offsets[row+1] - offsets[row] {
			rows = append(rows, uint32(row))
		}
	}
	return rows
}

// picked returns the values of some rows of a column.
func picked(c column.Column, rows []uint32) column.Column {
	c = column.Dense(c)
	n, valid := len(rows), pickedNulls(c, rows)
	switch c := c.(type) {
	case *column.Bools:
		out := &column.Bools{Valid: valid, Bits: column.NewBitmap(n), N: n}
		for i, row := range rows {
			if c.Bits.Get(int(row)) {
				out.Bits.Set(i)
			}
		}
		return out
	case *column.Ints:
		return &column.Ints{Valid: valid, I64: each(rows, func(row uint32) int64 { return c.At(int(row)) })}
	case *column.Floats:
		return &column.Floats{Valid: valid, V: each(rows, func(row uint32) float64 { return c.V[row] })}
	case *column.Timestamps:
		return &column.Timestamps{Valid: valid, V: each(rows, func(row uint32) int64 { return c.V[row] })}
	case *column.Strings:
		codes := each(rows, func(row uint32) uint32 { return c.Codes.At(int(row)) })
		return &column.Strings{Valid: valid, Dict: c.Dict, Codes: column.Codes{U32: codes}}
	case *column.Texts:
		out := &column.Texts{Valid: valid, Offsets: make([]uint32, 1, n+1)}
		for _, row := range rows {
			out.Bytes = append(out.Bytes, c.At(int(row))...)
			out.Offsets = append(out.Offsets, uint32(len(out.Bytes)))
		}
		return out
	}
	return pickedParts(c, rows, valid)
}

// pickedParts picks from a column whose values have parts.
func pickedParts(c column.Column, rows []uint32, valid column.Bitmap) column.Column {
	switch c := c.(type) {
	case *column.List:
		offsets, elements := pickedElements(c.Offsets, rows)
		return &column.List{Valid: valid, Offsets: offsets, Elem: picked(c.Elem, elements)}
	case *column.Map:
		offsets, entries := pickedElements(c.Offsets, rows)
		keys := picked(c.Keys, entries).(*column.Strings)
		return &column.Map{Valid: valid, Offsets: offsets, Keys: keys, Values: picked(c.Values, entries)}
	case *column.Struct:
		out := &column.Struct{Valid: valid, N: len(rows)}
		for _, f := range c.Fields {
			out.Fields = append(out.Fields, picked(f, rows))
		}
		return out
	}
	return &column.Nulls{N: len(rows)}
}

// pickedElements returns the offsets of the lists of some rows, and the numbers of their elements.
func pickedElements(offsets, rows []uint32) (own, elements []uint32) {
	own = make([]uint32, 1, len(rows)+1)
	for _, row := range rows {
		for i := offsets[row]; i < offsets[row+1]; i++ {
			elements = append(elements, i)
		}
		own = append(own, uint32(len(elements)))
	}
	return own, elements
}

// pickedNulls returns which of some rows are not null, nil for all.
func pickedNulls(c column.Column, rows []uint32) column.Bitmap {
	valid, nulls := column.NewBitmap(len(rows)), false
	for i, row := range rows {
		if c.Null(int(row)) {
			nulls = true
		} else {
			valid.Set(i)
		}
	}
	if !nulls {
		return nil
	}
	return valid
}

func each[From, To any](from []From, value func(From) To) []To {
	out := make([]To, len(from))
	for i, v := range from {
		out[i] = value(v)
	}
	return out
}
