package arrow

import (
	"errors"
	"fmt"
)

// Kind is a type of values, by its number in the format.
type Kind byte

// The kinds, as Schema.fbs numbers them.
const (
	Null Kind = iota + 1
	Int
	Float
	Binary
	Utf8
	Bool
	Decimal
	Date
	Time
	Timestamp
	Interval
	List
	Struct
	Union
	FixedSizeBinary
	FixedSizeList
	Map
	Duration
	LargeBinary
	LargeUtf8
	LargeList
	RunEndEncoded
	BinaryView
	Utf8View
	ListView
	LargeListView
)

// Unit is a unit of time.
type Unit int

// The units.
const (
	Second Unit = iota
	Millisecond
	Microsecond
	Nanosecond
)

// The units of dates and intervals.
const (
	DateDays = 0

	YearMonth    = 0
	DayTime      = 1
	MonthDayNano = 2
)

// Int128 is the size of integers that the format does not have, and Polars writes.
const Int128 = 128

// Type says what the values of a field are.
type Type struct {
	Kind     Kind
	Bits     int  // of numbers, decimals and times
	Unsigned bool // of Int
	Scale    int  // of Decimal
	Unit     Unit // of times; of dates and intervals, their own units
	Size     int  // of FixedSizeBinary, bytes; of FixedSizeList, elements
	Dense    bool // of Union
	// Choices are, of a Union, the children by the numbers that values have; -1 for none.
	Choices []int
}

// Field is a field of the schema.
type Field struct {
	Name     string
	Type     Type
	Children []*Field
	// Extension is the name of an extension type, whose values are stored as Type says.
	Extension string
	// Index is the type of the indexes of a field with a dictionary, whose entries are of
	// Type; nil for a field without.
	Index      *Type
	dictionary int64
}

// maxNesting is how deep fields may be, so that no file can exhaust the stack.
const maxNesting = 512

var errBigEndian = errors.New("the numbers in it are big-endian, which is not read: write it on, or for, a machine that is little-endian")

// readSchema reads the table of a schema.
func readSchema(t table) ([]*Field, error) {
	if t.int16(0, 0) != 0 {
		return nil, errBigEndian
	}
	r := &schemaReader{}
	fields, err := r.fields(t.tables(1), 0)
	if err == nil {
		err = t.buf.err
	}
	return fields, err
}

// maxFields is how many fields a file may have: as many as a table.
const maxFields = 100_000

// schemaReader counts the fields of a schema.
type schemaReader struct{ count int }

func (r *schemaReader) fields(tables []table, depth int) ([]*Field, error) {
	if depth > maxNesting {
		return nil, fmt.Errorf("the schema has more than %d levels", maxNesting)
	}
	if r.count += len(tables); r.count > maxFields {
		return nil, fmt.Errorf("it has more than %d fields, which are more than a table can have", maxFields)
	}
	var all []*Field
	for _, t := range tables {
		f := &Field{Name: t.string(0)}
		kind := Kind(t.byte(2))
		of, _ := t.table(3)
		var err error
		if f.Children, err = r.fields(t.tables(5), depth+1); err != nil {
			return nil, err
		}
		if err := f.readType(kind, of); err != nil {
			return nil, fmt.Errorf("field %q: %w", f.Name, err)
		}
		for _, pair := range t.tables(6) {
			if pair.string(0) == "ARROW:extension:name" {
				f.Extension = pair.string(1)
			}
		}
		f.readDictionary(t)
		if t.buf.err != nil {
			return nil, t.buf.err
		}
		all = append(all, f)
	}
	return all, nil
}

// readDictionary reads how a field is encoded by a dictionary, if it is.
func (f *Field) readDictionary(t table) {
	d, ok := t.table(4)
	if !ok {
		return
	}
	f.dictionary = d.int64(0)
	f.Index = &Type{Kind: Int, Bits: 32}
	if index, ok := d.table(1); ok {
		f.Index.Bits, f.Index.Unsigned = index.int32(0, 0), !index.bool(1)
	}
}

