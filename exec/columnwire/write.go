package columnwire

import (
	"encoding/binary"
	"math"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// Append appends some rows of a column of type t to dst, in their order.
func Append(dst []byte, c column.Column, t *check.Type, rows []uint32) []byte {
	if _, not := c.(*column.Unloaded); not {
		return append(dst, unloaded)
	}
	dst, some := appendValid(dst, c, rows)
	if len(some) == 0 {
		return dst
	}
	switch t.Kind {
	case check.Object: // of null ones, all fields are null
		return appendObject(dst, c, t, rows)
	case check.List, check.Map:
		return appendList(dst, c, t, some)
	}
	for _, row := range some {
		dst = appendValue(dst, c, row)
	}
	return dst
}

// Range returns the numbers of rows from one on before another.
func Range(from, to int) []uint32 {
	rows := make([]uint32, to-from)
	for i := range rows {
		rows[i] = uint32(from + i)
	}
	return rows
}

// appendValid says which rows have a value, and returns these.
func appendValid(dst []byte, c column.Column, rows []uint32) ([]byte, []uint32) {
	if valid := column.Validity(c); valid == nil {
		if _, none := c.(*column.Nulls); none {
			return append(dst, noneValid), nil
		}
		return append(dst, allValid), rows
	}
	bits := make([]byte, (len(rows)+7)/8)
	some := make([]uint32, 0, len(rows))
	for i, row := range rows {
		if !c.Null(int(row)) {
			bits[i/8] |= 1 << (i % 8)
			some = append(some, row)
		}
	}
	switch len(some) {
	case 0:
		return append(dst, noneValid), nil
	case len(rows):
		return append(dst, allValid), rows
	}
	return append(append(dst, someValid), bits...), some
}

func appendObject(dst []byte, c column.Column, t *check.Type, rows []uint32) []byte {
	for i, f := range t.Fields {
		dst = Append(dst, c.(*column.Struct).Fields[i], f.Type, rows)
	}
	return dst
}

// appendList appends how long lists or maps are, and what is in them.
func appendList(dst []byte, c column.Column, t *check.Type, rows []uint32) []byte {
	var offsets []uint32
	list, isList := c.(*column.List)
	if isList {
		offsets = list.Offsets
	} else {
		offsets = c.(*column.Map).Offsets
	}
	var inside []uint32
	for _, row := range rows {
		from, to := offsets[row], offsets[row+1]
		dst = binary.AppendUvarint(dst, uint64(to-from))
		for k := from; k < to; k++ {
			inside = append(inside, k)
		}
	}
	if isList {
		return Append(dst, list.Elem, t.Elem, inside)
	}
	m := c.(*column.Map)
	return Append(Append(dst, m.Keys, check.StringType, inside), m.Values, t.Elem, inside)
}

// appendValue appends a value that is not null and has no parts.
func appendValue(dst []byte, c column.Column, row uint32) []byte {
	c, i := column.At(c, int(row))
	switch c := c.(type) {
	case *column.Bools:
		if c.Bits.Get(i) {
			return append(dst, 1)
		}
		return append(dst, 0)
	case *column.Ints:
		return binary.AppendVarint(dst, c.At(i))
	case *column.Floats:
		return binary.LittleEndian.AppendUint64(dst, math.Float64bits(c.V[i]))
	case *column.Timestamps:
		return binary.AppendVarint(dst, c.V[i])
	case *column.Strings:
		return appendText(dst, c.At(i))
	}
	return appendText(dst, c.(*column.Texts).At(i))
}

func appendText(dst []byte, text string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(text))), text...)
}
