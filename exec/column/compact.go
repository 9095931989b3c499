package column

import (
	"bytes"
	"math"
	"math/bits"
)

// Stored returns the column that holds the values of c, as one of the kinds that have a slot for
// each value: of a [Sparse] or a [Constant] what these keep, else c itself. [At] tells where.
func Stored(c Column) Column {
	switch c := c.(type) {
	case *Sparse:
		return c.Values
	case *Constant:
		return c.Value
	}
	return c
}

// At returns the column that holds the value of row i of c, which is not null, and where.
func At(c Column, i int) (Column, int) {
	switch c := c.(type) {
	case *Sparse:
		return c.Values, c.Rank(i)
	case *Constant:
		return c.Value, 0
	}
	return c, i
}

// Restored returns c with values in the place of those that are [Stored].
func Restored(c, values Column) Column {
	switch c := c.(type) {
	case *Sparse:
		own := *c
		own.Values = values
		return &own
	case *Constant:
		own := *c
		own.Value = values
		return &own
	}
	return values
}

// What is compacted: columns of minCompact rows or more of which at most one in sparseShare has a
// value, or of which all values are the same.
const (
	minCompact  = 1 << 10
	sparseShare = 64
)

// Compact returns a column of plain values that takes no more memory than its values need: a
// [Constant], a [Sparse] or, where it has a value in no row, [Nulls]. It returns c itself where
// that is none of these, or is small.
func Compact(c Column) Column {
	n := c.Len()
	if n < minCompact || Stored(c) != c {
		return c
	}
	valid := Validity(c)
	ones := n
	if valid != nil {
		ones = valid.Ones()
	}
	if few := AsConstant(c); few != nil {
		return few
	}
	if ones <= n/sparseShare {
		if few := AsSparse(c); few != nil {
			return few
		}
	}
	return c
}

// Kept returns about how many bytes [Compact] leaves of so many, which a column of rows holds of
// which some have a value.
func Kept(bytes, rows, values int64) int64 {
	switch {
	case values == 0:
		return 0
	case rows < minCompact || values > rows/sparseShare:
		return bytes
	}
	return int64(float64(bytes)*float64(values)/float64(rows)) + rows/8 + 4*rows/SparseBlock
}

// AsConstant returns c as a [Constant], or [Nulls] where it has no value; nil where its values
// differ, and for lists, maps and objects.
func AsConstant(c Column) Column {
	first := firstValue(c)
	switch {
	case !plain(c):
		return nil
	case first < 0:
		return &Nulls{N: c.Len()}
	case !same(c, first):
		return nil
	}
	out := &Constant{Valid: Validity(c), N: c.Len(), Value: pick(c, []uint32{uint32(first)})}
	switch v := out.Value.(type) {
	case *Strings:
		out.Value = oneString(v.At(0))
	case *Texts:
		out.Value = oneString(v.At(0))
	case *Ints:
		out.Value = NewInts([]int64{v.At(0)}, nil)
	}
	setValid(out.Value, nil)
	return out
}

// AsSparse returns c as a [Sparse], or [Nulls] where it has no value; nil where no row is null, and
// for lists, maps and objects.
func AsSparse(c Column) Column {
	valid := Validity(c)
	if valid == nil || !plain(c) {
		return nil
	}
	rows := make([]uint32, 0, valid.Ones())
	for w, word := range valid {
		for ; word != 0; word &= word - 1 {
			rows = append(rows, uint32(w<<6+bits.TrailingZeros64(word)))
		}
	}
	if len(rows) == 0 {
		return &Nulls{N: c.Len()}
	}
	values := pick(c, rows)
	setValid(values, nil)
	return newSparse(valid, c.Len(), values)
}

// Dense returns a column with the values of c that has a slot for each row: c itself unless it
// is a [Sparse] or a [Constant].
func Dense(c Column) Column {
	stored := Stored(c)
	if stored == c {
		return c
	}
	rows := make([]uint32, c.Len())
	for i := range rows {
		if !c.Null(i) {
			_, at := At(c, i)
			rows[i] = uint32(at)
		}
	}
	if t, ok := stored.(*Texts); ok {
		return denseTexts(c, t, rows)
	}
	out := pick(stored, rows)
	setValid(out, Validity(c))
	zeroNulls(out)
	return out
}

