// Package parquet writes structs as the rows of a Parquet file: texts as dictionaries,
// numbers and booleans plain, pages of version 2 under Snappy, with the bounds of each
// column. A tag of a field gives its name, as in `parquet:"tags,optional,list"`: what is
// optional is missing where it is nil, a slice is a LIST, or a repeated field without that
// word, and an int64 may be a timestamp(millisecond).
//
// It writes what segq gen needs and no more. Neither of the Go libraries is in the
// program: arrow-go makes it half as large again (ARCHITECTURE.md, decision 23).
package parquet

import (
	"encoding/binary"
	"io"
	"reflect"
)

const magic = "PAR1"

// Writer writes a file of rows of one type.
type Writer[T any] struct {
	w      io.Writer
	at     int64
	root   *element
	shred  shred
	leaves []*leaf
	rows   int64
	groups [][]byte // as they stand in the footer
}

// NewWriter returns a writer to w. It panics if T has a field that it cannot write.
func NewWriter[T any](w io.Writer) *Writer[T] {
	t := reflect.TypeFor[T]()
	c := &compiler{}
	root, shred := c.content(t.Name(), t, nil, place{})
	return &Writer[T]{w: w, root: root, shred: shred, leaves: c.leaves}
}

// Begin begins a row group. Several can be made at once, each by one goroutine.
func (w *Writer[T]) Begin() *RowGroup[T] {
	g := &RowGroup[T]{w: w, columns: make([]*column, len(w.leaves)), dictionaries: make([]int, len(w.leaves))}
	for i, l := range w.leaves {
		g.columns[i] = &column{leaf: l}
	}
	return g
}

// RowGroup is a row group. It is in memory until [RowGroup.Commit].
type RowGroup[T any] struct {
	w            *Writer[T]
	columns      []*column
	dictionaries []int // of each column, how many bytes its page has
	rows         int64
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
	for i, c := range g.columns {
		g.dictionaries[i] = c.end()
	}
}

// Commit writes a row group that was ended. They are in the file in the order of commits.
func (g *RowGroup[T]) Commit() error {
	if err := g.w.begin(); err != nil {
		return err
	}
	t, first := &thrift{}, g.w.at
	t.element(func() {
		var unpacked int64
		t.list(1, thriftStruct, len(g.columns))
		for i, c := range g.columns {
			t.element(func() { c.describe(t, first, g.dictionaries[i]) })
			unpacked, first = unpacked+c.unpacked, first+int64(len(c.pages))
		}
		t.i64(2, unpacked)
		t.i64(3, g.rows)
		t.i64(5, g.w.at)
		t.i64(6, first-g.w.at)
	})
	for _, c := range g.columns {
		if err := g.w.write(c.pages); err != nil {
			return err
		}
	}
	g.w.groups, g.w.rows = append(g.w.groups, t.b), g.w.rows+g.rows
	return nil
}

// describe writes the ColumnChunk of a column whose first page is at a place in the file.
func (c *column) describe(t *thrift, at int64, dictionary int) {
	t.i64(2, 0) // nothing is written of it apart from the footer
	t.structure(3, func() {
		t.i32(1, c.physical)
		encodings := []int32{plain}
		if c.maxDef > 0 {
			encodings = append(encodings, rle)
		}
		if c.physical == typeByteArray {
			encodings = append(encodings, rleDictionary)
		}
		t.list(2, thriftI32, len(encodings))
		for _, e := range encodings {
			t.b = binary.AppendVarint(t.b, int64(e))
		}
		t.list(3, thriftBinary, len(c.path))
		for _, name := range c.path {
			t.text(name)
		}
		t.i32(4, snappyCodec)
		t.i64(5, c.values)
		t.i64(6, c.unpacked)
		t.i64(7, int64(len(c.pages)))
		t.i64(9, at+int64(dictionary))
		if dictionary > 0 {
			t.i64(11, at)
		}
		t.structure(12, func() {
			t.i64(3, c.nulls)
			if least, most, ok := c.statistics(); ok {
				t.binary(5, most)
				t.binary(6, least)
			}
		})
	})
}

// begin writes what a file begins with, once.
func (w *Writer[T]) begin() error {
	if w.at > 0 {
		return nil
	}
	return w.write([]byte(magic))
}

func (w *Writer[T]) write(b []byte) error {
	n, err := w.w.Write(b)
	w.at += int64(n)
	return err
}

// Close writes the footer.
func (w *Writer[T]) Close() error {
	if err := w.begin(); err != nil {
		return err
	}
	t := &thrift{}
	t.element(func() {
		t.i32(1, 2)
		t.list(2, thriftStruct, w.root.count())
		w.root.describe(t, true)
		t.i64(3, w.rows)
		t.list(4, thriftStruct, len(w.groups))
		for _, g := range w.groups {
			t.b = append(t.b, g...)
		}
		t.binary(6, "segq")
		t.list(7, thriftStruct, len(w.leaves))
		for range w.leaves { // their bounds are in the order of their type
			t.element(func() { t.structure(1, func() {}) })
		}
	})
	return w.write(append(binary.LittleEndian.AppendUint32(t.b, uint32(len(t.b))), magic...))
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
