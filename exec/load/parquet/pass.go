package parquet

import (
	"encoding/binary"
	"errors"
	"math"
)

// Passing over what is not wanted is most of opening a file of thousands of columns, so
// here places in the bytes are plain numbers. One beyond the bytes says that they end too
// early, badPlace that they are no such structure.
const badPlace = math.MaxInt

var errPass = errors.New("the metadata has a value of no type that the format has, or too many levels")

// passed goes on where something ended.
func (r *thriftReader) passed(pos int) {
	switch {
	case pos <= len(r.b):
		r.pos = pos
	case pos == badPlace:
		r.fail(errPass)
	default:
		r.fail(errShort)
	}
}

// passVarint returns where a number ends.
func passVarint(b []byte, pos int) int {
	for pos < len(b) && b[pos] >= 0x80 {
		pos++
	}
	return pos + 1
}

// varintAt reads a number, and returns where it ends.
func varintAt(b []byte, pos int) (uint64, int) {
	if pos >= len(b) {
		return 0, len(b) + 1
	}
	if b[pos] < 0x80 {
		return uint64(b[pos]), pos + 1
	}
	v, n := binary.Uvarint(b[pos:])
	switch {
	case n == 0:
		return 0, len(b) + 1
	case n < 0:
		return 0, badPlace
	}
	return v, pos + n
}

// passBytes returns where bytes behind their number end.
func passBytes(b []byte, pos int) int {
	n, pos := varintAt(b, pos)
	if pos > len(b) {
		return pos
	}
	if n > uint64(len(b)-pos) {
		return len(b) + 1
	}
	return pos + int(n)
}

// pass returns where a value ends that is no field: of a field, truth takes no byte.
func pass(b []byte, pos int, t thriftType, depth int) int {
	switch t {
	case thriftTrue, thriftFalse, thriftByte:
		return pos + 1
	case thriftI16, thriftI32, thriftI64:
		return passVarint(b, pos)
	case thriftDouble:
		return pos + 8
	case thriftUUID:
		return pos + 16
	case thriftBinary:
		return passBytes(b, pos)
	}
	if depth >= maxNesting {
		return badPlace
	}
	switch t {
	case thriftStruct:
		return passStructure(b, pos, depth+1)
	case thriftList, thriftSet:
		return passList(b, pos, depth+1)
	case thriftMap:
		return passMap(b, pos, depth+1)
	}
	return badPlace
}

func passStructure(b []byte, pos, depth int) int {
	for pos < len(b) {
		head := b[pos]
		pos++
		t := thriftType(head & 0xf)
		if t == thriftStop {
			return pos
		}
		if head < 0x10 { // its number stands behind it
			pos = passVarint(b, pos)
		}
		switch t {
		case thriftTrue, thriftFalse:
		case thriftI16, thriftI32, thriftI64:
			for pos < len(b) && b[pos] >= 0x80 {
				pos++
			}
			pos++
		case thriftBinary:
			pos = passBytes(b, pos)
		default:
			pos = pass(b, pos, t, depth)
		}
	}
	return max(pos, len(b)+1)
}

func passList(b []byte, pos, depth int) int {
	t, n, pos := listAt(b, pos)
	for ; n > 0 && pos <= len(b); n-- {
		pos = pass(b, pos, t, depth)
	}
	return pos
}

// listAt reads what stands before a list: the type and the number of its elements.
func listAt(b []byte, pos int) (t thriftType, n uint64, at int) {
	if pos >= len(b) {
		return 0, 0, len(b) + 1
	}
	head := b[pos]
	pos++
	if n = uint64(head >> 4); n == 15 {
		n, pos = varintAt(b, pos)
	}
	return thriftType(head & 0xf), n, pos
}

func passMap(b []byte, pos, depth int) int {
	n, pos := varintAt(b, pos)
	if n == 0 || pos >= len(b) {
		return pos
	}
	kinds := b[pos]
	for pos++; n > 0 && pos <= len(b); n-- {
		pos = pass(b, pos, thriftType(kinds>>4), depth)
		if pos <= len(b) {
			pos = pass(b, pos, thriftType(kinds&0xf), depth)
		}
	}
	return pos
}

// fieldAt reads what stands before a field: its type, and its number, which follows from
// that of the one before.
func fieldAt(b []byte, pos int, id int16) (t thriftType, next int16, at int) {
	if pos >= len(b) {
		return thriftStop, id, len(b) + 1
	}
	head := b[pos]
	if head >= 0x10 || head == 0 {
		return thriftType(head & 0xf), id + int16(head>>4), pos + 1
	}
	v, at := varintAt(b, pos+1)
	return thriftType(head & 0xf), int16(v>>1) ^ -int16(v&1), at
}

// passField passes over the value of a field.
func passField(b []byte, pos int, t thriftType) int {
	if t == thriftTrue || t == thriftFalse {
		return pos
	}
	return pass(b, pos, t, 4)
}

// passColumn passes over what the footer says of a column chunk, and takes in what is to
// be known of each.
func (r *thriftReader) passColumn(t thriftType, l *Leaf) {
	if !r.want(t == thriftStruct) {
		return
	}
	b, known := r.b, false
	t, id, pos := fieldAt(b, r.pos, 0)
	for t != thriftStop && pos <= len(b) {
		switch {
		case id == 1 && t == thriftBinary:
			from := pos
			pos = passBytes(b, pos)
			l.External = pos > from+1
		case id == 3 && t == thriftStruct:
			known, pos = true, passColumnMeta(b, pos, l)
		default:
			l.Encrypted = l.Encrypted || id == 8
			pos = passField(b, pos, t)
		}
		if pos <= len(b) {
			t, id, pos = fieldAt(b, pos, id)
		}
	}
	r.passed(pos)
	r.want(known || l.Encrypted)
}

func passColumnMeta(b []byte, pos int, l *Leaf) int {
	t, id, pos := fieldAt(b, pos, 0)
	for t != thriftStop && pos <= len(b) {
		switch {
		case id == 2 && t == thriftList:
			pos = passEncodings(b, pos, l)
		case id == 4 && t == thriftI32:
			var v uint64
			v, pos = varintAt(b, pos)
			l.Codec = Codec(v>>1) ^ -Codec(v&1)
		case id == 7 && t == thriftI64:
			var v uint64
			v, pos = varintAt(b, pos)
			l.Size = int64(v>>1) ^ -int64(v&1)
		default:
			pos = passField(b, pos, t)
		}
		if pos <= len(b) {
			t, id, pos = fieldAt(b, pos, id)
		}
	}
	return pos
}

func passEncodings(b []byte, pos int, l *Leaf) int {
	t, n, pos := listAt(b, pos)
	if t != thriftI32 {
		return badPlace
	}
	for ; n > 0 && pos <= len(b); n-- {
		var v uint64
		if v, pos = varintAt(b, pos); l.Encoding.Known() {
			l.Encoding = Encoding(v>>1) ^ -Encoding(v&1)
		}
	}
	return pos
}
