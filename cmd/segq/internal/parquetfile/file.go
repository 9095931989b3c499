// Package parquetfile writes Parquet files: of structs (structs.go), which is for segq gen, and of
// the columns of answers (columns.go). Texts are in dictionaries where that is shorter, numbers and
// booleans plain, pages of version 2 under Snappy, with the bounds of each column.
//
// It writes what segq needs and no more. Neither of the Go libraries is in the program: arrow-go
// makes it half as large again (ARCHITECTURE.md, decision 23).
//
// The tour: an [element] is a part of the schema (element.go), a chunk the pages of a leaf in a row
// group (chunk.go), and a file what is around them (this file). runs.go and thrift.go encode what is
// in pages, and their headers.
package parquetfile

import (
	"encoding/binary"
	"io"
)

const magic = "PAR1"

// file is a file that is being written.
type file struct {
	w      io.Writer
	at     int64
	root   *element
	leaves []*leaf
	rows   int64
	groups [][]byte // as they stand in the footer
}

// commit writes a row group.
func (f *file) commit(chunks []*chunk, rows int64) error {
	if err := f.begin(); err != nil {
		return err
	}
	t, first := &thrift{}, f.at
	t.element(func() {
		var unpacked int64
		t.list(1, thriftStruct, len(chunks))
		for _, c := range chunks {
			t.element(func() { c.describe(t, first) })
			unpacked, first = unpacked+c.unpacked, first+c.size()
		}
		t.i64(2, unpacked)
		t.i64(3, rows)
		t.i64(5, f.at)
		t.i64(6, first-f.at)
	})
	for _, c := range chunks {
		if err := f.write(c.dictionary); err != nil {
			return err
		}
		for _, p := range c.pages {
			if err := f.write(p); err != nil {
				return err
			}
		}
	}
	f.groups, f.rows = append(f.groups, t.b), f.rows+rows
	return nil
}

// begin writes what a file begins with, once.
func (f *file) begin() error {
	if f.at > 0 {
		return nil
	}
	return f.write([]byte(magic))
}

func (f *file) write(b []byte) error {
	n, err := f.w.Write(b)
	f.at += int64(n)
	return err
}

// close writes the footer.
func (f *file) close() error {
	if err := f.begin(); err != nil {
		return err
	}
	t := &thrift{}
	t.element(func() {
		t.i32(1, 2)
		t.list(2, thriftStruct, f.root.count())
		f.root.describe(t, true)
		t.i64(3, f.rows)
		t.list(4, thriftStruct, len(f.groups))
		for _, g := range f.groups {
			t.b = append(t.b, g...)
		}
		t.binary(6, "segq")
		t.list(7, thriftStruct, len(f.leaves))
		for range f.leaves { // their bounds are in the order of their type
			t.element(func() { t.structure(1, func() {}) })
		}
	})
	return f.write(append(binary.LittleEndian.AppendUint32(t.b, uint32(len(t.b))), magic...))
}
