package column

import (
	"math"
	"unsafe"
)

// Texts is a column of strings most of which differ, in the order of the rows: row i holds
// Bytes[Offsets[i]:Offsets[i+1]]. Offsets has one more entry than there are rows. A null
// row is an empty text.
//
// There are at most [MaxTextBytes] bytes. Longer columns are [Strings], whose dictionary
// has each string once; nothing else tells the two kinds apart than how fast what is: a
// Strings is answered by its dictionary, and found sorted, a Texts takes neither the time
// nor the memory to make one.
type Texts struct {
	Valid   Bitmap
	Offsets []uint32
	Bytes   []byte
}

// MaxTextBytes is the number of bytes that a [Texts], or a [Dict], holds at most.
const MaxTextBytes = math.MaxUint32

func (*Texts) column() {}

// Len is the number of rows.
func (c *Texts) Len() int { return max(len(c.Offsets)-1, 0) }

// Null says whether row i has no value.
func (c *Texts) Null(i int) bool { return !c.Valid.Valid(i) }

// At returns the text of row i, "" for null. It shares the column's memory and is valid as
// long as the column.
func (c *Texts) At(i int) string {
	b := c.Bytes[c.Offsets[i]:c.Offsets[i+1]]
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// NewTexts returns the column of the rows of c, in their order, and whether they fit: they
// may be more bytes than the dictionary is.
func NewTexts(c *Strings) (*Texts, bool) {
	n := c.Len()
	size := uint64(0)
	for i := range n {
		if !c.Null(i) {
			size += uint64(len(c.At(i)))
		}
	}
	if size > MaxTextBytes {
		return nil, false
	}
	out := &Texts{Valid: c.Valid, Offsets: make([]uint32, n+1), Bytes: make([]byte, 0, size)}
	for i := range n {
		if !c.Null(i) {
			out.Bytes = append(out.Bytes, c.At(i)...)
		}
		out.Offsets[i+1] = uint32(len(out.Bytes))
	}
	return out, true
}

// pickTexts returns the rows of c that are listed. It fails where they are more than a
// column can hold, which rows that are listed once are not.
func pickTexts(c *Texts, rows []uint32) *Texts {
	out := &Texts{Valid: pickBits(c.Valid, rows), Offsets: make([]uint32, 1, len(rows)+1), Bytes: make([]byte, 0, len(c.Bytes))}
	for _, row := range rows {
		out.Bytes = append(out.Bytes, c.Bytes[c.Offsets[row]:c.Offsets[row+1]]...)
		out.Offsets = append(out.Offsets, uint32(len(out.Bytes)))
	}
	return out
}
