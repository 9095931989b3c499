package replica

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"unsafe"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// errRow says that a row is none of ours.
var errRow = errors.New("its bytes end too soon, or too late")

// cut takes the first value from what is left: its bytes, or that it is null.
func cut(from string) (value, rest string, null bool, err error) {
	n, size := binary.Uvarint(unsafe.Slice(unsafe.StringData(from), len(from)))
	if size <= 0 || n > uint64(len(from)-size)+1 {
		return "", "", false, errRow
	}
	if n == 0 {
		return "", from[size:], true, nil
	}
	end := size + int(n) - 1
	return from[size:end], from[end:], false, nil
}

// builder gathers the values of a column.
type builder interface {
	add(bytes string) error
	null()
	column(ctx context.Context, threads int) (column.Column, error)
}

// next takes a value from what is left into a builder.
func next(b builder, from string) (rest string, err error) {
	value, rest, null, err := cut(from)
	if err != nil {
		return "", err
	}
	if null {
		b.null()
		return rest, nil
	}
	return rest, b.add(value)
}

// validity gathers which rows have a value.
type validity struct {
	bits column.Bitmap
	n    int
	some bool // are null
}

func (v *validity) push(valid bool) {
	if v.n%64 == 0 {
		v.bits = append(v.bits, 0)
	}
	if valid {
		v.bits.Set(v.n)
	} else {
		v.some = true
	}
	v.n++
}

// bitmap is nil where every row has a value.
func (v *validity) bitmap() column.Bitmap {
	if v.some {
		return v.bits
	}
	return nil
}

// newBuilder returns the builder of a type.
func newBuilder(t *check.Type) (builder, error) {
	switch t.Kind {
	case check.Bool:
		return &bools{}, nil
	case check.Int, check.Timestamp:
		return &integers{time: t.Kind == check.Timestamp}, nil
	case check.Float:
		return &floats{}, nil
	case check.String:
		return &texts{}, nil
	case check.List:
		elem, err := newBuilder(t.Elem)
		return &list{elem: elem, offsets: []uint32{0}}, err
	case check.Map:
		values, err := newBuilder(t.Elem)
		return &entries{list: list{elem: values, offsets: []uint32{0}}}, err
	case check.Object:
		o := &object{}
		for _, f := range t.Fields {
			b, err := newBuilder(f.Type)
			if err != nil {
				return nil, err
			}
			o.fields = append(o.fields, b)
		}
		return o, nil
	case check.Any:
		return &nothing{}, nil
	}
	return nil, fmt.Errorf("a field of type %s cannot be in a lookup in Redis", t)
}

// nothing is a column of which nothing is known but that it is null.
type nothing struct{ n int }

func (b *nothing) null()            { b.n++ }
func (b *nothing) add(string) error { return errRow }
func (b *nothing) column(context.Context, int) (column.Column, error) {
	return &column.Nulls{N: b.n}, nil
}

type bools struct{ valid, bits validity }

func (b *bools) null() {
	b.valid.push(false)
	b.bits.push(false)
}

func (b *bools) add(bytes string) error {
	if len(bytes) != 1 {
		return errRow
	}
	b.valid.push(true)
	b.bits.push(bytes[0] == 1)
	return nil
}

func (b *bools) column(context.Context, int) (column.Column, error) {
	return &column.Bools{Valid: b.valid.bitmap(), Bits: b.bits.bits, N: b.valid.n}, nil
}

type integers struct {
	valid validity
	v     []int64
	time  bool
}

func (b *integers) null() {
	b.valid.push(false)
	b.v = append(b.v, 0)
}

func (b *integers) add(bytes string) error {
	v, n := binary.Varint(unsafe.Slice(unsafe.StringData(bytes), len(bytes)))
	if n != len(bytes) || n == 0 {
		return errRow
	}
	b.valid.push(true)
	b.v = append(b.v, v)
	return nil
}

func (b *integers) column(context.Context, int) (column.Column, error) {
	if b.time {
		return &column.Timestamps{Valid: b.valid.bitmap(), V: b.v}, nil
	}
	return column.NewInts(b.v, b.valid.bitmap()), nil
}

type floats struct {
	valid validity
	v     []float64
}

func (b *floats) null() {
	b.valid.push(false)
	b.v = append(b.v, 0)
}

func (b *floats) add(bytes string) error {
	if len(bytes) != 8 {
		return errRow
	}
	b.valid.push(true)
	b.v = append(b.v, math.Float64frombits(binary.LittleEndian.Uint64([]byte(bytes))))
	return nil
}

func (b *floats) column(context.Context, int) (column.Column, error) {
	return &column.Floats{Valid: b.valid.bitmap(), V: b.v}, nil
}

type texts struct {
	valid   validity
	offsets []uint32
	bytes   []byte
}

func (b *texts) null() {
	b.valid.push(false)
	b.offsets = append(b.offsets, uint32(len(b.bytes)))
}

