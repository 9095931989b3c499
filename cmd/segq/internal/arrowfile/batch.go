package arrowfile

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// batch is a record batch as it is made: the buffers of its columns, one after another.
type batch struct {
	nodes, buffers structs
	body           []byte
	err            error
}

// add adds a column of n rows, and what is in it.
func (b *batch) add(c column.Column, t *check.Type, n int) {
	c = concrete(c, t, n)
	if t.Kind == check.Any {
		b.nodes = append(b.nodes, record{int64(n), int64(n)})
		return
	}
	b.validity(column.Validity(c), n)
	switch c := c.(type) {
	case *column.Bools:
		b.bits(c.Bits, n)
	case *column.Ints:
		b.longs(n, c.I64, c.At)
	case *column.Timestamps:
		b.longs(n, c.V, nil)
	case *column.Floats:
		b.buffer(8*n, func(to []byte) {
			for i, x := range c.V[:n] {
				binary.LittleEndian.PutUint64(to[8*i:], math.Float64bits(x+0)) // there is one zero, as in the text formats
			}
		})
	case *column.Strings:
		b.strings(c, n)
	case *column.Texts:
		from, to := c.Offsets[0], c.Offsets[n]
		b.offsets(c.Offsets[:n+1])
		b.buffer(int(to-from), func(dst []byte) { copy(dst, c.Bytes[from:to]) })
	case *column.Struct:
		for k, f := range t.Fields {
			b.add(c.Fields[k], f.Type, n)
		}
	case *column.List:
		b.offsets(c.Offsets[:n+1])
		b.add(c.Elem, t.Elem, int(c.Offsets[n]))
	case *column.Map:
		entries := int(c.Offsets[n])
		b.offsets(c.Offsets[:n+1])
		b.validity(nil, entries)
		b.add(c.Keys, check.StringType, entries)
		b.add(c.Values, t.Elem, entries)
	}
}

// concrete returns a column of the kind that values of a type have, with a slot for each row.
func concrete(c column.Column, t *check.Type, n int) column.Column {
	switch c.(type) {
	case *column.Sparse, *column.Constant:
		return column.Dense(c)
	case *column.Nulls:
	default:
		return c
	}
	none := column.NewBitmap(n)
	switch t.Kind {
	case check.Bool:
		return &column.Bools{Valid: none, Bits: none, N: n}
	case check.Int:
		return &column.Ints{Valid: none, I64: make([]int64, n)}
	case check.Timestamp:
		return &column.Timestamps{Valid: none, V: make([]int64, n)}
	case check.Float:
		return &column.Floats{Valid: none, V: make([]float64, n)}
	case check.List:
		return &column.List{Valid: none, Offsets: make([]uint32, n+1), Elem: &column.Nulls{}}
	case check.Map:
		return &column.Map{Valid: none, Offsets: make([]uint32, n+1), Keys: &column.Strings{Dict: &column.Dict{}}, Values: &column.Nulls{}}
	case check.Object:
		s := &column.Struct{Valid: none, N: n}
		for range t.Fields {
			s.Fields = append(s.Fields, &column.Nulls{N: n})
		}
		return s
	}
	return &column.Texts{Valid: none, Offsets: make([]uint32, n+1)}
}

// buffer adds a buffer of so many bytes, which fill fills.
func (b *batch) buffer(size int, fill func(to []byte)) {
	at := len(b.body)
	b.buffers = append(b.buffers, record{int64(at), int64(size)})
	b.body = append(b.body, make([]byte, (size+7)&^7)...)
	fill(b.body[at : at+size])
}

// validity adds the node of n rows, and where they have values.
func (b *batch) validity(valid column.Bitmap, n int) {
	if valid == nil {
		b.nodes = append(b.nodes, record{int64(n), 0})
		b.buffer(0, func([]byte) {})
		return
	}
	b.bits(valid, n)
	b.nodes = append(b.nodes, record{int64(n), int64(n - valid[:(n+63)/64].Ones())})
}

func (b *batch) bits(bits []uint64, n int) {
	b.buffer((n+7)/8, func(to []byte) {
		for i := range to {
			to[i] = byte(bits[i>>3] >> (8 * (i & 7)))
		}
	})
}

// longs adds integers: those of v, or where it is nil, those that at gives.
func (b *batch) longs(n int, v []int64, at func(int) int64) {
	b.buffer(8*n, func(to []byte) {
		if v == nil {
			for i := range n {
				binary.LittleEndian.PutUint64(to[8*i:], uint64(at(i)))
			}
			return
		}
		for i, x := range v[:n] {
			binary.LittleEndian.PutUint64(to[8*i:], uint64(x))
		}
	})
}

// offsets adds offsets, counted from the first.
func (b *batch) offsets(offsets []uint32) {
	if last := len(offsets) - 1; offsets[last]-offsets[0] > math.MaxInt32 {
		b.err = fmt.Errorf("%d rows have more than 2 GiB of text or %d elements, which an Arrow file cannot hold together", last, math.MaxInt32)
		return
	}
	b.buffer(4*len(offsets), func(to []byte) {
		for i, o := range offsets {
			binary.LittleEndian.PutUint32(to[4*i:], o-offsets[0])
		}
	})
}

// strings adds texts that are in a dictionary.
func (b *batch) strings(c *column.Strings, n int) {
	offsets := make([]uint32, n+1)
	total := uint64(0)
	for i := range n {
		if !c.Null(i) {
			total += uint64(len(c.At(i)))
		}
		offsets[i+1] = uint32(min(total, math.MaxUint32))
	}
	if b.offsets(offsets); b.err != nil {
		return
	}
	b.buffer(int(total), func(to []byte) {
		for i := range n {
			if !c.Null(i) {
				copy(to[offsets[i]:], c.At(i))
			}
		}
	})
}
