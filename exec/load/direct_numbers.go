package load

import (
	"context"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load/parquet"
)

// numberReader reads the values of all row groups into one slice.
type numberReader[T any] struct {
	d *direct
	// pick gives the values of a page or a dictionary, in the buffer if it likes.
	pick func(v *scalars, buffer []T) []T
	// plain reads the values of a page to where they stay, if they are plain numbers.
	plain func(f *leafPlan, page *parquet.Encoded, to []T) (done bool, err error)
	// seen, if set, is told the values of pages and of dictionaries.
	seen func(values []T)
}

func (r *numberReader[T]) read(ctx context.Context) ([]T, error) {
	d := r.d
	if err := d.hold(int64(unsafe.Sizeof(*new(T))) * int64(d.slots())); err != nil {
		return nil, err
	}
	out := roomToFill[T](d.pool, d.slots())
	return out, d.each(ctx, func(ctx context.Context, g int) error {
		to := out[d.bases[g]:d.bases[g+1]]
		var table, buffer []T
		err := d.pages(ctx, g, func(page *parquet.Encoded, at span) (err error) {
			slots := to[at.from : at.from+at.slots]
			if at.n == 0 {
				clear(slots)
				return nil
			}
			dense := slots[at.slots-at.n:]
			if page.Indexed() {
				if table == nil {
					if table, err = r.table(d.leaves[g], page); err != nil {
						return err
					}
				}
				err = parquet.Gather(page, dense, table)
			} else {
				buffer, err = r.fresh(d.leaves[g], page, dense, buffer)
			}
			if err == nil && at.valid != nil {
				toSlots(slots, at)
			}
			return err
		})
		return err
	})
}

// table converts the dictionary of a page.
func (r *numberReader[T]) table(f *leafPlan, page *parquet.Encoded) ([]T, error) {
	v, err := page.Dictionary()
	if err != nil || v == nil {
		return nil, err
	}
	all, err := r.values(f, v, nil)
	if err == nil && r.seen != nil {
		r.seen(all)
	}
	return all, err
}

// fresh reads the values of a page that are in no dictionary.
func (r *numberReader[T]) fresh(f *leafPlan, page *parquet.Encoded, to, buffer []T) ([]T, error) {
	if r.seen != nil {
		defer func() { r.seen(to) }()
	}
	if done, err := r.plain(f, page, to); done || err != nil {
		return buffer, err
	}
	decoded, err := page.Decode(len(to))
	if err != nil {
		return buffer, err
	}
	if buffer, err = r.values(f, decoded.Values, buffer); err == nil {
		copy(to, buffer)
	}
	return buffer, err
}

// values converts values.
func (r *numberReader[T]) values(f *leafPlan, v *parquet.Values, buffer []T) ([]T, error) {
	converted := f.convert(f, v)
	if converted.large != nil {
		return buffer, errOtherwise
	}
	return r.pick(converted, buffer), nil
}

func (d *direct) instants(ctx context.Context) (column.Column, error) {
	r := numberReader[int64]{d: d, pick: func(v *scalars, _ []int64) []int64 { return v.times }}
	r.plain = func(f *leafPlan, page *parquet.Encoded, to []int64) (bool, error) {
		done, err := parquet.Numbers(page, to)
		if done && err == nil {
			f.convert(f, &parquet.Values{Ints: to}) // where they are
		}
		return done, err
	}
	out, err := r.read(ctx)
	return &column.Timestamps{Valid: d.validity(), V: out}, err
}

