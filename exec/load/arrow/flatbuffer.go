package arrow

import (
	"encoding/binary"
	"errors"
)

// The metadata of the format are FlatBuffers (https://flatbuffers.dev/internals/): tables whose
// fields are found through a list of offsets, the vtable. Nothing here trusts an offset.

var errMetadata = errors.New("the file is damaged: its metadata cannot be read")

// table is a table in a buffer of metadata. The zero table has no fields.
type table struct {
	buf *metadata
	at  int // where it begins; 0 for none
}

// metadata is a buffer with what was wrong in it. Where something is, what is read is zero.
type metadata struct {
	bytes []byte
	err   error
	read  int // how many tables were read
}

// maxTables bounds the tables of a buffer by its size: offsets may point to one table many times.
func (m *metadata) maxTables() int { return len(m.bytes)/4 + 1 }

func (m *metadata) fail() { m.err = errMetadata }

// bytesAt returns n bytes, which are zero where there are not that many.
func (m *metadata) bytesAt(at, n int) []byte {
	if at < 0 || n < 0 || at > len(m.bytes)-n {
		m.fail()
		return make([]byte, min(max(n, 0), 8))
	}
	return m.bytes[at : at+n]
}

func (m *metadata) uint16(at int) int { return int(binary.LittleEndian.Uint16(m.bytesAt(at, 2))) }

func (m *metadata) int32(at int) int { return int(int32(binary.LittleEndian.Uint32(m.bytesAt(at, 4)))) }

func (m *metadata) int64(at int) int64 { return int64(binary.LittleEndian.Uint64(m.bytesAt(at, 8))) }

// follow returns the place that the offset at a place points to; 0 if it is wrong.
func (m *metadata) follow(at int) int {
	to := at + int(binary.LittleEndian.Uint32(m.bytesAt(at, 4)))
	if to <= at || to > len(m.bytes)-4 {
		m.fail()
		return 0
	}
	return to
}

// root returns the table that a buffer is about.
func root(bytes []byte) table {
	m := &metadata{bytes: bytes}
	return m.table(0)
}

// table returns the table that the offset at a place points to.
func (m *metadata) table(at int) table {
	if m.read++; m.read > m.maxTables() {
		m.fail()
	}
	if m.err != nil {
		return table{m, 0}
	}
	return table{m, m.follow(at)}
}

// place returns where the value of a field is; 0 if there is none.
func (t table) place(field int) int {
	if t.at == 0 || t.buf.err != nil {
		return 0
	}
	vtable := t.at - t.buf.int32(t.at)
	size := t.buf.uint16(vtable)
	slot := 4 + 2*field
	if slot+2 > size {
		return 0
	}
	if offset := t.buf.uint16(vtable + slot); offset != 0 {
		return t.at + offset
	}
	return 0
}

func (t table) byte(field int) byte {
	if at := t.place(field); at != 0 {
		return t.buf.bytesAt(at, 1)[0]
	}
	return 0
}

func (t table) bool(field int) bool { return t.byte(field) != 0 }

// int16 and the others return a default where a table lacks the field.
func (t table) int16(field, or int) int {
	if at := t.place(field); at != 0 {
		return int(int16(t.buf.uint16(at)))
	}
	return or
}

func (t table) int32(field, or int) int {
	if at := t.place(field); at != 0 {
		return t.buf.int32(at)
	}
	return or
}

func (t table) int64(field int) int64 {
	if at := t.place(field); at != 0 {
		return t.buf.int64(at)
	}
	return 0
}

// table returns the table of a field, and whether there is one.
func (t table) table(field int) (table, bool) {
	if at := t.place(field); at != 0 {
		in := t.buf.table(at)
		return in, in.at != 0
	}
	return table{t.buf, 0}, false
}

func (t table) string(field int) string {
	at, n := t.vector(field, 1)
	return string(t.buf.bytesAt(at, n))
}

// vector returns where the elements of a vector begin, of so many bytes each, and how many
// there are.
func (t table) vector(field, size int) (at, n int) {
	place := t.place(field)
	if place == 0 {
		return 0, 0
	}
	if at = t.buf.follow(place); at == 0 {
		return 0, 0
	}
	n = t.buf.int32(at)
	at += 4
	if n < 0 || n > (len(t.buf.bytes)-at)/size {
		t.buf.fail()
		return 0, 0
	}
	return at, n
}

// tables returns the elements of a vector of tables.
func (t table) tables(field int) []table {
	at, n := t.vector(field, 4)
	var all []table
	for i := range n {
		if all = append(all, t.buf.table(at+4*i)); t.buf.err != nil {
			return nil
		}
	}
	return all
}
