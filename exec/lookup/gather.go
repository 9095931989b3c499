package lookup

import (
	"context"
	"fmt"
	"math"
	"runtime/debug"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/ast"
	"golang.org/x/sync/errgroup"
)

// gathering makes columns of rows of others: row i is row at[i] of those, or null where that is
// [none].
type gathering struct {
	ctx     context.Context
	at      []uint32
	threads int
}

// partRows is how many rows a goroutine gathers at a time, a multiple of 64.
const partRows = 1 << 16

// each calls f with stretches of the rows, side by side.
func (g *gathering) each(f func(start, end int)) error {
	group, ctx := errgroup.WithContext(g.ctx)
	group.SetLimit(max(g.threads, 1))
	for start := 0; start < len(g.at) && ctx.Err() == nil; start += partRows {
		group.Go(func() (err error) {
			// What is read may lie in a file that somebody has cut short.
			defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
			defer ast.Guard(func(fault *ast.Fault) { err = fault })
			f(start, min(start+partRows, len(g.at)))
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return context.Cause(g.ctx)
}

// column gathers the rows of c.
func (g *gathering) column(c column.Column) (column.Column, error) {
	if column.Stored(c) != c {
		c = column.Dense(c)
	}
	if texts, ok := c.(*column.Texts); ok {
		return g.texts(texts)
	}
	if n, ok := c.(*column.Nulls); ok || c.Len() == 0 {
		_ = n
		return &column.Nulls{N: len(g.at)}, nil
	}
	valid, err := g.valid(column.Validity(c))
	if err != nil {
		return nil, err
	}
	switch c := c.(type) {
	case *column.Bools:
		bits, err := g.bits(c.Bits)
		return &column.Bools{Valid: valid, Bits: bits, N: len(g.at)}, err
	case *column.Ints:
		out := &column.Ints{Valid: valid, Low: min(c.Low, 0), High: max(c.High, 0)}
		err := g.ints(out, c)
		return out, err
	case *column.Floats:
		v, err := take(g, c.V)
		return &column.Floats{Valid: valid, V: v}, err
	case *column.Timestamps:
		v, err := take(g, c.V)
		return &column.Timestamps{Valid: valid, V: v}, err
	case *column.Strings:
		return g.strings(c, valid)
	case *column.Struct:
		return g.object(c, valid)
	case *column.List:
		offsets, inner, err := g.spans(c.Offsets)
		if err != nil {
			return nil, err
		}
		elem, err := inner.column(c.Elem)
		return &column.List{Valid: valid, Offsets: offsets, Elem: elem}, err
	case *column.Map:
		return g.maps(c, valid)
	}
	return nil, fmt.Errorf("internal error: rows of a %T are looked up", c)
}

// take gathers values.
func take[T any](g *gathering, from []T) ([]T, error) {
	if from == nil {
		return nil, nil
	}
	out := make([]T, len(g.at))
	err := g.each(func(start, end int) {
		for i, k := range g.at[start:end] {
			if k != none {
				out[start+i] = from[k]
			}
		}
	})
	return out, err
}

// bits gathers bits, those of rows that are not there being zero.
func (g *gathering) bits(from column.Bitmap) (column.Bitmap, error) {
	out := column.NewBitmap(len(g.at))
	err := g.each(func(start, end int) {
		for i, k := range g.at[start:end] {
			if k != none && from.Get(int(k)) {
				out.Set(start + i)
			}
		}
	})
	return out, err
}

// valid gathers validity; nil where all rows have a value.
func (g *gathering) valid(from column.Bitmap) (column.Bitmap, error) {
	out := column.NewBitmap(len(g.at))
	err := g.each(func(start, end int) {
		for i, k := range g.at[start:end] {
			if k != none && from.Valid(int(k)) {
				out.Set(start + i)
			}
		}
	})
	if err == nil && out.Ones() == len(g.at) {
		return nil, nil
	}
	return out, err
}

func (g *gathering) ints(out, from *column.Ints) (err error) {
	switch {
	case from.I8 != nil:
		out.I8, err = take(g, from.I8)
	case from.I16 != nil:
		out.I16, err = take(g, from.I16)
	case from.I32 != nil:
		out.I32, err = take(g, from.I32)
	default:
		out.I64, err = take(g, from.I64)
	}
	return err
}

func (g *gathering) strings(from *column.Strings, valid column.Bitmap) (_ *column.Strings, err error) {
	out := &column.Strings{Valid: valid, Dict: from.Dict}
	switch {
	case from.Codes.U8 != nil:
		out.Codes.U8, err = take(g, from.Codes.U8)
	case from.Codes.U16 != nil:
		out.Codes.U16, err = take(g, from.Codes.U16)
	default:
		out.Codes.U32, err = take(g, from.Codes.U32)
	}
	return out, err
}

func (g *gathering) object(from *column.Struct, valid column.Bitmap) (*column.Struct, error) {
	out := &column.Struct{Valid: valid, N: len(g.at), Fields: make([]column.Column, len(from.Fields))}
	for i, f := range from.Fields {
		var err error
		if out.Fields[i], err = g.column(f); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (g *gathering) maps(from *column.Map, valid column.Bitmap) (column.Column, error) {
	offsets, inner, err := g.spans(from.Offsets)
	if err != nil {
		return nil, err
	}
	keys, err := inner.strings(from.Keys, nil)
	if err != nil {
		return nil, err
	}
	values, err := inner.column(from.Values)
	return &column.Map{Valid: valid, Offsets: offsets, Keys: keys, Values: values}, err
}

// spans returns the offsets of the rows, and what gathers the elements of these.
func (g *gathering) spans(offsets []uint32) (picked []uint32, elems *gathering, err error) {
	picked = make([]uint32, len(g.at)+1)
	n := int64(0)
	for i, k := range g.at {
		if k != none {
			n += int64(offsets[k+1] - offsets[k])
		}
		if n > math.MaxUint32 {
			return nil, nil, fmt.Errorf("the lists of the rows that were looked up have more than %d elements, which a table cannot hold", uint32(math.MaxUint32))
		}
		picked[i+1] = uint32(n)
	}
	elems = &gathering{ctx: g.ctx, at: make([]uint32, 0, n), threads: g.threads}
	for i, k := range g.at {
		if i%looked == 0 && g.ctx.Err() != nil {
			return nil, nil, context.Cause(g.ctx)
		}
		if k != none {
			for e := offsets[k]; e < offsets[k+1]; e++ {
				elems.at = append(elems.at, e)
			}
		}
	}
	return picked, elems, nil
}

// texts gathers texts that have no dictionary. Where many rows would have one text, they get one.
func (g *gathering) texts(from *column.Texts) (column.Column, error) {
	size := int64(0)
	for _, k := range g.at {
		if k != none && int(k) < from.Len() {
			size += int64(from.Offsets[k+1] - from.Offsets[k])
		}
	}
	if len(g.at) > from.Len() || size > column.MaxTextBytes {
		sorted, err := column.Sorted(g.ctx, from, g.threads)
		if err != nil {
			return nil, err
		}
		return g.column(sorted)
	}
	valid, err := g.valid(from.Valid)
	if err != nil {
		return nil, err
	}
	out := &column.Texts{Valid: valid, Offsets: make([]uint32, 1, len(g.at)+1), Bytes: make([]byte, 0, size)}
	for _, k := range g.at {
		if k != none {
			out.Bytes = append(out.Bytes, from.Bytes[from.Offsets[k]:from.Offsets[k+1]]...)
		}
		out.Offsets = append(out.Offsets, uint32(len(out.Bytes)))
	}
	return out, nil
}
