package load

import (
	"context"
	"math"
	"sync/atomic"
	"unsafe"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load/parquet"
)

// put writes values to their slots.
func put[T any](to, values []T, at placed) {
	if at.at == nil {
		copy(to[at.from:at.from+at.n], values)
		return
	}
	for i, slot := range at.at {
		to[slot] = values[i]
	}
}

// gather writes the values of a dictionary at the indexes to their slots.
func gather[T any](to, dictionary []T, indexes []uint32, at placed) {
	indexes = indexes[:at.n]
	if at.at == nil {
		to = to[at.from : at.from+at.n]
		for i, index := range indexes {
			to[i] = dictionary[index]
		}
		return
	}
	for i, slot := range at.at {
		to[slot] = dictionary[indexes[i]]
	}
}

// readAll reads the values of all row groups into one slice. pick gives those of a page or
// a dictionary, in the buffer if it likes.
func readAll[T any](ctx context.Context, d *direct, pick func(v *scalars, buffer []T) []T) ([]T, error) {
	if err := d.hold(int64(unsafe.Sizeof(*new(T))) * int64(d.slots())); err != nil {
		return nil, err
	}
	out := make([]T, d.slots())
	return out, d.each(ctx, func(ctx context.Context, g int) error {
		f, to := d.leaves[g], out[d.bases[g]:d.bases[g+1]]
		var dictionary *scalars
		var values, buffer []T
		return d.pages(ctx, g, func(page *parquet.Page, at placed) error {
			v := dictionary
			switch {
			case page.Indexes == nil:
				v = f.convert(f, page.Values)
				if v.large == nil && at.n > 0 {
					buffer = pick(v, buffer)
					put(to, buffer, at)
				}
			case v == nil:
				dictionary = f.convert(f, page.Dictionary)
				v, values = dictionary, pick(dictionary, nil)
				fallthrough
			default:
				if v.large == nil {
					gather(to, values, page.Indexes, at)
				}
			}
			if v.large != nil {
				return errOtherwise
			}
			return nil
		})
	})
}

func (d *direct) instants(ctx context.Context) (column.Column, error) {
	out, err := readAll(ctx, d, func(v *scalars, _ []int64) []int64 { return v.times })
	return &column.Timestamps{Valid: d.validity(), V: out}, err
}

// floats makes what is not a number null, which is the only thing that a float cannot
// be.
func (d *direct) floats(ctx context.Context) (column.Column, error) {
	var holes atomic.Bool
	out, err := readAll(ctx, d, func(v *scalars, _ []float64) []float64 {
		if v.holes {
			holes.Store(true)
		}
		return v.floats
	})
	if err == nil && holes.Load() {
		for g := range d.leaves {
			d.dropNaN(g, out[d.bases[g]:d.bases[g+1]])
		}
	}
	return &column.Floats{Valid: d.validity(), V: out}, err
}

// dropNaN makes the values of a row group null that are not a number.
func (d *direct) dropNaN(g int, values []float64) {
	for slot, v := range values {
		if !math.IsNaN(v) {
			continue
		}
		if d.valid[g] == nil {
			d.valid[g] = column.NewBitmap(len(values))
			setBits(d.valid[g], 0, len(values))
		}
		d.valid[g][slot>>6] &^= 1 << (slot & 63)
		values[slot] = 0
		d.counts[g]--
	}
}

// ints reads whole numbers in the width that the statistics suggest. Where they do not
// fit, or fit in a narrower one, the statistics were wrong.
func (d *direct) ints(ctx context.Context) (column.Column, error) {
	c := &column.Ints{}
	low, high := d.foreseen()
	fits, err := d.intsOf(ctx, c, low, high)
	if err == nil && !fits {
		*c = column.Ints{}
		_, err = d.intsOf(ctx, c, math.MinInt64, math.MaxInt64)
	}
	if err != nil {
		return nil, err
	}
	c.Valid = d.validity()
	narrower(c)
	return c, nil
}

// foreseen returns the bounds that the numbers have if the statistics tell the truth.
func (d *direct) foreseen() (low, high int64) {
	for _, f := range d.leaves {
		c := f.chunk
		least, greatest, ok := c.Bounds()
		if !ok && c.Values > 0 {
			return math.MinInt64, math.MaxInt64
		}
		low, high = min(low, least), max(high, greatest)
	}
	return low, high
}

