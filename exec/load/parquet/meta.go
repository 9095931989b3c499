package parquet

import (
	"errors"
	"fmt"
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

	// Passed is said by who passes it over, with all that is below.
	Passed bool
}

// Meta is what the footer of a file says, as far as it is read.
type Meta struct {
	Schema []Element
	Leaves []Leaf // of the schema, in its order: their numbers are those of columns
	Groups []Group

	footer  []byte
	ordered []bool // by column: the bounds of its statistics are in the order of its type
}

// Leaf is what all column chunks of a leaf have in common, as far as one has to know to
// say whether it can be read.
type Leaf struct {
	// Codec and Encoding are of the chunks, one that is not known before others.
	Codec    Codec
	Encoding Encoding
	// External says that values are in another file, Encrypted that some cannot be read
	// without a key.
	External, Encrypted bool
	// Size is that of all chunks in the file.
	Size int64
}

// Group is a row group.
type Group struct {
	Rows int64

	columns []uint32 // where the footer tells of its column chunks
}

// parseMeta reads a footer. Field numbers are those of parquet.thrift
// (https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift).
// Column chunks, of which there may be very many, are passed over (pass.go).
func parseMeta(b []byte) (*Meta, error) {
	r := &thriftReader{b: b}
	m := &Meta{footer: b}
	var later *thriftReader // row groups that come before the schema
	kind := thriftStop
	var has required
	r.fields(func(id int16, t thriftType) {
		has.add(id)
		switch {
		case id == 2:
			m.schema(r, t)
		case id == 4 && m.Schema == nil:
			later, kind = &thriftReader{b: b, pos: r.pos}, t
			r.skip(t)
		case id == 4:
			m.groups(r, t)
		case id == 7:
			r.list(t, func(t thriftType) { m.ordered = append(m.ordered, r.order(t)) })
		default:
			r.skip(t)
		}
	})
	if later != nil && m.Groups == nil {
		m.groups(later, kind)
		r.err = errors.Join(r.err, later.err)
	}
	has.check(r, "the footer", 1, 2, 3, 4)
	if r.err != nil {
		return nil, r.err
	}
	return m, m.check()
}

// Said returns what the writer says of the file beside all that, by names of its own.
func (m *Meta) Said() (map[string]string, error) {
	all, r := map[string]string{}, &thriftReader{b: m.footer}
	if m.footer == nil { // of an empty file
		return all, nil
	}
	r.fields(func(id int16, t thriftType) {
		if id != 5 {
			r.skip(t)
			return
		}
		r.list(t, func(t thriftType) {
			var pair [2]string
			r.structure(t, func(id int16, t thriftType) {
				if id == 1 || id == 2 {
					pair[id-1] = r.string(t)
				} else {
					r.skip(t)
				}
			})
			all[pair[0]] = pair[1]
		})
	})
	return all, r.err
}

// maxLeaves is how many columns a file may have: as many as a table.
const maxLeaves = 100_000

// schema reads the schema, and no more of it than may be.
func (m *Meta) schema(r *thriftReader, t thriftType) {
	leaves := 0
	r.list(t, func(t thriftType) {
		e := r.element(t)
		if e.Leaf {
			leaves++
		}
		if leaves > maxLeaves {
			r.fail(fmt.Errorf("it has more than %d columns, which are more than a table can have", maxLeaves))
			return
		}
		m.Schema = append(m.Schema, e)
	})
}

// groups reads the row groups.
func (m *Meta) groups(r *thriftReader, t thriftType) {
	m.Leaves = make([]Leaf, leavesOf(m.Schema))
	r.list(t, func(t thriftType) {
		g := r.group(t, m.Leaves)
		if r.err == nil && len(g.columns) != len(m.Leaves) {
			r.fail(fmt.Errorf("row group %d has %d columns, the schema %d", len(m.Groups), len(g.columns), len(m.Leaves)))
		}
		m.Groups = append(m.Groups, g)
	})
}

func leavesOf(schema []Element) (n int) {
	for i := range schema {
		if schema[i].Leaf {
			n++
		}
	}
	return n
}

// check holds the schema and the row groups against themselves.
func (m *Meta) check() error {
	if len(m.Schema) == 0 {
		return errors.New("there is no schema")
	}
	for i := range m.Schema {
		if r := m.Schema[i].Repetition; r < Required || r > Repeated {
			return fmt.Errorf("the element %q of the schema has a repetition of number %d", m.Schema[i].Name, r)
		}
	}
	if m.Groups == nil {
		m.Leaves = make([]Leaf, leavesOf(m.Schema))
	}
	if leavesOf(m.Schema) != len(m.Leaves) {
		return errors.New("there are two schemas")
	}
	for i, g := range m.Groups {
		if g.Rows < 0 {
			return fmt.Errorf("row group %d has %d rows", i, g.Rows)
		}
	}
	return nil
}

// group reads a row group, and adds to the leaves what it says of them.
func (r *thriftReader) group(t thriftType, leaves []Leaf) (g Group) {
	var has required
	r.structure(t, func(id int16, t thriftType) {
		has.add(id)
		switch id {
		case 1:
			if g.columns == nil {
				g.columns = make([]uint32, 0, len(leaves))
			}
			r.list(t, func(t thriftType) {
				g.columns = append(g.columns, uint32(r.pos))
				var l Leaf
				if r.passColumn(t, &l); len(g.columns) <= len(leaves) {
					leaves[len(g.columns)-1].add(l)
				}
			})
		case 3:
			g.Rows = r.int64(t)
		default:
			r.skip(t)
		}
	})
	has.check(r, "a row group", 1, 2, 3)
	return g
}

// required has the numbers of the fields that a structure has, below 64. The format says of some that
// they are always there: without one the structure is damaged, whatever else it says.
type required uint64

func (has *required) add(id int16) { *has |= 1 << (uint16(id) & 63) }

func (has required) check(r *thriftReader, what string, ids ...int16) {
	for _, id := range ids {
		if r.err == nil && has&(1<<id) == 0 {
			r.fail(fmt.Errorf("%s has no field with the number %d, which it has to have", what, id))
		}
	}
}

// add takes in what another column chunk has.
func (l *Leaf) add(of Leaf) {
	l.External, l.Encrypted = l.External || of.External, l.Encrypted || of.Encrypted
	if size := l.Size + max(of.Size, 0); size >= l.Size { // else the footer claims nonsense
		l.Size = size
	}
	if l.Codec.Known() {
		l.Codec = of.Codec
	}
	if l.Encoding.Known() {
		l.Encoding = of.Encoding
	}
}

// order reads a ColumnOrder, and says whether it is that of the type.
func (r *thriftReader) order(t thriftType) (typed bool) {
	r.structure(t, func(id int16, t thriftType) {
		typed = typed || id == 1
		r.skip(t)
	})
	return typed
}
