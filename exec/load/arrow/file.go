// Package arrow reads Arrow IPC files and streams (https://arrow.apache.org/docs/format/Columnar.html),
// which are also what Feather of version 2 is: their schema, and the arrays of a column of a record
// batch. It knows no profiles, and trusts nothing that a file claims.
//
// [Open] reads the metadata (file.go, message.go) by the tables of flatbuffer.go: the fields
// (schema.go), and where the buffers of each record batch are. [Batch.Column] reads those of
// one column (buffer.go) and makes an [Array] of them (array.go), in which no index leads out of
// what is there; where values stand in a dictionary, that is read when it is first needed
// (dictionary.go). [File.WillNeed] announces what will be read of a file that is far away (distant.go).
package arrow

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"
	"sync/atomic"
)

const (
	// Magic is what a file begins with.
	Magic = "ARROW1"
	// StreamMagic is what a stream begins with, but for those written before 2019.
	StreamMagic = "\xff\xff\xff\xff"
	// FeatherMagic is what a Feather file of version 1 begins with, which is another format.
	FeatherMagic = "FEA1"

	maxMetadata = 256 << 20
)

// File is a file or a stream that is open.
type File struct {
	Fields  []*Field
	Batches []*Batch
	// Charge is asked before memory is taken, and told when it is free again. It may be nil.
	Charge func(bytes int64) error
	// Unended says that a stream has no mark of its end, which it need not have: it may have
	// been cut off.
	Unended bool

	r            io.ReaderAt
	size         int64
	dictionaries map[int64]*dictionary // as they are after what was read
	owners       map[int64]*Field      // by dictionary, a field that has it
	held         atomic.Int64          // what dictionaries hold
}

func (f *File) hold(bytes int64) { f.held.Add(bytes) }

// Close lets go of what the file holds.
func (f *File) Close() {
	if held := f.held.Swap(0); f.Charge != nil && held != 0 {
		_ = f.Charge(-held)
	}
}

// Batch is a record batch.
type Batch struct {
	Rows int
	// Size is the number of its bytes in the file.
	Size int64

	number       int
	file         *File
	body         *body
	dictionaries map[int64]*dictionary

	once   sync.Once
	places []place // of the columns, and of what comes after the last
	err    error
}

// errVersion1 is the error of a Feather file of version 1.
var errVersion1 = errors.New("this is a Feather file of version 1, which is another format, and deprecated; write it again as version 2: " +
	"pyarrow.feather.write_feather(pyarrow.feather.read_table(FILE), FILE)")

// Open reads the metadata of a file or a stream of so many bytes.
func Open(r io.ReaderAt, size int64) (*File, error) {
	f := &File{r: r, size: size, dictionaries: map[int64]*dictionary{}, owners: map[int64]*Field{}}
	head := make([]byte, min(size, 8))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch {
	case size == 0:
		return f, nil
	case bytes.HasPrefix(head, []byte(FeatherMagic)):
		return nil, errVersion1
	case bytes.HasPrefix(head, []byte(Magic)):
		return f, f.readFooter()
	}
	return f, f.readStream()
}

func damaged(format string, args ...any) error {
	return fmt.Errorf("the file is damaged: "+format, args...)
}

// bytesAt reads n bytes of the file.
func (f *File) bytesAt(at, n int64) ([]byte, error) {
	if at < 0 || n < 0 || at > f.size-n {
		return nil, damaged("it ends at byte %d, before what should be at byte %d", f.size, at)
	}
	b := make([]byte, n)
	if k, err := f.r.ReadAt(b, at); k < len(b) {
		return nil, fmt.Errorf("at byte %d: %w", at, err)
	}
	return b, nil
}

