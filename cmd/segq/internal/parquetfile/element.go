package parquetfile

import "slices"

// Numbers of the format (parquet.thrift).
const (
	typeBoolean, typeInt64, typeDouble, typeByteArray = 0, 2, 5, 6

	required, optional, repeated = 0, 1, 2
)

// meaning is what an element stands for, as the footer says it in two ways: the field of
// the union LogicalType, and the ConvertedType of old.
type meaning struct {
	logical   int16
	converted int32
	is        func(*thrift) // fills the field of the union
}

var (
	isText    = &meaning{1, 0, func(*thrift) {}}
	isMap     = &meaning{2, 1, func(*thrift) {}}
	isList    = &meaning{3, 3, func(*thrift) {}}
	isInt     = &meaning{10, 18, func(t *thrift) { t.byte(1, 64); t.bool(2, true) }}
	isInstant = &meaning{8, 9, func(t *thrift) { // UTC, in milliseconds
		t.bool(1, true)
		t.structure(2, func() { t.structure(1, func() {}) })
	}}
)

// element is an element of the schema: a group of others, or a leaf.
type element struct {
	name       string
	repetition int32
	meaning    *meaning // nil for none
	children   []*element
	leaf       *leaf
}

// leaf is an element that has values, in a column of their own.
type leaf struct {
	path           []string
	physical       int32
	maxRep, maxDef byte
}

// place is where an element of the schema is.
type place struct {
	path     []string
	rep, def byte
}

func (p place) below(name string) place {
	p.path = append(slices.Clip(p.path), name)
	return p
}

// count is the number of elements of a part of the schema.
func (e *element) count() int {
	n := 1
	for _, c := range e.children {
		n += c.count()
	}
	return n
}

// describe writes the SchemaElements of e and what is below it, in depth-first order.
func (e *element) describe(t *thrift, root bool) {
	t.element(func() {
		if e.leaf != nil {
			t.i32(1, e.leaf.physical)
		}
		if !root {
			t.i32(3, e.repetition)
		}
		t.binary(4, e.name)
		if e.leaf == nil {
			t.i32(5, int32(len(e.children)))
		}
		if e.meaning != nil {
			t.i32(6, e.meaning.converted)
			t.structure(10, func() { t.structure(e.meaning.logical, func() { e.meaning.is(t) }) })
		}
	})
	for _, c := range e.children {
		c.describe(t, false)
	}
}
