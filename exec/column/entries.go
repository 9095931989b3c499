package column

import (
	"cmp"
	"slices"
)

// SortEntries puts the entries of each map of c, and of what is in c, in byte
// order of their keys, so that equal maps are equal columns whatever order they
// came in. Entries of one key keep their order. It changes c, and must be done
// before [Index] and before anybody else reads c. Maps that are in order are
// left as they are; the others are copied one column at a time.
func SortEntries(c Column) {
	switch c := c.(type) {
	case *Struct:
		for _, f := range c.Fields {
			SortEntries(f)
		}
	case *List:
		SortEntries(c.Elem)
	case *Map:
		SortEntries(c.Values)
		if order := entryOrder(c); order != nil {
			c.Keys = pickStrings(c.Keys, order)
			c.Values = pick(c.Values, order)
		}
	}
}

// entryOrder returns the entries of all rows in the order of keys within each row;
// nil when they are in order already.
func entryOrder(c *Map) []uint32 {
	var order []uint32
	byKey := func(a, b uint32) int { return cmp.Compare(c.Keys.Codes.At(int(a)), c.Keys.Codes.At(int(b))) }
	for row, end := range c.Offsets[1:] {
		start := c.Offsets[row]
		sorted := true
		for i := start + 1; i < end && sorted; i++ {
			sorted = byKey(i-1, i) <= 0
		}
		if sorted {
			continue
		}
		if order == nil {
			order = make([]uint32, c.Keys.Len())
			for i := range order {
				order[i] = uint32(i)
			}
		}
		slices.SortStableFunc(order[start:end], byKey)
	}
	return order
}

// pick returns the rows of c that are listed, in that order, as a new column.
func pick(c Column, rows []uint32) Column {
	switch c := c.(type) {
	case *Bools:
		return &Bools{Valid: pickBits(c.Valid, rows), Bits: pickBits(c.Bits, rows), N: len(rows)}
	case *Ints:
		return &Ints{
			Valid: pickBits(c.Valid, rows), Low: c.Low, High: c.High,
			I8: pickSlice(c.I8, rows), I16: pickSlice(c.I16, rows), I32: pickSlice(c.I32, rows), I64: pickSlice(c.I64, rows),
		}
	case *Floats:
		return &Floats{Valid: pickBits(c.Valid, rows), V: pickSlice(c.V, rows)}
	case *Timestamps:
		return &Timestamps{Valid: pickBits(c.Valid, rows), V: pickSlice(c.V, rows)}
	case *Strings:
		return pickStrings(c, rows)
	case *Texts:
		return pickTexts(c, rows)
	case *Sparse, *Constant:
		return pick(Dense(c), rows)
	case *Struct:
		out := &Struct{Valid: pickBits(c.Valid, rows), N: len(rows), Fields: make([]Column, len(c.Fields))}
		for i, f := range c.Fields {
			out.Fields[i] = pick(f, rows)
		}
		return out
	case *List:
		offsets, elems := pickSpans(c.Offsets, rows)
		return &List{Valid: pickBits(c.Valid, rows), Offsets: offsets, Elem: pick(c.Elem, elems)}
	case *Map:
		offsets, entries := pickSpans(c.Offsets, rows)
		return &Map{
			Valid: pickBits(c.Valid, rows), Offsets: offsets,
			Keys: pickStrings(c.Keys, entries), Values: pick(c.Values, entries),
		}
	}
	return &Nulls{N: len(rows)}
}

func pickStrings(c *Strings, rows []uint32) *Strings {
	codes := Codes{U8: pickSlice(c.Codes.U8, rows), U16: pickSlice(c.Codes.U16, rows), U32: pickSlice(c.Codes.U32, rows)}
	return &Strings{Valid: pickBits(c.Valid, rows), Codes: codes, Dict: c.Dict}
}

// pickSpans returns the offsets of the listed rows, and the elements of these.
func pickSpans(offsets, rows []uint32) (picked, elems []uint32) {
	picked = make([]uint32, 1, len(rows)+1)
	for _, row := range rows {
		for i := offsets[row]; i < offsets[row+1]; i++ {
			elems = append(elems, i)
		}
		picked = append(picked, uint32(len(elems)))
	}
	return picked, elems
}

func pickSlice[T any](from []T, rows []uint32) []T {
	if from == nil {
		return nil
	}
	out := make([]T, len(rows))
	for i, row := range rows {
		out[i] = from[row]
	}
	return out
}

func pickBits(from Bitmap, rows []uint32) Bitmap {
	if from == nil {
		return nil
	}
	out := NewBitmap(len(rows))
	for i, row := range rows {
		if from.Get(int(row)) {
			out.Set(i)
		}
	}
	return out
}
