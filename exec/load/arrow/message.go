package arrow

import (
	"encoding/binary"
)

// The kinds of messages.
const (
	headerSchema     = 1
	headerDictionary = 2
	headerBatch      = 3
)

// message is a message of a file: its metadata, and where its body is.
type message struct {
	kind      byte
	header    table
	from, end int64 // all of it
	body      int64 // where the body begins
	old       bool  // of version 4, in which unions and runs have bits of nulls
}

const continuation = 0xffffffff

// readMessage reads the metadata of the message at a place; nil at the mark of the end.
func (f *File) readMessage(at int64) (*message, error) {
	b, err := f.bytesAt(at, 4)
	if err != nil {
		return nil, err
	}
	n, from := binary.LittleEndian.Uint32(b), at
	at += 4
	if n == continuation {
		if b, err = f.bytesAt(at, 4); err != nil {
			return nil, err
		}
		n = binary.LittleEndian.Uint32(b)
		at += 4
	}
	if n == 0 {
		return nil, nil
	}
	if n > maxMetadata || int64(n) > f.size-at {
		return nil, damaged("the message at byte %d claims %d bytes of metadata", from, n)
	}
	if b, err = f.bytesAt(at, int64(n)); err != nil {
		return nil, err
	}
	t := root(b)
	m := &message{kind: t.byte(1), from: from, body: at + int64(n), old: t.int16(0, 0) < 4}
	length := t.int64(3)
	m.header, _ = t.table(2)
	if t.buf.err != nil || m.header.at == 0 {
		return nil, damaged("the metadata of the message at byte %d cannot be read", from)
	}
	if length < 0 || length > f.size-m.body {
		return nil, damaged("the message at byte %d claims %d bytes, and there are %d", from, length, f.size-m.body)
	}
	m.end = m.body + length
	return m, nil
}

// The codecs of buffers.
const (
	codecLZ4  = 0
	codecZstd = 1
	codecNone = -1
)

// body says where the values of a record batch are.
type body struct {
	rows     int64
	codec    int
	nodes    []node
	buffers  []extent
	variadic []int64 // of each field of views, how many buffers it has more
	old      bool
}

// node has the length and the nulls of an array.
type node struct{ length, nulls int64 }

// extent is a run of bytes of the file.
type extent struct{ from, size int64 }

// batch reads the table of a record batch.
func (m *message) batch(t table) (*body, error) {
	b := &body{rows: t.int64(0), codec: codecNone, old: m.old}
	if c, ok := t.table(3); ok {
		b.codec = int(int8(c.byte(0)))
		if b.codec != codecLZ4 && b.codec != codecZstd || c.byte(1) != 0 {
			return nil, damaged("the compression of the message at byte %d is not known", m.from)
		}
	}
	at, n := t.vector(1, 16)
	for i := range n {
		b.nodes = append(b.nodes, node{t.buf.int64(at + 16*i), t.buf.int64(at + 16*i + 8)})
	}
	at, n = t.vector(2, 16)
	for i := range n {
		e := extent{t.buf.int64(at + 16*i), t.buf.int64(at + 16*i + 8)}
		if e.from < 0 || e.size < 0 || e.from > m.end-m.body-e.size {
			return nil, damaged("buffer %d of the message at byte %d is not in it", i, m.from)
		}
		e.from += m.body
		b.buffers = append(b.buffers, e)
	}
	at, n = t.vector(4, 8)
	for i := range n {
		b.variadic = append(b.variadic, t.buf.int64(at+8*i))
	}
	return b, t.buf.err
}
