package arrow

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// reader reads the buffers of a column of a batch, in the order of the schema.
type reader struct {
	file         *File
	body         *body
	dictionaries map[int64]*dictionary
	held         int64 // what was charged for what was read

	place
	// span has the bytes of the column, which stand together as a rule.
	span extent
	data []byte
}

// place says which nodes, buffers and numbers of buffers of views of a batch come next.
type place struct{ node, buffer, view int }

// charge asks for memory.
func (r *reader) charge(n int64) error {
	r.held += n
	if r.file.Charge == nil {
		return nil
	}
	return r.file.Charge(n)
}

func (r *reader) release() {
	if r.file.Charge != nil && r.held != 0 {
		_ = r.file.Charge(-r.held)
	}
	r.held = 0
}

// slack is how many bytes may be between two buffers of a column for them to be read at once.
const slack = 128

// findSpan finds where the buffers up to one are, and says whether there is little between them.
func (r *reader) findSpan(until int) bool {
	all := r.body.buffers[r.buffer:until]
	sum := int64(0)
	for i, b := range all {
		if i == 0 || b.from < r.span.from {
			r.span.from = b.from
		}
		sum += b.size + slack
	}
	end := r.span.from
	for _, b := range all {
		end = max(end, b.from+b.size)
	}
	r.span.size = end - r.span.from
	return r.span.size <= sum && r.span.size > 0
}

// readSpan reads the buffers up to one, at once if there is little between them.
func (r *reader) readSpan(until int) error {
	r.data = nil
	if !r.findSpan(until) {
		return nil
	}
	if err := r.charge(r.span.size); err != nil {
		return err
	}
	var err error
	r.data, err = r.file.bytesAt(r.span.from, r.span.size)
	return err
}

// next returns the bytes of the next buffer.
func (r *reader) next() ([]byte, error) {
	if r.buffer >= len(r.body.buffers) {
		return nil, damaged("a record batch has only %d buffers", len(r.body.buffers))
	}
	e := r.body.buffers[r.buffer]
	r.buffer++
	if e.size == 0 {
		return nil, nil
	}
	var b []byte
	if r.data != nil && e.from >= r.span.from && e.from+e.size <= r.span.from+int64(len(r.data)) {
		b = r.data[e.from-r.span.from:][:e.size]
	} else {
		if err := r.charge(e.size); err != nil {
			return nil, err
		}
		var err error
		if b, err = r.file.bytesAt(e.from, e.size); err != nil {
			return nil, err
		}
	}
	if r.body.codec == codecNone {
		return b, nil
	}
	b, err := r.decompress(b)
	if err != nil && !errors.Is(err, errCharge) {
		err = damaged("the buffer at byte %d cannot be decompressed (%w)", e.from, err)
	}
	return b, err
}

var errCharge = errors.New("no memory")

// decompress undoes the compression of a buffer, which begins with the size that it has then.
func (r *reader) decompress(b []byte) ([]byte, error) {
	const prefix = 8
	if len(b) < prefix {
		return nil, errors.New("it is too short")
	}
	size := int64(binary.LittleEndian.Uint64(b))
	b = b[prefix:]
	if size == -1 { // it is as it was
		return b, nil
	}
	if size < 0 {
		return nil, errors.New("its size is negative")
	}
	if r.body.codec == codecLZ4 {
		return r.readAll(lz4.NewReader(bytes.NewReader(b)), size, len(b))
	}
	z, err := zstd.NewReader(bytes.NewReader(b), zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, err
	}
	defer z.Close()
	return r.readAll(z, size, len(b))
}

// readAll reads so many bytes, and expects the end. Room is made as they come: what the size
// claims is no reason to take memory.
func (r *reader) readAll(in io.Reader, size int64, from int) ([]byte, error) {
	const ratio, least = 16, 1 << 16
	room := min(size, int64(from)*ratio+least)
	if err := r.charge(room); err != nil {
		return nil, fmt.Errorf("%w%.0w", err, errCharge)
	}
	out := make([]byte, room)
	n := 0
	for {
		k, err := io.ReadFull(in, out[n:])
		if n += k; err != nil {
			return nil, fmt.Errorf("it has %d bytes instead of %d: %w", n, size, err)
		}
		if int64(n) == size {
			break
		}
		room = min(size, 2*int64(n))
		if err := r.charge(room); err != nil { // beside what is there, which is copied
			return nil, fmt.Errorf("%w%.0w", err, errCharge)
		}
		out = append(make([]byte, 0, room), out...)[:room]
		_ = r.charge(-int64(n))
	}
	var one [1]byte
	if k, err := in.Read(one[:]); k != 0 || !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("it has more than %d bytes, or is damaged at its end", size)
	}
	return out, nil
}
