package columnwire

import (
	"context"
	"errors"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// Builder puts rows together to a column of a type.
type Builder struct {
	t     *check.Type
	n     int
	valid column.Bitmap
	nulls int
	not   bool // the column is not there

	bits    column.Bitmap
	numbers []int64
	floats  []float64
	offsets []uint32 // of texts, lists and maps
	bytes   []byte
	keys    *Builder
	elem    *Builder
	fields  []*Builder
}

// NewBuilder returns one for a column without rows.
func NewBuilder(t *check.Type) *Builder {
	b := &Builder{t: t}
	switch t.Kind {
	case check.Object:
		for _, f := range t.Fields {
			b.fields = append(b.fields, NewBuilder(f.Type))
		}
	case check.List:
		b.offsets, b.elem = []uint32{0}, NewBuilder(t.Elem)
	case check.Map:
		b.offsets, b.elem, b.keys = []uint32{0}, NewBuilder(t.Elem), NewBuilder(check.StringType)
	case check.String, check.Interval:
		b.offsets = []uint32{0}
	}
	return b
}

// Rows is how many rows it has.
func (b *Builder) Rows() int { return b.n }

// ErrTooLarge says that texts or lists do not fit into a column.
var ErrTooLarge = errors.New("a field has more than 4 GB of texts, or more than 4 billion elements")

// Add reads n rows that bytes begin with, and returns what is behind them. Bytes that are damaged are an error; the builder is of
// no use then.
func (b *Builder) Add(bytes []byte, n int) (rest []byte, err error) {
	defer func() {
		thrown := recover()
		if thrown == nil {
			return
		}
		if known, ok := thrown.(error); ok && (errors.Is(known, errDamaged) || errors.Is(known, ErrTooLarge)) {
			rest, err = nil, known
			return
		}
		panic(thrown)
	}()
	r := &reader{bytes}
	b.add(r, n)
	return r.b, nil
}

// add reads n rows.
func (b *Builder) add(r *reader, n int) {
	var given []byte // a bit for each row, nil where all have a value
	switch r.byte() {
	case unloaded:
		b.not = true
		b.skip(n)
		return
	case noneValid:
		b.skip(n)
		return
	case allValid:
	case someValid:
		given = r.take((n + 7) / 8)
	default:
		panic(errDamaged)
	}
	if n == 0 {
		return
	}
	if b.t.Kind == check.Any || n > mostRows-b.n {
		panic(errDamaged)
	}
	first := b.n
	for i := range n {
		b.addOne(r, given == nil || given[i/8]>>(i%8)&1 != 0)
	}
	for _, f := range b.fields {
		f.add(r, n)
	}
	if b.elem != nil {
		inside := int(b.offsets[b.n] - b.offsets[first])
		if inside > mostInside {
			panic(errDamaged)
		}
		if b.keys != nil {
			b.keys.add(r, inside)
		}
		b.elem.add(r, inside)
	}
}

// mostRows is how many rows a column has at most, and mostInside how many elements there are in the lists of rows that are read
// together, whatever the bytes claim.
const (
	mostRows   = 1<<31 - 1
	mostInside = 1 << 26
)

// skip adds n rows that are null, of objects with all that is in them.
func (b *Builder) skip(n int) {
	if n > mostRows-b.n {
		panic(errDamaged)
	}
	for range n {
		b.addOne(nil, false)
	}
	for _, f := range b.fields {
		f.skip(n)
	}
}

// addOne adds a row: whether it is there, and its value where that has no parts, or how many.
func (b *Builder) addOne(r *reader, there bool) {
	if b.n&63 == 0 {
		b.valid = append(b.valid, 0)
	}
	if there {
		b.valid.Set(b.n)
	} else {
		b.nulls++
	}
	switch b.t.Kind {
	case check.Bool:
		if b.n&63 == 0 {
			b.bits = append(b.bits, 0)
		}
		if there && r.byte() != 0 {
			b.bits.Set(b.n)
		}
	case check.Int, check.Timestamp:
		number := int64(0)
		if there {
			number = r.signed()
		}
		b.numbers = append(b.numbers, number)
	case check.Float:
		number := 0.0
		if there {
			number = r.float()
		}
		b.floats = append(b.floats, number)
	case check.String, check.Interval:
		if there {
			b.bytes = append(b.bytes, r.take(r.count())...)
		}
		b.end(len(b.bytes))
	case check.List, check.Map:
		size := 0
		if there {
			size = r.count()
		}
		b.end(int(b.offsets[b.n]) + size)
	}
	b.n++
}

// end ends a row of what has offsets.
func (b *Builder) end(at int) {
	if at > column.MaxTextBytes {
		panic(ErrTooLarge)
	}
	b.offsets = append(b.offsets, uint32(at))
}

// Column returns the column of all rows. The builder is of no use after that.
func (b *Builder) Column() column.Column {
	if b.not {
		return &column.Unloaded{N: b.n}
	}
	valid := b.valid
	if b.nulls == 0 {
		valid = nil
	}
	switch b.t.Kind {
	case check.Bool:
		return &column.Bools{Valid: valid, Bits: b.bits, N: b.n}
	case check.Int:
		return column.NewInts(b.numbers, valid)
	case check.Float:
		return &column.Floats{Valid: valid, V: b.floats}
	case check.Timestamp:
		return &column.Timestamps{Valid: valid, V: b.numbers}
	case check.String, check.Interval:
		return &column.Texts{Valid: valid, Offsets: b.offsets, Bytes: b.bytes}
	case check.Object:
		c := &column.Struct{Valid: valid, N: b.n}
		for _, f := range b.fields {
			c.Fields = append(c.Fields, f.Column())
		}
		return c
	case check.List:
		return &column.List{Valid: valid, Offsets: b.offsets, Elem: b.elem.Column()}
	case check.Map:
		keys, _ := column.Sorted(context.Background(), b.keys.texts(), 1) // it fails with its context alone
		return &column.Map{Valid: valid, Offsets: b.offsets, Keys: keys, Values: b.elem.Column()}
	}
	return &column.Nulls{N: b.n}
}

// texts returns a column of texts without nulls.
func (b *Builder) texts() *column.Texts { return &column.Texts{Offsets: b.offsets, Bytes: b.bytes} }
