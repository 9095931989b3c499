package parquet

import (
	"encoding/binary"
	"fmt"
)

// Column is a column chunk: the values of one leaf in one row group.
type Column struct {
	Codec    Codec
	Values   int64 // nulls and empty lists among them
	Size     int64 // of all pages with their headers, as they are in the file
	Unpacked int64 // the same, not compressed
	// External says that the values are in another file, Encrypted that they
	// cannot be read without a key.
	External, Encrypted bool
	Statistics

	rows             int64 // of the row group
	encodings        uint64
	data, dictionary int64 // where the first page of data and the dictionary begin
}

// Statistics are what the writer of a file says of the values of a column chunk. It may
// lie.
type Statistics struct {
	// Nulls and Distinct count nulls and different values, -1 where that is not said.
	Nulls, Distinct int64
	// Least and Greatest bound the values, nil where that is not said: plain values of
	// the physical type (little-endian numbers; bytes without a length, perhaps cut and
	// then rounded up or down). They are a part of the footer, and not to be changed.
	Least, Greatest []byte
	// Ordered says that the bounds are meant in the order of the type, as the file says:
	// signed, unsigned or by bytes. What is not is good for guesses only.
	Ordered bool
}

// Column returns what the footer says of a column, by row group.
func (m *Meta) Column(column int) ([]Column, error) {
	all := make([]Column, len(m.Groups))
	for g := range m.Groups {
		r := &thriftReader{b: m.footer, pos: int(m.Groups[g].columns[column])}
		if all[g] = r.column(thriftStruct); r.err != nil {
			return nil, fmt.Errorf("the footer is damaged: %w", r.err)
		}
		all[g].rows = m.Groups[g].Rows
		all[g].Ordered = column < len(m.ordered) && m.ordered[column]
	}
	return all, nil
}

// Dictionary says whether values may be in a dictionary.
func (c *Column) Dictionary() bool {
	return c.encodings&(1<<PlainDictionary|1<<RLEDictionary) != 0
}

// TextBytes returns about how many bytes of texts the column has, if none is in a dictionary for
// several values, and the footer tells the truth.
func (c *Column) TextBytes() int64 {
	size := min(c.Unpacked, 4*c.Size)
	if c.encodings&(1<<DeltaLengthByteArray|1<<DeltaByteArray) == 0 {
		const perLength = 4
		size -= perLength * max(c.Values, 0)
	}
	return max(size, 0)
}

// Bounds returns the least and the greatest of the whole numbers of a column as the
// statistics say, which may lie; ok is false where they say nothing.
func (c *Column) Bounds() (least, greatest int64, ok bool) {
	least, okLeast := wholeOf(c.Least)
	greatest, okGreatest := wholeOf(c.Greatest)
	return least, greatest, okLeast && okGreatest
}

func wholeOf(b []byte) (int64, bool) {
	switch len(b) {
	case 4:
		return int64(int32(binary.LittleEndian.Uint32(b))), true
	case 8:
		return int64(binary.LittleEndian.Uint64(b)), true
	}
	return 0, false
}

func (r *thriftReader) column(t thriftType) (c Column) {
	c.Nulls, c.Distinct = -1, -1
	known := false
	var has required
	r.structure(t, func(id int16, t thriftType) {
		switch id {
		case 1:
			c.External = r.string(t) != ""
		case 3:
			known = true
			r.structure(t, func(id int16, t thriftType) {
				has.add(id)
				r.columnField(&c, id, t)
			})
			has.check(r, "a column chunk", 1, 2, 3, 4, 5, 6, 7, 9)
		case 8:
			c.Encrypted = true
			r.skip(t)
		default:
			r.skip(t)
		}
	})
	r.want(known || c.Encrypted)
	return c
}

func (r *thriftReader) columnField(c *Column, id int16, t thriftType) {
	switch id {
	case 2:
		r.list(t, func(t thriftType) { c.encodings |= 1 << (uint32(r.int32(t)) & 63) })
	case 4:
		c.Codec = Codec(r.int32(t))
	case 5:
		c.Values = r.int64(t)
	case 6:
		c.Unpacked = r.int64(t)
	case 7:
		c.Size = r.int64(t)
	case 9:
		c.data = r.int64(t)
	case 11:
		c.dictionary = r.int64(t)
	case 12:
		r.statistics(c, t)
	default:
		r.skip(t)
	}
}

// statistics takes in what is as the format says. A file is read whatever its
// statistics are.
func (r *thriftReader) statistics(c *Column, t thriftType) {
	if t != thriftStruct {
		r.skip(t)
		return
	}
	r.fields(func(id int16, t thriftType) {
		switch {
		case id == 3 && t == thriftI64:
			c.Nulls = r.varint()
		case id == 4 && t == thriftI64:
			c.Distinct = r.varint()
		case id == 5 && t == thriftBinary:
			c.Greatest = r.bound()
		case id == 6 && t == thriftBinary:
			c.Least = r.bound()
		default:
			r.skip(t)
		}
	})
}

// bound returns bytes that are not nil.
func (r *thriftReader) bound() []byte {
	b := r.take(r.uvarint())
	return b[:len(b):len(b)]
}
