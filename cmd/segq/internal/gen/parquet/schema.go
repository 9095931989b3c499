package parquet

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

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

// shred adds a value to its columns. It begins at a repetition level, and def is the
// definition level of what it is in.
type shred func(to []*column, v reflect.Value, rep, def byte)

// place is where an element of the schema is.
type place struct {
	path     []string
	rep, def byte
}

func (p place) below(name string) place {
	p.path = append(slices.Clip(p.path), name)
	return p
}

// compiler makes the schema of a type, and the way to shred its values.
type compiler struct {
	leaves []*leaf
}

// options are those of a field, behind its name in the tag.
type options []string

func (o options) has(name string) bool { return slices.Contains(o, name) }

// field compiles a field of a struct, or an element of a list or map.
func (c *compiler) field(name string, t reflect.Type, o options, at place) (*element, shred) {
	at = at.below(name)
	first := len(c.leaves)
	switch {
	case o.has("optional"):
		pointer := t.Kind() == reflect.Pointer
		if pointer {
			t = t.Elem()
		}
		at.def++
		e, inner := c.content(name, t, o, at)
		e.repetition = optional
		end := len(c.leaves)
		return e, func(to []*column, v reflect.Value, rep, def byte) {
			if v.IsNil() {
				absent(to[first:end], rep, def)
				return
			}
			if pointer {
				v = v.Elem()
			}
			inner(to, v, rep, def+1)
		}
	case t.Kind() == reflect.Slice && !o.has("list"):
		at.rep++
		at.def++
		e, inner := c.content(name, t.Elem(), nil, at)
		e.repetition = repeated
		return e, each(first, len(c.leaves), at.rep, inner)
	}
	return c.content(name, t, o, at)
}

// absent adds to columns that there is nothing.
func absent(columns []*column, rep, def byte) {
	for _, c := range columns {
		c.null(rep, def)
	}
}

// each shreds the elements of a slice, whose columns are those from first to before end.
func each(first, end int, level byte, element shred) shred {
	return func(to []*column, v reflect.Value, rep, def byte) {
		n := v.Len()
		if n == 0 {
			absent(to[first:end], rep, def)
		}
		for i := range n {
			element(to, v.Index(i), rep, def+1)
			rep = level
		}
	}
}

func (c *compiler) content(name string, t reflect.Type, o options, at place) (*element, shred) {
	e := &element{name: name}
	switch t.Kind() {
	case reflect.Struct:
		return e, c.group(e, t, at)
	case reflect.Slice:
		return e, c.list(e, t, at)
	case reflect.Map:
		return e, c.mapping(e, t, at)
	}
	return e, c.single(e, t, o, at)
}

func (c *compiler) group(e *element, t reflect.Type, at place) shred {
	fields := make([]shred, t.NumField())
	for i := range fields {
		f := t.Field(i)
		tag := strings.Split(f.Tag.Get("parquet"), ",")
		child, inner := c.field(tag[0], f.Type, tag[1:], at)
		e.children, fields[i] = append(e.children, child), inner
	}
	return func(to []*column, v reflect.Value, rep, def byte) {
		for i, inner := range fields {
			inner(to, v.Field(i), rep, def)
		}
	}
}

// list compiles a list, which the format has as a group in a group
// (LogicalTypes.md, "Lists").
func (c *compiler) list(e *element, t reflect.Type, at place) shred {
	first := len(c.leaves)
	at.rep++
	at.def++
	child, inner := c.field("element", t.Elem(), nil, at.below("list"))
	e.meaning, e.children = isList, []*element{{name: "list", repetition: repeated, children: []*element{child}}}
	return each(first, len(c.leaves), at.rep, inner)
}

// mapping compiles a map with keys that are texts. Its entries are in their order, so that
// equal maps are equal bytes.
func (c *compiler) mapping(e *element, t reflect.Type, at place) shred {
	first := len(c.leaves)
	at.rep++
	at.def++
	key, addKey := c.field("key", t.Key(), nil, at.below("key_value"))
	value, addValue := c.field("value", t.Elem(), nil, at.below("key_value"))
	e.meaning, e.children = isMap, []*element{{name: "key_value", repetition: repeated, children: []*element{key, value}}}
	end, level := len(c.leaves), at.rep
	return func(to []*column, v reflect.Value, rep, def byte) {
		keys := v.MapKeys()
		if len(keys) == 0 {
			absent(to[first:end], rep, def)
		}
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, k := range keys {
			addKey(to, k, rep, def+1)
			addValue(to, v.MapIndex(k), rep, def+1)
			rep = level
		}
	}
}

// single compiles a single value.
func (c *compiler) single(e *element, t reflect.Type, o options, at place) shred {
	i := len(c.leaves)
	e.leaf = &leaf{path: at.path, maxRep: at.rep, maxDef: at.def}
	c.leaves = append(c.leaves, e.leaf)
	switch t.Kind() {
	case reflect.Bool:
		e.leaf.physical = typeBoolean
		return func(to []*column, v reflect.Value, rep, def byte) { to[i].bool(v.Bool(), rep, def) }
	case reflect.Int64:
		e.leaf.physical, e.meaning = typeInt64, isInt
		if o.has("timestamp(millisecond)") {
			e.meaning = isInstant
		}
		return func(to []*column, v reflect.Value, rep, def byte) { to[i].int(v.Int(), rep, def) }
	case reflect.Float64:
		e.leaf.physical = typeDouble
		return func(to []*column, v reflect.Value, rep, def byte) { to[i].float(v.Float(), rep, def) }
	case reflect.String:
		e.leaf.physical, e.meaning = typeByteArray, isText
		return func(to []*column, v reflect.Value, rep, def byte) { to[i].text(v.String(), rep, def) }
	}
	panic(fmt.Sprintf("%s has the type %s, which is not written", strings.Join(at.path, "."), t))
}
