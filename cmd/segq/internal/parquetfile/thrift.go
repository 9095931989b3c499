package parquetfile

import "encoding/binary"

// Types of the compact protocol of Thrift
// (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md).
const (
	thriftTrue, thriftFalse, thriftByte, thriftI32    = 1, 2, 3, 5
	thriftI64, thriftBinary, thriftList, thriftStruct = 6, 8, 9, 12
)

// thrift writes structures of the compact protocol.
type thrift struct {
	b    []byte
	last int16 // the number of the field before
}

func (t *thrift) field(id int16, kind byte) {
	t.b = append(t.b, byte(id-t.last)<<4|kind) // fields are written in order, with no gap of more than 15
	t.last = id
}

func (t *thrift) byte(id int16, v byte) {
	t.field(id, thriftByte)
	t.b = append(t.b, v)
}

func (t *thrift) bool(id int16, v bool) {
	if v {
		t.field(id, thriftTrue)
	} else {
		t.field(id, thriftFalse)
	}
}

func (t *thrift) i32(id int16, v int32) {
	t.field(id, thriftI32)
	t.b = binary.AppendVarint(t.b, int64(v))
}

func (t *thrift) i64(id int16, v int64) {
	t.field(id, thriftI64)
	t.b = binary.AppendVarint(t.b, v)
}

func (t *thrift) binary(id int16, v string) {
	t.field(id, thriftBinary)
	t.text(v)
}

// text writes an element of a list of binaries.
func (t *thrift) text(v string) {
	t.b = binary.AppendUvarint(t.b, uint64(len(v)))
	t.b = append(t.b, v...)
}

// list begins a list of n elements, which are written then.
func (t *thrift) list(id int16, kind byte, n int) {
	t.field(id, thriftList)
	if n < 15 {
		t.b = append(t.b, byte(n)<<4|kind)
		return
	}
	t.b = binary.AppendUvarint(append(t.b, 0xf0|kind), uint64(n))
}

// structure writes a field that is a structure, whose fields f writes.
func (t *thrift) structure(id int16, f func()) {
	t.field(id, thriftStruct)
	t.element(f)
}

// element writes a structure as an element of a list.
func (t *thrift) element(f func()) {
	last := t.last
	t.last = 0
	f()
	t.b, t.last = append(t.b, 0), last
}
