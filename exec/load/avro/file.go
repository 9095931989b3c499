// Package avro reads Avro object container files (https://avro.apache.org/docs/1.12.0/specification/):
// their schema, which github.com/hamba/avro parses, and their blocks of rows. It knows no profiles,
// and takes no memory because a file merely claims that it needs it.
//
// [Open] reads the header (file.go), [File.Next] a block, and [Block.Plain] decompresses one
// (codec.go). A [Schema] (schema.go) says what is in it, and a [Cursor] (cursor.go) goes through
// the values.
package avro

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Magic is what a file begins with.
const Magic = "Obj\x01"

const (
	maxHeader = 64 << 20
	syncSize  = 16
)

// File is a file that is read from its first byte to its last.
type File struct {
	Schema *Schema
	// Charge is asked before memory is taken. It may be nil.
	Charge func(bytes int64) error

	in     *bufio.Reader
	codec  string
	sync   [syncSize]byte
	blocks int
}

// Block is a block of rows.
type Block struct {
	Rows   int64
	Number int // from 1
	// Held is what was charged for the block.
	Held int64

	file *File
	data []byte
}

// Size is the number of its bytes in the file.
func (b *Block) Size() int { return len(b.data) }

// Open reads the header of a file.
func Open(r io.Reader) (*File, error) {
	f := &File{in: bufio.NewReaderSize(r, 1<<16)}
	var magic [len(Magic)]byte
	switch _, err := io.ReadFull(f.in, magic[:]); {
	case errors.Is(err, io.EOF):
		return nil, io.EOF
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return nil, err
	case string(magic[:]) != Magic:
		return nil, errors.New("this is no Avro object container file, which begins with Obj and a 1")
	}
	meta, err := f.metadata()
	if err != nil {
		return nil, cutOff(err, "its header")
	}
	if _, err := io.ReadFull(f.in, f.sync[:]); err != nil {
		return nil, cutOff(err, "its header")
	}
	if f.codec = string(meta["avro.codec"]); f.codec == "" {
		f.codec = "null"
	}
	if codecs[f.codec] == nil {
		return nil, fmt.Errorf("the codec %q is not read; write it with null, deflate, snappy, zstandard, bzip2 or xz", f.codec)
	}
	f.Schema, err = parse(meta["avro.schema"])
	return f, err
}

// cutOff says of an unexpected end what it is the end of.
func cutOff(err error, what string) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("the file ends in the middle of %s: it was cut off, or is still being written", what)
	}
	return err
}

func damaged(format string, args ...any) error {
	return fmt.Errorf("the file is damaged: "+format, args...)
}

// metadata reads the map of a header.
func (f *File) metadata() (map[string][]byte, error) {
	all, left := map[string][]byte{}, int64(maxHeader)
	next := func() ([]byte, error) {
		n, err := f.long()
		if err != nil {
			return nil, err
		}
		if n < 0 || n > left {
			return nil, damaged("its header claims %d bytes", n)
		}
		left -= n
		var b bytes.Buffer
		_, err = io.CopyN(&b, f.in, n)
		return b.Bytes(), err
	}
	for {
		count, err := f.long()
		if err != nil || count == 0 {
			return all, err
		}
		if count < 0 {
			count = -count
			if _, err := f.long(); err != nil {
				return nil, err
			}
		}
		for ; count != 0; count-- {
			key, err := next()
			if err != nil {
				return nil, err
			}
			if all[string(key)], err = next(); err != nil {
				return nil, err
			}
		}
	}
}

// long reads a number from the file.
func (f *File) long() (int64, error) {
	v := uint64(0)
	for shift := 0; shift < 64; shift += 7 {
		b, err := f.in.ReadByte()
		if err != nil {
			return 0, err
		}
		v |= uint64(b&0x7f) << shift
		if b&0x80 == 0 {
			return int64(v>>1) ^ -int64(v&1), nil
		}
	}
	return 0, damaged("a number has more than 64 bits")
}

// Next reads a block; at the end, the error is [io.EOF].
func (f *File) Next() (*Block, error) {
	if _, err := f.in.Peek(1); err != nil {
		return nil, err
	}
	f.blocks++
	b := &Block{file: f, Number: f.blocks}
	err := b.read()
	if err != nil {
		err = cutOff(err, fmt.Sprintf("block %d", b.Number))
	}
	return b, err
}

func (b *Block) read() (err error) {
	if b.Rows, err = b.file.long(); err != nil {
		return err
	}
	size, err := b.file.long()
	if err != nil {
		return err
	}
	if b.Rows < 0 || size < 0 {
		return damaged("block %d claims %d rows in %d bytes", b.Number, b.Rows, size)
	}
	if b.data, err = b.readAll(b.file.in, size); err != nil {
		return err
	}
	var sync [syncSize]byte
	if _, err := io.ReadFull(b.file.in, sync[:]); err != nil {
		return err
	}
	if sync != b.file.sync {
		return damaged("block %d does not end where it says", b.Number)
	}
	return nil
}

// charge asks for memory.
func (b *Block) charge(n int64) error {
	b.Held += n
	if b.file.Charge == nil {
		return nil
	}
	if err := b.file.Charge(n); err != nil {
		return &chargeError{err}
	}
	return nil
}

// readAll reads so many bytes; room is made as they come.
func (b *Block) readAll(r io.Reader, size int64) ([]byte, error) {
	const first = 1 << 20
	room := min(first, size)
	if err := b.charge(room); err != nil {
		return nil, err
	}
	out := make([]byte, room)
	for n := int64(0); ; {
		k, err := io.ReadFull(r, out[n:])
		if n += int64(k); err != nil || n == size {
			return out, err
		}
		room = min(2*n, size)
		if err := b.charge(room); err != nil { // beside what is there, which is copied
			return nil, err
		}
		out = append(make([]byte, 0, room), out...)[:room]
		_ = b.charge(-n)
	}
}
