package replica

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// A row is its fields one after another. A value is its length in bytes plus 1, as an unsigned
// varint, and these bytes; a null is 0. Of these bytes
//
//	boolean             0 or 1
//	integer, timestamp  a signed varint
//	number              8 bytes, little-endian
//	text                the text
//	object              its fields, as a row
//	list                its elements, one after another
//	map                 key and value by turns
//
// A row without fields is a single 0. A key is the bytes of its value, a text with a t before it, since no
// key is empty.

// encoder appends the value of a row.
type encoder func(to []byte, row int) []byte

// encoderOf encodes the values of a column of this type.
func encoderOf(c column.Column, t *check.Type) (encoder, error) {
	c = column.Dense(c)
	bytes, err := bytesOf(c, t)
	if err != nil {
		return nil, err
	}
	var value []byte
	return func(to []byte, row int) []byte {
		if c.Null(row) {
			return append(to, 0)
		}
		value = bytes(value[:0], row)
		return append(binary.AppendUvarint(to, uint64(len(value))+1), value...)
	}, nil
}

// bytesOf encodes the bytes of values that are not null.
func bytesOf(c column.Column, t *check.Type) (encoder, error) {
	switch c := c.(type) {
	case *column.Nulls:
		return nil, nil
	case *column.Bools:
		return func(to []byte, row int) []byte {
			if c.Bits.Get(row) {
				return append(to, 1)
			}
			return append(to, 0)
		}, nil
	case *column.Ints:
		return func(to []byte, row int) []byte { return binary.AppendVarint(to, c.At(row)) }, nil
	case *column.Timestamps:
		return func(to []byte, row int) []byte { return binary.AppendVarint(to, c.V[row]) }, nil
	case *column.Floats:
		return func(to []byte, row int) []byte {
			return binary.LittleEndian.AppendUint64(to, math.Float64bits(c.V[row]))
		}, nil
	case *column.Strings:
		return func(to []byte, row int) []byte { return append(to, c.At(row)...) }, nil
	case *column.Texts:
		return func(to []byte, row int) []byte { return append(to, c.At(row)...) }, nil
	case *column.Struct:
		return objectBytes(c, t)
	case *column.List:
		elem, err := encoderOf(c.Elem, t.Elem)
		return func(to []byte, row int) []byte {
			for e := c.Offsets[row]; e < c.Offsets[row+1]; e++ {
				to = elem(to, int(e))
			}
			return to
		}, err
	case *column.Map:
		value, err := encoderOf(c.Values, t.Elem)
		return func(to []byte, row int) []byte {
			for e := c.Offsets[row]; e < c.Offsets[row+1]; e++ {
				key := c.Keys.At(int(e))
				to = append(binary.AppendUvarint(to, uint64(len(key))+1), key...)
				to = value(to, int(e))
			}
			return to
		}, err
	}
	return nil, fmt.Errorf("internal error: a %T is put into Redis", c)
}

func objectBytes(c *column.Struct, t *check.Type) (encoder, error) {
	fields := make([]encoder, len(c.Fields))
	for i, f := range c.Fields {
		var err error
		if fields[i], err = encoderOf(f, t.Fields[i].Type); err != nil {
			return nil, err
		}
	}
	return func(to []byte, row int) []byte {
		for _, f := range fields {
			to = f(to, row)
		}
		return to
	}, nil
}

// textKey is before a key that is a text.
const textKey = 't'

// keyEncoder encodes keys: nothing for one that is null, or no number, which nothing is equal to.
func keyEncoder(c column.Column) (encoder, error) {
	c = column.Dense(c)
	bytes, err := bytesOf(c, nil)
	if err != nil {
		return nil, err
	}
	floats, _ := c.(*column.Floats)
	var text bool
	switch c.(type) {
	case *column.Strings, *column.Texts:
		text = true
	}
	return func(to []byte, row int) []byte {
		switch {
		case c.Null(row) || floats != nil && math.IsNaN(floats.V[row]):
			return to
		case floats != nil && floats.V[row] == 0: // which -0 is equal to
			return binary.LittleEndian.AppendUint64(to, 0)
		case text:
			to = append(to, textKey)
		}
		return bytes(to, row)
	}, nil
}

// keysOf returns the keys of some rows.
func keysOf(c column.Column, start, end int) []string {
	keys := make([]string, 0, end-start)
	encode, err := keyEncoder(c)
	if err != nil {
		return nil // no column of keys is of another kind
	}
	var all []byte
	var ends []int
	for row := start; row < end; row++ {
		all = encode(all, row)
		ends = append(ends, len(all))
	}
	text, from := string(all), 0
	for _, to := range ends {
		keys = append(keys, text[from:to])
		from = to
	}
	return slices.Clip(keys)
}

// keyText writes a key for people.
func keyText(t *check.Type, key []byte) string {
	switch t.Kind {
	case check.String:
		return strconv.Quote(string(key[1:]))
	case check.Int:
		n, _ := binary.Varint(key)
		return strconv.FormatInt(n, 10)
	case check.Timestamp:
		n, _ := binary.Varint(key)
		return time.UnixMilli(n).UTC().Format(time.RFC3339Nano)
	case check.Float:
		return string(column.AppendFloat(nil, math.Float64frombits(binary.LittleEndian.Uint64(key))))
	case check.Bool:
		return strconv.FormatBool(key[0] == 1)
	}
	return strconv.Quote(string(key))
}
