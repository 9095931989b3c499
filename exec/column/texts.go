package column

import (
	"math"
	"unsafe"
)

// Texts is a column of strings most of which differ, in the order of the rows: row i holds
// Bytes[Offsets[i]:Offsets[i+1]]. Offsets has one more entry than there are rows. A null
// row is an empty text.
//
// The same values give the same answers as a [Strings], which [Sorted] makes of it. A Texts
// is there sooner, and takes less memory to make; a Strings answers by its dictionary, once
// for all rows that share a string. A Texts has at most [MaxTextBytes] bytes; columns with
// more are Strings.
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

// pickTexts returns the rows of c that are listed, each once.
func pickTexts(c *Texts, rows []uint32) *Texts {
	out := &Texts{Valid: pickBits(c.Valid, rows), Offsets: make([]uint32, 1, len(rows)+1), Bytes: make([]byte, 0, len(c.Bytes))}
	for _, row := range rows {
		out.Bytes = append(out.Bytes, c.Bytes[c.Offsets[row]:c.Offsets[row+1]]...)
		out.Offsets = append(out.Offsets, uint32(len(out.Bytes)))
	}
	return out
}
