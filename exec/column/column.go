// Package column is the resident table: immutable columns, one file per
// physical kind, under a [Snapshot] that names them.
//
// A profile is a tree of objects, lists and maps; so is the table. An object is
// a [Struct] of columns of the same length. A list is a [List]: offsets into a
// child column that holds the elements of all rows one after another. Leaves
// are [Bools], [Ints], [Floats], [Timestamps] and, of texts, [Strings] or, where most of
// them differ, [Texts]. A leaf that is mostly null is a [Sparse], one whose values are all the
// same a [Constant]: [Stored] is the column of their values. The tree of
// columns runs along the tree of [check.Type]s: the column of a field is found
// by the field's Index.
//
// Nulls are bits: every column has a validity [Bitmap], nil where nothing is
// null, and the slot of a null holds zero. A child of a null object is null
// itself, so that a leaf can be read without a look at its parents.
//
// Everything here is read-only once it is in a Snapshot, and safe to read from
// any number of goroutines.
package column

// Column is a column of any kind. The set of implementations is closed.
type Column interface {
	// Len is the number of rows.
	Len() int
	// Null says whether row i has no value.
	Null(i int) bool
	column()
}

// Bools is a column of booleans: bit i of Bits.
type Bools struct {
	Valid Bitmap
	Bits  Bitmap
	N     int
}

// Ints is a column of integers in the narrowest of four widths that holds them
// all; exactly one of the slices is not nil (all are nil when N is 0).
type Ints struct {
	Valid Bitmap
	I8    []int8
	I16   []int16
	I32   []int32
	I64   []int64
	// Order is what [Index] adds to the two wider ones, nil for none; Low and High
	// bound the values, and are both zero where nobody has looked.
	Order     *Order
	Low, High int64
}

// Floats is a column of float64.
type Floats struct {
	Valid Bitmap
	V     []float64
	Order *Order // what [Index] adds; nil for none
}

// Timestamps is a column of instants: milliseconds since 1970 UTC.
type Timestamps struct {
	Valid Bitmap
	V     []int64
	Order *Order // what [Index] adds; nil for none
}

// Strings is a column of strings as codes into a sorted dictionary. A column of strings most
// of which differ is a [Texts] instead.
type Strings struct {
	Valid Bitmap
	Codes Codes
	Dict  *Dict
}

// Codes is a vector of dictionary codes in the narrowest of three widths;
// exactly one of the slices is not nil (all are nil when it is empty).
type Codes struct {
	U8  []uint8
	U16 []uint16
	U32 []uint32
}

// Struct is a column of objects; Fields run along the Fields of its type.
type Struct struct {
	Valid  Bitmap
	Fields []Column
	N      int
}

// List is a column of lists: row i holds the elements Offsets[i] to
// Offsets[i+1] of Elem. Offsets has one more entry than there are rows. A null
// row is empty.
type List struct {
	Valid   Bitmap
	Offsets []uint32
	Elem    Column
	// Ends, which [Index] adds, has the bit of the last element of each row that
	// has any; nil where nobody has looked.
	Ends Bitmap
}

// Map is a column of maps from strings: row i holds the entries Offsets[i] to
// Offsets[i+1] of Keys and Values, in the order of their keys.
type Map struct {
	Valid   Bitmap
	Offsets []uint32
	Keys    *Strings
	Values  Column
}

// Nulls is a column without a single value, of whatever type.
type Nulls struct {
	N int
}

func (*Bools) column()      {}
func (*Ints) column()       {}
func (*Floats) column()     {}
func (*Timestamps) column() {}
func (*Strings) column()    {}
func (*Struct) column()     {}
func (*List) column()       {}
func (*Map) column()        {}
func (*Nulls) column()      {}

// Len is the number of rows.
func (c *Bools) Len() int { return c.N }

// Len is the number of rows.
func (c *Ints) Len() int { return len(c.I8) + len(c.I16) + len(c.I32) + len(c.I64) }

// Len is the number of rows.
func (c *Floats) Len() int { return len(c.V) }

// Len is the number of rows.
func (c *Timestamps) Len() int { return len(c.V) }

// Len is the number of rows.
func (c *Strings) Len() int { return c.Codes.Len() }

// Len is the number of codes.
func (c Codes) Len() int { return len(c.U8) + len(c.U16) + len(c.U32) }

// Len is the number of rows.
func (c *Struct) Len() int { return c.N }

// Len is the number of rows.
func (c *List) Len() int { return len(c.Offsets) - 1 }

// Len is the number of rows.
func (c *Map) Len() int { return len(c.Offsets) - 1 }

// Len is the number of rows.
func (c *Nulls) Len() int { return c.N }

// Null says whether row i has no value.
func (c *Bools) Null(i int) bool { return !c.Valid.Valid(i) }

// Null says whether row i has no value.
func (c *Ints) Null(i int) bool { return !c.Valid.Valid(i) }

// Null says whether row i has no value.
func (c *Floats) Null(i int) bool { return !c.Valid.Valid(i) }

// Null says whether row i has no value.
func (c *Timestamps) Null(i int) bool { return !c.Valid.Valid(i) }

// Null says whether row i has no value.
func (c *Strings) Null(i int) bool { return !c.Valid.Valid(i) }

// Null says whether row i has no value.
func (c *Struct) Null(i int) bool { return !c.Valid.Valid(i) }

// Null says whether row i has no value.
func (c *List) Null(i int) bool { return !c.Valid.Valid(i) }

// Null says whether row i has no value.
func (c *Map) Null(i int) bool { return !c.Valid.Valid(i) }

// Null is true: nothing has a value.
func (c *Nulls) Null(int) bool { return true }

// At returns the value of row i, 0 for null.
func (c *Ints) At(i int) int64 {
	switch {
	case c.I8 != nil:
		return int64(c.I8[i])
	case c.I16 != nil:
		return int64(c.I16[i])
	case c.I32 != nil:
		return int64(c.I32[i])
	}
	return c.I64[i]
}

// At returns code i.
func (c Codes) At(i int) uint32 {
	switch {
	case c.U8 != nil:
		return uint32(c.U8[i])
	case c.U16 != nil:
		return uint32(c.U16[i])
	}
	return c.U32[i]
}

// At returns the value of row i; for null, the string of code 0, or "" when the
// dictionary is empty.
func (c *Strings) At(i int) string {
	if c.Dict.Len() == 0 {
		return ""
	}
	return c.Dict.At(c.Codes.At(i))
}