// floats makes what is not a number null, which is the only thing that a float cannot
// be.
func (d *direct) floats(ctx context.Context) (column.Column, error) {
	var holes atomic.Bool
	note := func(v *scalars) {
		if v.holes {
			holes.Store(true)
		}
	}
	r := numberReader[float64]{d: d, pick: func(v *scalars, _ []float64) []float64 {
		note(v)
		return v.floats
	}}
	r.plain = func(f *leafPlan, page *parquet.Encoded, to []float64) (bool, error) {
		done, err := parquet.Numbers(page, to)
		if done && err == nil {
			note(f.convert(f, &parquet.Values{Floats: to}))
		}
		return done, err
	}
	out, err := r.read(ctx)
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
		c.I8, fits, err = narrowed[int8](ctx, d, c)
	case 2:
		c.I16, fits, err = narrowed[int16](ctx, d, c)
	case 4:
		c.I32, fits, err = narrowed[int32](ctx, d, c)
	default:
		c.I64, fits, err = narrowed[int64](ctx, d, c)
	}
	return fits, err
}

// whole numbers are of one of four widths.
type integer interface {
	int8 | int16 | int32 | int64
}

// narrowed reads the numbers in one width, and notes their bounds.
func narrowed[T integer](ctx context.Context, d *direct, c *column.Ints) (out []T, fits bool, err error) {
	var cut atomic.Bool
	var mu sync.Mutex
	r := numberReader[T]{d: d, pick: func(v *scalars, buffer []T) []T {
		buffer = slices.Grow(buffer[:0], len(v.ints))[:len(v.ints)]
		if shortened(buffer, v.ints) {
			cut.Store(true)
		}
		return buffer
	}}
	r.plain = func(f *leafPlan, page *parquet.Encoded, to []T) (bool, error) {
		if !f.element.signed() {
			return false, nil
		}
		if wide, ok := any(to).([]int64); ok {
			if done, err := parquet.Numbers(page, wide); done {
				return done, err
			}
		}
		if wide, ok := any(to).([]int32); ok {
			return parquet.Numbers(page, wide)
		}
		return false, nil
	}
	r.seen = func(values []T) {
		low, high := bounds(values)
		mu.Lock()
		defer mu.Unlock()
		c.Low, c.High = min(c.Low, low), max(c.High, high)
	}
	out, err = r.read(ctx)
	return out, !cut.Load(), err
}

// shortened copies numbers, and says whether some did not fit.
func shortened[T, W integer](to []T, values []W) bool {
	lost := W(0)
	for i, x := range values[:len(to)] {
		to[i] = T(x)
		lost |= x ^ W(T(x))
	}
	return lost != 0
}

// signed says whether e is whole numbers that are what they are written as.
func (e *element) signed() bool {
	return (e.Type == parquet.Int32 || e.Type == parquet.Int64) && !e.decimal() && !e.Unsigned && e.Logical != parquet.Null
}

// bounds returns the least and the greatest of some numbers and zero.
func bounds[T integer](values []T) (int64, int64) {
	var low, high [4]T // of every fourth, which do not wait for each other
	for len(values) >= 4 {
		for i := range 4 {
			low[i], high[i] = min(low[i], values[i]), max(high[i], values[i])
		}
		values = values[4:]
	}
	for _, v := range values {
		low[0], high[0] = min(low[0], v), max(high[0], v)
	}
	return int64(slices.Min(low[:])), int64(slices.Max(high[:]))
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
	parts := make([]column.Bitmap, len(d.leaves))
	err := d.each(ctx, func(ctx context.Context, g int) error {
		to := column.Bitmap(room[uint64](d.pool, (d.bases[g+1]-d.bases[g]+63)/64))
		parts[g] = to
		var dense []uint64
		return d.pages(ctx, g, func(page *parquet.Encoded, at span) error {
			if at.n == 0 {
				return nil
			}
			into, from := []uint64(to), at.from
			if at.valid != nil {
				dense = slices.Grow(dense[:0], (at.n+63)/64)[:(at.n+63)/64]
				clear(dense)
				into, from = dense, 0
			}
			done, err := page.Bools(into, from, at.n)
			if !done {
				return errOtherwise
			}
			if err == nil && at.valid != nil {
				bitsToSlots(to, dense, at)
			}
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return &column.Bools{Valid: d.validity(), Bits: d.joinBits(parts), N: d.slots()}, nil
}
