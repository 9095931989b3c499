package column

import (
	"math"
	"unsafe"
)

// NewInts returns a column of the values in the narrowest width that holds them
// all. The values of null rows must be zero.
func NewInts(values []int64, valid Bitmap) *Ints {
	low, high := int64(0), int64(0)
	for _, v := range values {
		low, high = min(low, v), max(high, v)
	}
	c := &Ints{Valid: valid, Low: low, High: high}
	switch {
	case low >= math.MinInt8 && high <= math.MaxInt8:
		c.I8 = narrow[int8](values)
	case low >= math.MinInt16 && high <= math.MaxInt16:
		c.I16 = narrow[int16](values)
	case low >= math.MinInt32 && high <= math.MaxInt32:
		c.I32 = narrow[int32](values)
	default:
		c.I64 = values
	}
	return c
}

func narrow[T int8 | int16 | int32](values []int64) []T {
	out := make([]T, len(values))
	for i, v := range values {
		out[i] = T(v)
	}
	return out
}

// NewCodes returns n codes, all zero, of the narrowest width for a dictionary of
// size strings.
func NewCodes(n, size int) Codes {
	switch {
	case size <= 1<<8:
		return Codes{U8: make([]uint8, n)}
	case size <= 1<<16:
		return Codes{U16: make([]uint16, n)}
	}
	return Codes{U32: make([]uint32, n)}
}

// Set makes code i. It is for whoever builds the codes, before they are in a
// Snapshot.
func (c Codes) Set(i int, code uint32) {
	switch {
	case c.U8 != nil:
		c.U8[i] = uint8(code)
	case c.U16 != nil:
		c.U16[i] = uint16(code)
	default:
		c.U32[i] = code
	}
}

// Bytes is the memory that the snapshot's columns hold, in bytes.
func (s *Snapshot) Bytes() int64 { return size(s.Root) }

func size(c Column) int64 {
	switch c := c.(type) {
	case *Bools:
		return sliceSize(c.Valid) + sliceSize(c.Bits)
	case *Ints:
		return sliceSize(c.Valid) + sliceSize(c.I8) + sliceSize(c.I16) + sliceSize(c.I32) + sliceSize(c.I64) + c.Order.size()
	case *Floats:
		return sliceSize(c.Valid) + sliceSize(c.V) + c.Order.size()
	case *Timestamps:
		return sliceSize(c.Valid) + sliceSize(c.V) + c.Order.size()
	case *Strings:
		return sliceSize(c.Valid) + sliceSize(c.Codes.U8) + sliceSize(c.Codes.U16) + sliceSize(c.Codes.U32) +
			sliceSize(c.Dict.Bytes) + sliceSize(c.Dict.Offsets)
	case *Texts:
		return sliceSize(c.Valid) + sliceSize(c.Offsets) + sliceSize(c.Bytes)
	case *Sparse:
		return sliceSize(c.Valid) + sliceSize(c.Before) + size(c.Values)
	case *Constant:
		return sliceSize(c.Valid) + size(c.Value)
	case *Struct:
		n := sliceSize(c.Valid)
		for _, f := range c.Fields {
			n += size(f)
		}
		return n
	case *List:
		return sliceSize(c.Valid) + sliceSize(c.Offsets) + sliceSize(c.Ends) + size(c.Elem)
	case *Map:
		return sliceSize(c.Valid) + sliceSize(c.Offsets) + size(c.Keys) + size(c.Values)
	}
	return 0
}

func (o *Order) size() int64 {
	if o == nil {
		return 0
	}
	return sliceSize(o.Codes) + sliceSize(o.Least) + sliceSize(o.Mixed)
}

func sliceSize[S ~[]T, T any](s S) int64 {
	var zero T
	return int64(len(s)) * int64(unsafe.Sizeof(zero))
}