// readType reads the type of f, whose children are there.
func (f *Field) readType(kind Kind, of table) error {
	t := Type{Kind: kind}
	children := 0
	switch kind {
	case Int:
		t.Bits, t.Unsigned = of.int32(0, 0), !of.bool(1)
	case Float:
		t.Bits = map[int]int{0: 16, 1: 32, 2: 64}[of.int16(0, 0)]
	case Decimal:
		t.Scale, t.Bits = of.int32(1, 0), of.int32(2, 128)
	case Date:
		if t.Unit, t.Bits = Unit(of.int16(0, 1)), 64; t.Unit == DateDays {
			t.Bits = 32
		}
	case Time:
		t.Unit, t.Bits = Unit(of.int16(0, int(Millisecond))), of.int32(1, 32)
	case Timestamp:
		t.Unit, t.Bits = Unit(of.int16(0, int(Second))), 64
	case Duration:
		t.Unit, t.Bits = Unit(of.int16(0, int(Millisecond))), 64
	case Interval:
		t.Unit = Unit(of.int16(0, YearMonth))
		if t.Unit < YearMonth || t.Unit > MonthDayNano {
			return fmt.Errorf("the unit of intervals of number %d is not known", t.Unit)
		}
		t.Bits = [...]int{32, 64, 128}[t.Unit]
	case FixedSizeBinary:
		t.Size = of.int32(0, 0)
	case FixedSizeList:
		t.Size, children = of.int32(0, 0), 1
	case List, LargeList, ListView, LargeListView, Map:
		children = 1
	case RunEndEncoded:
		children = 2
	case Union:
		return f.readUnion(t, of)
	case Null, Binary, Utf8, Bool, Struct, LargeBinary, LargeUtf8, BinaryView, Utf8View:
	default:
		return fmt.Errorf("the type of number %d is not known", kind)
	}
	f.Type = t
	if kind != Struct && len(f.Children) != children {
		return fmt.Errorf("the file is damaged: it has %d fields, not %d", len(f.Children), children)
	}
	return f.check()
}

// check looks whether the numbers of a type are ones that the format has.
func (f *Field) check() error {
	t := f.Type
	bad := false
	switch t.Kind {
	case Int:
		bad = t.Bits != 8 && t.Bits != 16 && t.Bits != 32 && t.Bits != 64 && t.Bits != Int128
	case Float:
		bad = t.Bits != 16 && t.Bits != 32 && t.Bits != 64
	case Decimal:
		bad = t.Bits != 32 && t.Bits != 64 && t.Bits != 128 && t.Bits != 256
	case Date:
		bad = t.Unit < 0 || t.Unit > 1
	case Time:
		bad = t.Unit < Second || t.Unit > Nanosecond || t.Bits != 32 && t.Bits != 64
	case Timestamp, Duration:
		bad = t.Unit < Second || t.Unit > Nanosecond
	case FixedSizeBinary, FixedSizeList:
		bad = t.Size < 0
	case Map:
		entries := f.Children[0]
		bad = entries.Type.Kind != Struct || entries.Index != nil || len(entries.Children) != 2
	case RunEndEncoded:
		ends := f.Children[0]
		bad = ends.Type.Kind != Int || ends.Type.Unsigned || ends.Type.Bits == 8 || ends.Type.Bits == Int128 || ends.Index != nil
	}
	if bad {
		return fmt.Errorf("the file is damaged: its type (of number %d) is one that the format does not have", t.Kind)
	}
	return nil
}

// readUnion reads which of the children of a union its numbers stand for.
func (f *Field) readUnion(t Type, of table) error {
	t.Dense = of.int16(0, 0) == 1
	const most = 128
	if len(f.Children) > most {
		return fmt.Errorf("the file is damaged: a union of %d types", len(f.Children))
	}
	t.Choices = make([]int, most)
	for i := range t.Choices {
		t.Choices[i] = -1
	}
	at, n := of.vector(1, 4)
	if n == 0 { // they are numbered
		for i := range f.Children {
			t.Choices[i] = i
		}
	}
	for i := range n {
		id := of.buf.int32(at + 4*i)
		if id < 0 || id >= most || i >= len(f.Children) {
			return errors.New("the file is damaged: the numbers of a union are wrong")
		}
		t.Choices[id] = i
	}
	f.Type = t
	return nil
}