// denseTexts is Dense for the texts of c, which are at these places.
func denseTexts(c Column, texts *Texts, at []uint32) *Texts {
	out := &Texts{Valid: Validity(c), Offsets: make([]uint32, 1, len(at)+1), Bytes: make([]byte, 0, len(texts.Bytes))}
	for i, k := range at {
		if !c.Null(i) {
			out.Bytes = append(out.Bytes, texts.At(int(k))...)
		}
		out.Offsets = append(out.Offsets, uint32(len(out.Bytes)))
	}
	return out
}

// plain says whether c is a column of plain values with a slot for each.
func plain(c Column) bool {
	switch c.(type) {
	case *Bools, *Ints, *Floats, *Timestamps, *Strings, *Texts:
		return true
	}
	return false
}

// setValid changes the validity of a column of plain values that nobody else has yet.
func setValid(c Column, valid Bitmap) {
	switch c := c.(type) {
	case *Bools:
		c.Valid = valid
	case *Ints:
		c.Valid = valid
	case *Floats:
		c.Valid = valid
	case *Timestamps:
		c.Valid = valid
	case *Strings:
		c.Valid = valid
	case *Texts:
		c.Valid = valid
	}
}

// firstValue returns the first row of c that has a value, -1 for none.
func firstValue(c Column) int {
	valid := Validity(c)
	if valid == nil {
		return min(c.Len(), 1) - 1
	}
	for w, word := range valid {
		if word != 0 {
			return w<<6 + bits.TrailingZeros64(word)
		}
	}
	return -1
}

// same says whether all rows of c that have a value have that of row first: the same number to the
// bit, so that a constant -0 stays one.
func same(c Column, first int) bool {
	switch c := c.(type) {
	case *Bools:
		return sameBits(c, c.Bits.Get(first))
	case *Ints:
		return sameIn(c.I8, c.Valid, first) && sameIn(c.I16, c.Valid, first) && sameIn(c.I32, c.Valid, first) && sameIn(c.I64, c.Valid, first)
	case *Floats:
		of := math.Float64bits(c.V[first])
		for i, v := range c.V {
			if math.Float64bits(v) != of && c.Valid.Valid(i) {
				return false
			}
		}
		return true
	case *Timestamps:
		return sameIn(c.V, c.Valid, first)
	case *Strings:
		return sameIn(c.Codes.U8, c.Valid, first) && sameIn(c.Codes.U16, c.Valid, first) && sameIn(c.Codes.U32, c.Valid, first)
	case *Texts:
		of := c.Bytes[c.Offsets[first]:c.Offsets[first+1]]
		for i := first + 1; i < c.Len(); i++ {
			if c.Valid.Valid(i) && !bytes.Equal(of, c.Bytes[c.Offsets[i]:c.Offsets[i+1]]) {
				return false
			}
		}
		return true
	}
	return false
}

func sameBits(c *Bools, is bool) bool {
	for i := range c.N {
		if c.Bits.Get(i) != is && c.Valid.Valid(i) {
			return false
		}
	}
	return true
}

func sameIn[T comparable](values []T, valid Bitmap, first int) bool {
	for i, v := range values {
		if v != values[first] && valid.Valid(i) {
			return false
		}
	}
	return true
}

// oneString returns a column of one string.
func oneString(s string) *Strings {
	d := &Dict{Bytes: []byte(s), Offsets: []uint32{0, uint32(len(s))}}
	return &Strings{Codes: NewCodes(1, 1), Dict: d}
}

// zeroNulls makes the slots of nulls zero, of a column that nobody else has yet.
func zeroNulls(c Column) {
	valid := Validity(c)
	if valid == nil {
		return
	}
	switch c := c.(type) {
	case *Bools:
		for w := range c.Bits {
			c.Bits[w] &= valid[w]
		}
	case *Ints:
		zeroIn(c.I8, valid)
		zeroIn(c.I16, valid)
		zeroIn(c.I32, valid)
		zeroIn(c.I64, valid)
	case *Floats:
		zeroIn(c.V, valid)
	case *Timestamps:
		zeroIn(c.V, valid)
	case *Strings:
		zeroIn(c.Codes.U8, valid)
		zeroIn(c.Codes.U16, valid)
		zeroIn(c.Codes.U32, valid)
	}
}

func zeroIn[T any](values []T, valid Bitmap) {
	var zero T
	for i := range values {
		if !valid.Get(i) {
			values[i] = zero
		}
	}
}