// intsOf reads the numbers in the width for such bounds, and says whether they fit.
func (d *direct) intsOf(ctx context.Context, c *column.Ints, low, high int64) (fits bool, err error) {
	switch intBytes(low, high) {
	case 1:
		c.I8, fits, err = narrowed[int8](ctx, d)
		c.Low, c.High = bounds(c.I8)
	case 2:
		c.I16, fits, err = narrowed[int16](ctx, d)
		c.Low, c.High = bounds(c.I16)
	case 4:
		c.I32, fits, err = narrowed[int32](ctx, d)
		c.Low, c.High = bounds(c.I32)
	default:
		c.I64, fits, err = narrowed[int64](ctx, d)
		c.Low, c.High = bounds(c.I64)
	}
	return fits, err
}

// whole numbers are of one of four widths.
type integer interface {
	int8 | int16 | int32 | int64
}

func narrowed[T integer](ctx context.Context, d *direct) (out []T, fits bool, err error) {
	var cut atomic.Bool
	out, err = readAll(ctx, d, func(v *scalars, buffer []T) []T {
		buffer, lost := buffer[:0], int64(0)
		for _, x := range v.ints {
			lost |= x ^ int64(T(x))
			buffer = append(buffer, T(x))
		}
		if lost != 0 {
			cut.Store(true)
		}
		return buffer
	})
	return out, !cut.Load(), err
}

// bounds returns the least and the greatest of some numbers and zero.
func bounds[T integer](values []T) (int64, int64) {
	low, high := T(0), T(0)
	for _, v := range values {
		low, high = min(low, v), max(high, v)
	}
	return int64(low), int64(high)
}

// intBytes is the width of numbers within bounds.
func intBytes(low, high int64) int {
	switch {
	case low >= math.MinInt8 && high <= math.MaxInt8:
		return 1
	case low >= math.MinInt16 && high <= math.MaxInt16:
		return 2
	case low >= math.MinInt32 && high <= math.MaxInt32:
		return 4
	}
	return 8
}

// narrower brings a column into the width that its bounds need.
func narrower(c *column.Ints) {
	n, width := c.Len(), intBytes(c.Low, c.High)
	old := *c
	switch {
	case n == 0:
		c.I8, c.I16, c.I32, c.I64 = nil, nil, nil, nil
	case width == 1 && c.I8 == nil:
		c.I8, c.I16, c.I32, c.I64 = make([]int8, n), nil, nil, nil
		copyInts(c.I8, &old)
	case width == 2 && c.I16 == nil:
		c.I16, c.I32, c.I64 = make([]int16, n), nil, nil
		copyInts(c.I16, &old)
	case width == 4 && c.I32 == nil:
		c.I32, c.I64 = make([]int32, n), nil
		copyInts(c.I32, &old)
	}
}

// copyInts copies numbers to where they fit.
func copyInts[T integer](to []T, c *column.Ints) {
	for i := range to {
		to[i] = T(c.At(i))
	}
}

// bools reads booleans, of each row group into a bitmap of its own.
func (d *direct) bools(ctx context.Context) (column.Column, error) {
	if err := d.hold(bitmapBytes(d.slots())); err != nil {
		return nil, err
	}
	all := column.NewBitmap(d.slots())
	parts := make([]column.Bitmap, len(d.leaves))
	err := d.each(ctx, func(ctx context.Context, g int) error {
		to := column.NewBitmap(d.bases[g+1] - d.bases[g])
		parts[g] = to
		return d.pages(ctx, g, func(page *parquet.Page, at placed) error {
			if page.Indexes != nil {
				return errOtherwise
			}
			for i, v := range page.Values.Bools[:at.n] {
				slot := at.from + i
				if at.at != nil {
					slot = int(at.at[i])
				}
				if v {
					to.Set(slot)
				}
			}
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	for g, b := range parts {
		copyBits(all, d.bases[g], b, d.bases[g+1]-d.bases[g])
	}
	return &column.Bools{Valid: d.validity(), Bits: all, N: d.slots()}, nil
}
