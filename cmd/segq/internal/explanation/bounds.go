package explanation

import (
	"math"
	"slices"

	"github.com/segq/segq/exec/column"
)

// bounds returns the smallest and the largest number at a place.
func (p place) bounds() (least, most number, ok bool) {
	if c := column.Stored(p.col); p.rows == nil && c == p.col {
		switch c := c.(type) {
		case *column.Ints:
			return boundsOf(c.Valid, p.stop, c.I8, c.I16, c.I32, c.I64)
		case *column.Timestamps:
			return boundsOf(c.Valid, p.stop, nil, nil, nil, c.V)
		}
	}
	for i := range p.each() {
		n, is := numberAt(p.col, i)
		if !is {
			continue
		}
		if !ok || n.f < least.f {
			least = n
		}
		if !ok || n.f > most.f {
			most = n
		}
		ok = true
	}
	return least, most, ok
}

// boundsOf is bounds of a column of whole numbers, of which one of the slices holds the values.
func boundsOf(valid column.Bitmap, stop <-chan struct{}, i8 []int8, i16 []int16, i32 []int32, i64 []int64) (least, most number, ok bool) {
	var low, high int64
	switch {
	case i8 != nil:
		low, high = ends(i8, valid, stop)
	case i16 != nil:
		low, high = ends(i16, valid, stop)
	case i32 != nil:
		low, high = ends(i32, valid, stop)
	default:
		low, high = ends(i64, valid, stop)
	}
	return number{float64(low), low}, number{float64(high), high}, low <= high
}

// ends returns the smallest and the largest of the values that are there, in the wrong order for none.
func ends[T int8 | int16 | int32 | int64](values []T, valid column.Bitmap, stop <-chan struct{}) (low, high int64) {
	low, high = math.MaxInt64, math.MinInt64
	for start := 0; start < len(values); start += stride {
		select {
		case <-stop:
			return low, high
		default:
		}
		some := values[start:min(start+stride, len(values))]
		if valid == nil {
			low, high = min(low, int64(slices.Min(some))), max(high, int64(slices.Max(some)))
			continue
		}
		for i, v := range some {
			if valid.Get(start + i) {
				low, high = min(low, int64(v)), max(high, int64(v))
			}
		}
	}
	return low, high
}
