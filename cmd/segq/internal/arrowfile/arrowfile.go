// Package arrowfile writes files in the IPC format of Apache Arrow, which others call Feather
// version 2 (https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format), without
// compression and without dictionaries.
//
// The tour: a [Writer] writes the messages of a file (this file): its schema (schema.go), and
// record batches (batch.go). Their metadata are flatbuffers (flatbuffer.go). arrow-go, of which its
// package ipc would do the same, is not in the program (ARCHITECTURE.md, decision 23).
package arrowfile

import (
	"encoding/binary"
	"io"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

const magic = "ARROW1"

// Writer writes a file.
type Writer struct {
	w      io.Writer
	at     int64
	fields []*check.Field
	blocks structs // of the footer
}

// NewWriter returns a writer to w.
func NewWriter(w io.Writer, fields []*check.Field) *Writer { return &Writer{w: w, fields: fields} }

// Batches is rows that follow each other, as record batches: several can be made at once, each by
// one goroutine.
type Batches struct {
	w    *Writer
	made []message
}

// message is a message, with its metadata and its body.
type message struct{ metadata, body []byte }

// Begin returns batches without rows.
func (w *Writer) Begin() *Batches { return &Batches{w: w} }

// Add adds n rows of columns, which run along the fields of the file.
func (p *Batches) Add(n int, columns []column.Column) error {
	b := &batch{}
	for i, c := range columns {
		b.add(c, p.w.fields[i].Type, n)
	}
	header := table{0: int64(n), 1: b.nodes, 2: b.buffers}
	p.made = append(p.made, message{messageOf(recordBatchHeader, header, len(b.body)), b.body})
	return b.err
}

// End has nothing to do.
func (p *Batches) End() error { return nil }

// Emit writes the batches, after those that were emitted before.
func (p *Batches) Emit() error {
	w := p.w
	if err := w.begin(); err != nil {
		return err
	}
	for _, m := range p.made {
		w.blocks = append(w.blocks, record{w.at, int64(len(m.metadata)), int64(len(m.body))})
		if err := w.write(m.metadata, m.body); err != nil {
			return err
		}
	}
	return nil
}

// messageOf returns a message as it is before its body.
func messageOf(kind byte, header table, body int) []byte {
	b := flatbuffer(table{0: metadataV5, 1: kind, 2: header, 3: int64(body)})
	prefix := binary.LittleEndian.AppendUint32([]byte{0xff, 0xff, 0xff, 0xff}, uint32(len(b)))
	return append(prefix, b...)
}

// begin writes what a file begins with, once.
func (w *Writer) begin() error {
	if w.at > 0 {
		return nil
	}
	return w.write([]byte(magic+"\x00\x00"), messageOf(schemaHeader, schemaOf(w.fields), 0))
}

func (w *Writer) write(parts ...[]byte) error {
	for _, b := range parts {
		n, err := w.w.Write(b)
		if w.at += int64(n); err != nil {
			return err
		}
	}
	return nil
}

// Close writes the footer.
func (w *Writer) Close() error {
	if err := w.begin(); err != nil {
		return err
	}
	footer := flatbuffer(table{0: metadataV5, 1: schemaOf(w.fields), 2: structs{}, 3: w.blocks})
	end := binary.LittleEndian.AppendUint32(nil, uint32(len(footer)))
	return w.write([]byte{0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0}, footer, append(end, magic...))
}