func (b *texts) add(bytes string) error {
	if len(b.bytes)+len(bytes) > column.MaxTextBytes {
		return fmt.Errorf("the texts of one field that were looked up have more than %d bytes, which a column cannot hold", column.MaxTextBytes)
	}
	b.offsets = append(b.offsets, uint32(len(b.bytes)))
	b.valid.push(true)
	b.bytes = append(b.bytes, bytes...)
	return nil
}

func (b *texts) column(ctx context.Context, threads int) (column.Column, error) {
	return b.sorted(ctx, threads)
}

func (b *texts) sorted(ctx context.Context, threads int) (*column.Strings, error) {
	return column.Sorted(ctx, &column.Texts{Valid: b.valid.bitmap(), Offsets: append(b.offsets, uint32(len(b.bytes))), Bytes: b.bytes}, threads)
}

type list struct {
	valid   validity
	offsets []uint32
	n       int // elements
	elem    builder
}

func (b *list) null() {
	b.valid.push(false)
	b.offsets = append(b.offsets, uint32(b.n))
}

func (b *list) add(bytes string) (err error) {
	for ; bytes != ""; b.n++ {
		if bytes, err = next(b.elem, bytes); err != nil {
			return err
		}
	}
	return b.end()
}

// end ends a row.
func (b *list) end() error {
	if b.n > math.MaxUint32 {
		return fmt.Errorf("the lists of one field that were looked up have more than %d elements, which a column cannot hold", uint32(math.MaxUint32))
	}
	b.valid.push(true)
	b.offsets = append(b.offsets, uint32(b.n))
	return nil
}

func (b *list) column(ctx context.Context, threads int) (column.Column, error) {
	elem, err := b.elem.column(ctx, threads)
	return &column.List{Valid: b.valid.bitmap(), Offsets: b.offsets, Elem: elem}, err
}

// entries are those of maps.
type entries struct {
	list
	keys texts
}

func (b *entries) add(bytes string) (err error) {
	for ; bytes != ""; b.n++ {
		if bytes, err = next(&b.keys, bytes); err != nil {
			return err
		}
		if bytes, err = next(b.elem, bytes); err != nil {
			return err
		}
	}
	return b.end()
}

func (b *entries) column(ctx context.Context, threads int) (column.Column, error) {
	keys, err := b.keys.sorted(ctx, threads)
	if err != nil {
		return nil, err
	}
	values, err := b.elem.column(ctx, threads)
	return &column.Map{Valid: b.valid.bitmap(), Offsets: b.offsets, Keys: keys, Values: values}, err
}

type object struct {
	valid  validity
	fields []builder
}

func (b *object) null() {
	b.valid.push(false)
	for _, f := range b.fields {
		f.null()
	}
}

func (b *object) add(bytes string) (err error) {
	for _, f := range b.fields {
		if bytes, err = next(f, bytes); err != nil {
			return err
		}
	}
	if bytes != "" {
		return errRow
	}
	b.valid.push(true)
	return nil
}

func (b *object) column(ctx context.Context, threads int) (column.Column, error) {
	out := &column.Struct{Valid: b.valid.bitmap(), N: b.valid.n, Fields: make([]column.Column, len(b.fields))}
	for i, f := range b.fields {
		var err error
		if out.Fields[i], err = f.column(ctx, threads); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// built are some fields of rows.
type built struct {
	of     []int // by field of a row: its number among those that are wanted, from 1; 0 for none
	last   int   // the last field of a row that is wanted
	object object
}

// newRows makes the builder of some fields of rows.
func (s *source) newRows(fields []string) (*built, error) {
	schema := s.Schema()
	b := &built{of: make([]int, len(schema.Fields)), last: -1}
	for i, name := range fields {
		f := schema.Field(name)
		if f == nil {
			return nil, fmt.Errorf("internal error: the lookup %s has no field %s", s.of.Name, name)
		}
		if b.of[f.Index] != 0 {
			return nil, fmt.Errorf("internal error: the field %s of the lookup %s is asked for twice", name, s.of.Name)
		}
		values, err := newBuilder(f.Type)
		if err != nil {
			return nil, err
		}
		b.object.fields = append(b.object.fields, values)
		b.of[f.Index] = i + 1
		b.last = max(b.last, f.Index)
	}
	return b, nil
}

// add adds a row, "" for none.
func (b *built) add(row string) error {
	if row == "" {
		b.object.null()
		return nil
	}
	for i := 0; i <= b.last; i++ {
		var err error
		if k := b.of[i]; k != 0 {
			row, err = next(b.object.fields[k-1], row)
		} else {
			_, row, _, err = cut(row)
		}
		if err != nil {
			return err
		}
	}
	b.object.valid.push(true)
	return nil
}

func (b *built) columns(ctx context.Context, threads int) (*column.Struct, error) {
	c, err := b.object.column(ctx, threads)
	if err != nil {
		return nil, err
	}
	return c.(*column.Struct), nil
}
