// Package parquet reads the column chunks of a Parquet file: its footer, pages,
// levels and values. It knows nothing of profiles.
//
// A file is damaged until the opposite is shown. What it claims (lengths,
// counts, sizes) is held against the bytes that are there before any room is
// made for it, every level and index is held against its range, and a checksum
// is looked at where a page has one.
//
// The tour: file.go opens a file; thrift.go, meta.go, element.go and column.go
// read its footer, and pass.go passes over what is not wanted of it; chunk.go
// reads a column chunk page by page; codec.go decompresses. Of a page, page.go,
// gather.go, bits.go and texts.go decode values to where they stay; hybrid.go,
// values.go and delta.go decode any that there are. The format is described at
// https://parquet.apache.org/docs/file-format/.
package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// File is an open file.
type File struct {
	Meta *Meta
	// Charge, if set, is asked before the buffers of a chunk grow, and told what
	// they give back; an error of it ends the reading.
	Charge func(bytes int64) error

	r    io.ReaderAt
	size int64
}

// Magic is what a Parquet file begins and ends with.
const Magic = "PAR1"

// tail is what is read of the end of a file at once, in the hope that the footer is there.
const tail = 64 << 10

// Open reads the footer of a file of that size.
func Open(r io.ReaderAt, size int64) (*File, error) {
	const end = 4 + int64(len(Magic)) // the length of the footer comes before it
	if size == 0 {                    // which is noted, as in any format
		return &File{Meta: &Meta{Schema: []Element{{Name: "schema"}}}, r: r}, nil
	}
	if size < int64(len(Magic))+end {
		return nil, fmt.Errorf("%d bytes are no Parquet file", size)
	}
	last := make([]byte, min(size, tail))
	if _, err := r.ReadAt(last, size-int64(len(last))); err != nil {
		return nil, err
	}
	switch string(last[len(last)-len(Magic):]) {
	case Magic:
	case "PARE":
		return nil, errors.New("the file is encrypted")
	default:
		return nil, errors.New("this is no Parquet file, or its end is missing")
	}
	last = last[:len(last)-int(end)]
	length := int64(binary.LittleEndian.Uint32(last[len(last):cap(last)]))
	if length > size-end-int64(len(Magic)) {
		return nil, fmt.Errorf("the file is damaged: a footer of %d bytes in a file of %d", length, size)
	}
	footer := last[max(0, int64(len(last))-length):]
	if length > int64(len(footer)) {
		footer = make([]byte, length)
		if _, err := r.ReadAt(footer, size-end-length); err != nil {
			return nil, err
		}
	}
	m, err := parseMeta(footer)
	if err != nil {
		return nil, fmt.Errorf("the footer is damaged: %w", err)
	}
	return &File{Meta: m, r: r, size: size - end - length}, nil
}

// Footer returns the bytes of the footer, which nobody may change.
func (f *File) Footer() []byte { return f.Meta.footer }
