package parquetfile

import (
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
)

// Writer writes a file of rows of one type.
type Writer[T any] struct {
	file
	shred shred
}

// NewWriter returns a writer to w. It panics if T has a field that it cannot write.
func NewWriter[T any](w io.Writer) *Writer[T] {
	t := reflect.TypeFor[T]()
	c := &compiler{}
	root, shred := c.content(t.Name(), t, nil, place{})
	return &Writer[T]{file{w: w, root: root, leaves: c.leaves}, shred}
}

// Begin begins a row group. Several can be made at once, each by one goroutine.
func (w *Writer[T]) Begin() *RowGroup[T] {
	g := &RowGroup[T]{w: w, columns: make([]*structColumn, len(w.leaves))}
	for i, l := range w.leaves {
		g.columns[i] = &structColumn{chunk: chunk{leaf: l}}
	}
	return g
}

// RowGroup is a row group. It is in memory until [RowGroup.Commit].
type RowGroup[T any] struct {
	w       *Writer[T]
	columns []*structColumn
	rows    int64
}

// Add adds rows.
func (g *RowGroup[T]) Add(rows []T) {
	for i := range rows {
		g.w.shred(g.columns, reflect.ValueOf(&rows[i]).Elem(), 0, 0)
	}
	g.rows += int64(len(rows))
	for _, c := range g.columns {
		c.endPage(pageValues)
	}
}

// End ends the row group, to which no rows are added then.
func (g *RowGroup[T]) End() {
	for _, c := range g.columns {
		c.end()
	}
}

// Commit writes a row group that was ended. They are in the file in the order of commits.
func (g *RowGroup[T]) Commit() error {
	chunks := make([]*chunk, len(g.columns))
	for i, c := range g.columns {
		chunks[i] = &c.chunk
	}
	return g.w.commit(chunks, g.rows)
}

// Close writes the footer.
func (w *Writer[T]) Close() error { return w.close() }

// shred adds a value to its columns. It begins at a repetition level, and def is the
// definition level of what it is in.
type shred func(to []*structColumn, v reflect.Value, rep, def byte)

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
		return e, func(to []*structColumn, v reflect.Value, rep, def byte) {
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
func absent(columns []*structColumn, rep, def byte) {
	for _, c := range columns {
		c.null(rep, def)
	}
}

// each shreds the elements of a slice, whose columns are those from first to before end.
func each(first, end int, level byte, element shred) shred {
	return func(to []*structColumn, v reflect.Value, rep, def byte) {
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
	return func(to []*structColumn, v reflect.Value, rep, def byte) {
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
	value, addValue := c.field("value", t.Elem(), options{"list"}, at.below("key_value")) // the old form of lists is not for all readers
	e.meaning, e.children = isMap, []*element{{name: "key_value", repetition: repeated, children: []*element{key, value}}}
	end, level := len(c.leaves), at.rep
	return func(to []*structColumn, v reflect.Value, rep, def byte) {
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
		return func(to []*structColumn, v reflect.Value, rep, def byte) { to[i].bool(v.Bool(), rep, def) }
	case reflect.Int64:
		e.leaf.physical, e.meaning = typeInt64, isInt
		if o.has("timestamp(millisecond)") {
			e.meaning = isInstant
		}
		return func(to []*structColumn, v reflect.Value, rep, def byte) { to[i].int(v.Int(), rep, def) }
	case reflect.Float64:
		e.leaf.physical = typeDouble
		return func(to []*structColumn, v reflect.Value, rep, def byte) { to[i].float(v.Float(), rep, def) }
	case reflect.String:
		e.leaf.physical, e.meaning = typeByteArray, isText
		return func(to []*structColumn, v reflect.Value, rep, def byte) { to[i].text(v.String(), rep, def) }
	}
	panic(fmt.Sprintf("%s has the type %s, which is not written", strings.Join(at.path, "."), t))
}