// readFooter reads a file by its footer.
func (f *File) readFooter() error {
	const tail = 4 + len(Magic)
	end, err := f.bytesAt(f.size-int64(tail), int64(tail))
	if err != nil || string(end[4:]) != Magic || f.size < int64(tail+8) {
		return errors.New("the file has no end: it was cut off, or is still being written")
	}
	n := int64(int32(binary.LittleEndian.Uint32(end)))
	if n <= 0 || n > maxMetadata || n > f.size-int64(tail+8) {
		return damaged("its footer cannot have %d bytes", n)
	}
	b, err := f.bytesAt(f.size-int64(tail)-n, n)
	if err != nil {
		return err
	}
	footer := root(b)
	schema, ok := footer.table(1)
	if !ok {
		return errMetadata
	}
	if err := f.setSchema(schema); err != nil {
		return err
	}
	for _, field := range []int{2, 3} { // dictionaries, then record batches
		if err := f.readBlocks(footer, field); err != nil {
			return err
		}
	}
	return footer.buf.err
}

// listed is the size of what a footer has of a message: offset int64, length of the metadata int32, 4
// bytes of nothing, length of the body int64.
const listed = 24

// readBlocks reads the messages that a footer lists.
func (f *File) readBlocks(footer table, field int) error {
	f.willNeedMessages(footer, field)
	at, n := footer.vector(field, listed)
	for i := range n {
		from := footer.buf.int64(at + i*listed)
		m, err := f.readMessage(from)
		if err != nil {
			return err
		}
		if m == nil {
			return damaged("its footer lists a message at byte %d, where there is none", from)
		}
		if want := []byte{2: headerDictionary, 3: headerBatch}[field]; m.kind != want {
			return damaged("its footer lists the message at byte %d as another kind than it is", from)
		}
		if err := f.take(m); err != nil {
			return err
		}
	}
	return footer.buf.err
}

// readStream reads messages one after another.
func (f *File) readStream() error {
	if d, ok := f.r.(Distant); ok {
		f.r = &blocks{ReaderAt: d, size: f.size}
		defer func() { f.r = d }()
	}
	at := int64(0)
	for at < f.size {
		m, err := f.readMessage(at)
		if err != nil {
			if at == 0 {
				return fmt.Errorf("this is neither an Arrow file nor an Arrow stream (%w)", err)
			}
			return err
		}
		if m == nil {
			return f.endStream(at)
		}
		if f.Fields == nil {
			if m.kind != headerSchema {
				return errors.New("the stream does not begin with a schema")
			}
			if err := f.setSchema(m.header); err != nil {
				return err
			}
		} else if err := f.take(m); err != nil {
			return err
		}
		at = m.end
	}
	f.Unended = true
	return nil
}

// endStream looks whether nothing is after the mark of the end.
func (f *File) endStream(at int64) error {
	const mark = 8
	if at+mark < f.size {
		return fmt.Errorf("there is more after the end of the stream, at byte %d: streams one after another are not one table", at+mark)
	}
	return nil
}

// setSchema reads the schema and which fields have dictionaries.
func (f *File) setSchema(t table) error {
	fields, err := readSchema(t)
	if err != nil {
		return err
	}
	if f.Fields = fields; fields == nil {
		f.Fields = []*Field{}
	}
	return f.own(fields)
}

// own notes which fields have dictionaries.
func (f *File) own(fields []*Field) error {
	for _, c := range fields {
		if c.Index != nil {
			if c.Index.Bits != 8 && c.Index.Bits != 16 && c.Index.Bits != 32 && c.Index.Bits != 64 {
				return damaged("the indexes of %q have %d bits", c.Name, c.Index.Bits)
			}
			f.owners[c.dictionary] = c
		}
		if err := f.own(c.Children); err != nil {
			return err
		}
	}
	return nil
}

// take takes in a message.
func (f *File) take(m *message) error {
	switch m.kind {
	case headerDictionary:
		return f.takeDictionary(m)
	case headerBatch:
	case headerSchema:
		return damaged("there is a second schema at byte %d", m.from)
	default:
		return fmt.Errorf("there is a message at byte %d that is no record batch (of kind %d), as tensors are; they are not read", m.from, m.kind)
	}
	body, err := m.batch(m.header)
	if err != nil {
		return err
	}
	b := &Batch{number: len(f.Batches) + 1, file: f, body: body, Rows: int(body.rows), Size: m.end - m.from, dictionaries: f.dictionaries}
	if body.rows < 0 || body.rows > math.MaxUint32 {
		return damaged("record batch %d claims %d rows", b.number, body.rows)
	}
	f.Batches = append(f.Batches, b)
	return nil
}
