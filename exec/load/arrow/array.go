package arrow

import (
	"encoding/binary"
	"math"
)

// Array has values of a field. Which methods it has values for follows from the kind of the
// field; what they are given has to be below Len.
type Array struct {
	Field    *Field
	Len      int
	Children []*Array

	valid   []byte // bits, from the lowest of each byte on; nil where all are there
	data    []byte // values of fixed size, views, types of a union, or the bytes of texts
	offsets []byte
	sizes   []byte   // of list views
	wide    bool     // offsets have 64 bits
	buffers [][]byte // of views
	parts   []*Array // of a dictionary
}

// Null says whether a value is null. Unions and runs have none of their own.
func (a *Array) Null(i int) bool { return a.valid != nil && a.valid[i/8]>>(i%8)&1 == 0 }

// Nulls says whether there may be some.
func (a *Array) Nulls() bool { return a.valid != nil }

// Bool returns a value of the kind Bool.
func (a *Array) Bool(i int) bool { return a.data[i/8]>>(i%8)&1 == 1 }

// Int returns a value of up to 64 bits; one without a sign of 64 bits as the same bits.
func (a *Array) Int(i int) int64 {
	return integer(a.data, i, a.Field.Type.Bits, a.Field.Type.Unsigned)
}

func integer(b []byte, i, bits int, unsigned bool) int64 {
	switch bits {
	case 8:
		if unsigned {
			return int64(b[i])
		}
		return int64(int8(b[i]))
	case 16:
		v := binary.LittleEndian.Uint16(b[2*i:])
		if unsigned {
			return int64(v)
		}
		return int64(int16(v))
	case 32:
		v := binary.LittleEndian.Uint32(b[4*i:])
		if unsigned {
			return int64(v)
		}
		return int64(int32(v))
	}
	return int64(binary.LittleEndian.Uint64(b[8*i:]))
}

// Float returns a value of the kind Float, of 32 or 64 bits.
func (a *Array) Float(i int) float64 {
	if a.Field.Type.Bits == 32 {
		return float64(math.Float32frombits(binary.LittleEndian.Uint32(a.data[4*i:])))
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(a.data[8*i:]))
}

// Fixed returns the bytes of a value of fixed size.
func (a *Array) Fixed(i int) []byte {
	n := a.Field.Type.width() / 8
	return a.data[i*n : i*n+n]
}

// Bytes returns the bytes of a text, or of what is like one.
func (a *Array) Bytes(i int) []byte {
	switch a.Field.Type.Kind {
	case FixedSizeBinary:
		return a.Fixed(i)
	case BinaryView, Utf8View:
		return a.view(i)
	}
	from, to := a.Range(i)
	return a.data[from:to]
}

const (
	viewSize = 16
	inline   = 12 // bytes that a view has room for
)

func (a *Array) view(i int) []byte {
	v := a.data[viewSize*i:][:viewSize]
	n := int(binary.LittleEndian.Uint32(v))
	if n <= inline {
		return v[4 : 4+n]
	}
	at := int(binary.LittleEndian.Uint32(v[12:]))
	return a.buffers[binary.LittleEndian.Uint32(v[8:])][at : at+n]
}

// viewed says whether the text of a view is there.
func (a *Array) viewed(i int) bool {
	v := a.data[viewSize*i:][:viewSize]
	n := int32(binary.LittleEndian.Uint32(v))
	if n >= 0 && n <= inline {
		return true
	}
	buffer, at := int32(binary.LittleEndian.Uint32(v[8:])), int32(binary.LittleEndian.Uint32(v[12:]))
	return n >= 0 && buffer >= 0 && int(buffer) < len(a.buffers) && at >= 0 && int(at)+int(n) <= len(a.buffers[buffer])
}

// Range returns where the elements of a list, or the bytes of a text, begin and end.
func (a *Array) Range(i int) (from, to int) {
	if a.Field.Type.Kind == FixedSizeList {
		n := a.Field.Type.Size
		return i * n, i*n + n
	}
	from = a.offset(a.offsets, i)
	if a.sizes != nil {
		return from, from + a.offset(a.sizes, i)
	}
	return from, a.offset(a.offsets, i+1)
}

func (a *Array) offset(b []byte, i int) int {
	if a.wide {
		return int(binary.LittleEndian.Uint64(b[8*i:]))
	}
	return int(int32(binary.LittleEndian.Uint32(b[4*i:])))
}

// Choice returns, for a value of a union, which of the children has it, and where.
func (a *Array) Choice(i int) (child, at int) {
	child = a.Field.Type.Choices[a.data[i]]
	if a.Field.Type.Dense {
		return child, int(int32(binary.LittleEndian.Uint32(a.offsets[4*i:])))
	}
	return child, i
}

// Parts returns the values of the dictionary that a value of an array with one is an index
// into. They stand in several arrays, one after another.
func (a *Array) Parts() []*Array { return a.parts }

// Index returns the index of a value in the dictionary.
func (a *Array) Index(i int) int { return int(a.index(i)) }

func (a *Array) index(i int) int64 {
	return integer(a.data, i, a.Field.Index.Bits, a.Field.Index.Unsigned)
}
