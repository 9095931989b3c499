package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// Type is the physical type of a leaf.
type Type int32

// The physical types, by their numbers in the format.
const (
	Boolean Type = iota
	Int32
	Int64
	Int96
	Float
	Double
	ByteArray
	FixedLenByteArray
)

// Repetition says how often an element is there.
type Repetition int32

// The repetitions, by their numbers in the format.
const (
	Required Repetition = iota
	Optional
	Repeated
)

// Logical is what the values of an element stand for, whether the file says so
// by a logical type or by a converted type of old.
type Logical int32

// The logical types.
const (
	NoLogical Logical = iota
	String
	Map
	List
	Enum
	Decimal
	Date
	Time
	Timestamp
	Integer
	Null
	JSON
	BSON
	UUID
	Float16
	Interval
	Variant
	Geometry
	Geography
)

// String returns the name that the format has for l.
func (l Logical) String() string {
	names := [...]string{"none", "STRING", "MAP", "LIST", "ENUM", "DECIMAL", "DATE", "TIME", "TIMESTAMP", "INTEGER", "UNKNOWN",
		"JSON", "BSON", "UUID", "FLOAT16", "INTERVAL", "VARIANT", "GEOMETRY", "GEOGRAPHY"}
	if l < 0 || int(l) >= len(names) {
		return fmt.Sprintf("of number %d", int32(l))
	}
	return names[l]
}

// Unit is the unit of a time or timestamp.
type Unit int32

// The units.
const (
	NoUnit Unit = iota
	Millis
	Micros
	Nanos
)

// Element is an element of the schema of a file: a group of others, or a leaf.
type Element struct {
	Name       string
	Leaf       bool
	Type       Type  // of leaves
	Length     int32 // of fixed-length byte arrays
	Repetition Repetition
	Children   int32 // how many; they follow in depth-first order

	Logical          Logical
	Unit             Unit // of times and timestamps
	Unsigned         bool // of integers
	Scale, Precision int32
}

// Meta is what the footer of a file says, as far as it is read.
type Meta struct {
	Schema []Element
	Groups []Group
}

// Group is a row group.
type Group struct {
	Rows    int64
	Columns []Column
}

// Column is a column chunk: the values of one leaf in one row group.
type Column struct {
	Codec     Codec
	Encodings []Encoding
	Values    int64 // nulls and empty lists among them
	Size      int64 // of all pages with their headers, as they are in the file
	Unpacked  int64 // the same, not compressed
	// External says that the values are in another file, Encrypted that they
	// cannot be read without a key.
	External, Encrypted bool

	data, dictionary int64  // where the first page of data and the dictionary begin
	least, greatest  []byte // of whole numbers, as the statistics say
}

// Dictionary says whether values may be in a dictionary.
func (c *Column) Dictionary() bool { return slices.ContainsFunc(c.Encodings, Encoding.dictionary) }

// Bounds returns the least and the greatest of the whole numbers of a column as the
// statistics say, which may lie; ok is false where they say nothing.
func (c *Column) Bounds() (least, greatest int64, ok bool) {
	least, okLeast := wholeOf(c.least)
	greatest, okGreatest := wholeOf(c.greatest)
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

// parseMeta reads a footer. Field numbers are those of parquet.thrift
// (https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift).
func parseMeta(b []byte) (*Meta, error) {
	r := &thriftReader{b: b}
	m := &Meta{}
	r.fields(func(id int16, t thriftType) {
		switch id {
		case 2:
			r.list(t, func(t thriftType) { m.Schema = append(m.Schema, r.element(t)) })
		case 4:
			r.list(t, func(t thriftType) { m.Groups = append(m.Groups, r.group(t)) })
		default:
			r.skip(t)
		}
	})
	if r.err != nil {
		return nil, r.err
	}
	return m, m.check()
}

// check compares the row groups with the schema.
func (m *Meta) check() error {
	if len(m.Schema) == 0 {
		return errors.New("there is no schema")
	}
	leaves := 0
	for i := range m.Schema {
		if r := m.Schema[i].Repetition; r < Required || r > Repeated {
			return fmt.Errorf("the element %q of the schema has a repetition of number %d", m.Schema[i].Name, r)
		}
		if m.Schema[i].Leaf {
			leaves++
		}
	}
	for i, g := range m.Groups {
		if len(g.Columns) != leaves {
			return fmt.Errorf("row group %d has %d columns, the schema %d", i, len(g.Columns), leaves)
		}
		if g.Rows < 0 {
			return fmt.Errorf("row group %d has %d rows", i, g.Rows)
		}
	}
	return nil
}

func (r *thriftReader) group(t thriftType) (g Group) {
	r.structure(t, func(id int16, t thriftType) {
		switch id {
		case 1:
			r.list(t, func(t thriftType) { g.Columns = append(g.Columns, r.column(t)) })
		case 3:
			g.Rows = r.int64(t)
		default:
			r.skip(t)
		}
	})
	return g
}

func (r *thriftReader) column(t thriftType) (c Column) {
	known := false
	r.structure(t, func(id int16, t thriftType) {
		switch id {
		case 1:
			c.External = r.string(t) != ""
		case 3:
			known = true
			r.structure(t, func(id int16, t thriftType) { r.columnField(&c, id, t) })
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
		r.list(t, func(t thriftType) { c.Encodings = append(c.Encodings, Encoding(r.int32(t))) })
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

// statistics takes the bounds of short values. A file that has others is read all
// the same.
func (r *thriftReader) statistics(c *Column, t thriftType) {
	if t != thriftStruct {
		r.skip(t)
		return
	}
	r.fields(func(id int16, t thriftType) {
		if t != thriftBinary || id != 5 && id != 6 {
			r.skip(t)
			return
		}
		b := r.take(r.uvarint())
		if len(b) > 8 {
			return
		}
		if id == 5 {
			c.greatest = slices.Clone(b)
		} else {
			c.least = slices.Clone(b)
		}
	})
}
