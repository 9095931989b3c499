package lookup

import (
	"context"
	"math/bits"
	"slices"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// distinct are the keys of a column, each once.
type distinct struct {
	keys column.Column // without nulls; nil where there are none
	at   []uint32      // by row of the column: which of the keys it has, none for null
}

// looked is after how many rows a loop finds out whether anybody waits for it.
const looked = 1 << 18

// distinctOf finds the keys of a column.
func distinctOf(ctx context.Context, c column.Column) (*distinct, error) {
	d := &distinct{at: make([]uint32, c.Len())}
	switch c := c.(type) {
	case *column.Nulls:
		return d.nothing(), nil
	case *column.Constant:
		d.keys = c.Value
		for i := range d.at {
			if c.Null(i) {
				d.at[i] = none
			}
		}
		return d, nil
	case *column.Sparse:
		values, err := distinctOf(ctx, c.Values)
		if err != nil {
			return nil, err
		}
		d.nothing()
		d.keys = values.keys
		next := 0
		for w, word := range c.Valid {
			for ; word != 0; word &= word - 1 {
				d.at[w<<6+bits.TrailingZeros64(word)] = values.at[next]
				next++
			}
		}
		return d, nil
	case *column.Strings:
		return d, d.ofCodes(ctx, c)
	}
	return d, d.hashed(ctx, c)
}

// nothing says that all rows are null.
func (d *distinct) nothing() *distinct {
	for i := range d.at {
		d.at[i] = none
	}
	return d
}

// ofCodes finds the keys by the codes of a dictionary.
func (d *distinct) ofCodes(ctx context.Context, c *column.Strings) error {
	which := make([]uint32, c.Dict.Len())
	switch {
	case c.Codes.U8 != nil:
		expand(d.at, c.Codes.U8, c.Valid, which)
	case c.Codes.U16 != nil:
		expand(d.at, c.Codes.U16, c.Valid, which)
	default:
		expand(d.at, c.Codes.U32, c.Valid, which)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var used []uint32
	for code, seen := range which {
		if seen != 0 {
			which[code] = uint32(len(used))
			used = append(used, uint32(code))
		}
	}
	if len(used) == 0 {
		return nil
	}
	d.keys = &column.Strings{Codes: column.Codes{U32: used}, Dict: c.Dict}
	if len(used) == len(which) {
		return nil
	}
	for i, code := range d.at {
		if code != none {
			d.at[i] = which[code]
		}
	}
	return nil
}

// expand copies codes, and notes those that are there.
func expand[T uint8 | uint16 | uint32](to []uint32, codes []T, valid column.Bitmap, seen []uint32) {
	for i, code := range codes {
		if !valid.Valid(i) {
			to[i] = none
			continue
		}
		to[i] = uint32(code)
		seen[code] = 1
	}
}

// hashed finds the keys of a column without a dictionary.
func (d *distinct) hashed(ctx context.Context, c column.Column) error {
	keys, found := keysOf(c), newPlaces(min(c.Len(), 1<<16))
	var rows []uint32 // where each of the keys was seen first
	for i := range d.at {
		if i%looked == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if c.Null(i) || isNaN(c, i) {
			d.at[i] = none
			continue
		}
		h := keys.hash(i)
		k := found.find(h, func(k uint32) bool { return keys.equal(i, keys, int(rows[k])) })
		if k == none {
			k = uint32(len(rows))
			found.add(h, k)
			rows = append(rows, uint32(i))
		}
		d.at[i] = k
	}
	if len(rows) == 0 {
		return nil
	}
	var err error
	d.keys, err = (&gathering{ctx: ctx, at: rows}).column(c)
	return err
}

// as turns the keys into those of another type of numbers: what is none of that type is no key.
func (d *distinct) as(t *check.Type) {
	var kept []uint32 // by key: which of those of the other type
	switch c := d.keys.(type) {
	case *column.Ints:
		if t.Kind != check.Float {
			return
		}
		var floats []float64
		for i := range c.Len() {
			f := float64(c.At(i))
			if f >= -1<<63 && f < 1<<63 && int64(f) == c.At(i) {
				kept, floats = append(kept, uint32(len(floats))), append(floats, f)
			} else {
				kept = append(kept, none)
			}
		}
		d.keys = &column.Floats{V: floats}
	case *column.Floats:
		if t.Kind != check.Int {
			return
		}
		var ints []int64
		for _, f := range c.V {
			if f >= -1<<63 && f < 1<<63 && float64(int64(f)) == f {
				kept, ints = append(kept, uint32(len(ints))), append(ints, int64(f))
			} else {
				kept = append(kept, none)
			}
		}
		d.keys = column.NewInts(ints, nil)
	default:
		return
	}
	if !slices.Contains(kept, none) {
		return
	}
	for i, k := range d.at {
		if k != none {
			d.at[i] = kept[k]
		}
	}
	if d.keys.Len() == 0 {
		d.keys = nil
	}
}
