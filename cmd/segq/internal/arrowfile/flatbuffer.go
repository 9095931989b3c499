package arrowfile

import "encoding/binary"

// A flatbuffer (https://flatbuffers.dev/internals/) is made of tables, vectors and strings that
// refer to each other by offsets. Here each is written before what it refers to.

// table is a table to be written: its fields by their number.
type table map[int]any

// The values of fields and of the elements of vectors, beside table and the numbers int64,
// int32, int16, byte and bool.
type (
	text    string
	tables  []table
	structs []record // of 8-byte words
	record  []int64
)

// flatbuffer returns the buffer of a table.
func flatbuffer(root table) []byte {
	b := &builder{buf: make([]byte, 4, 1024)}
	b.point(0, root)
	return append(b.buf, make([]byte, -len(b.buf)&7)...)
}

type builder struct{ buf []byte }

// align adds bytes until the next has an address of which n is a divisor, after so many more.
func (b *builder) align(n, after int) {
	b.buf = append(b.buf, make([]byte, -(len(b.buf)+after)&(n-1))...)
}

// point writes a value, and puts the offset to it at a place.
func (b *builder) point(at int, v any) {
	var pos int
	switch v := v.(type) {
	case table:
		pos = b.table(v)
	case text:
		b.align(4, 0)
		pos = len(b.buf)
		b.buf = append(append(binary.LittleEndian.AppendUint32(b.buf, uint32(len(v))), v...), 0)
	case tables:
		b.align(4, 0)
		pos = len(b.buf)
		b.buf = binary.LittleEndian.AppendUint32(b.buf, uint32(len(v)))
		b.buf = append(b.buf, make([]byte, 4*len(v))...)
		for i, t := range v {
			b.point(pos+4+4*i, t)
		}
	case structs:
		b.align(8, 4)
		pos = len(b.buf)
		b.buf = binary.LittleEndian.AppendUint32(b.buf, uint32(len(v)))
		for _, r := range v {
			for _, word := range r {
				b.buf = binary.LittleEndian.AppendUint64(b.buf, uint64(word))
			}
		}
	}
	binary.LittleEndian.PutUint32(b.buf[at:], uint32(pos-at))
}

// table writes a table behind its list of fields, then what its fields refer to.
func (b *builder) table(t table) int {
	most := -1
	for id := range t {
		most = max(most, id)
	}
	b.align(8, 0)
	fields := len(b.buf)
	b.buf = append(b.buf, make([]byte, 4+2*(most+1))...)
	b.align(8, 0)
	pos := len(b.buf)
	b.buf = binary.LittleEndian.AppendUint32(b.buf, uint32(pos-fields))
	places := map[int]int{}
	for id := range most + 1 {
		if v, ok := t[id]; ok {
			places[id] = b.inline(v)
			binary.LittleEndian.PutUint16(b.buf[fields+4+2*id:], uint16(places[id]-pos))
		}
	}
	binary.LittleEndian.PutUint16(b.buf[fields:], uint16(4+2*(most+1)))
	binary.LittleEndian.PutUint16(b.buf[fields+2:], uint16(len(b.buf)-pos))
	for id := range most + 1 {
		switch v := t[id].(type) {
		case table, text, tables, structs:
			b.point(places[id], v)
		}
	}
	return pos
}

// inline writes the value of a field, or room for an offset, and says where.
func (b *builder) inline(v any) int {
	switch v := v.(type) {
	case int64:
		b.align(8, 0)
		b.buf = binary.LittleEndian.AppendUint64(b.buf, uint64(v))
		return len(b.buf) - 8
	case int32:
		b.align(4, 0)
		b.buf = binary.LittleEndian.AppendUint32(b.buf, uint32(v))
		return len(b.buf) - 4
	case int16:
		b.align(2, 0)
		b.buf = binary.LittleEndian.AppendUint16(b.buf, uint16(v))
		return len(b.buf) - 2
	case byte:
		b.buf = append(b.buf, v)
		return len(b.buf) - 1
	case bool:
		bit := byte(0)
		if v {
			bit = 1
		}
		b.buf = append(b.buf, bit)
		return len(b.buf) - 1
	}
	b.align(4, 0)
	b.buf = append(b.buf, 0, 0, 0, 0)
	return len(b.buf) - 4
}
