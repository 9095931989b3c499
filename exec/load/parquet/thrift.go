package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// errShort says that the bytes end within a structure.
var errShort = errors.New("the metadata ends too early")

// maxNesting bounds structures within structures: a footer has fewer than ten.
const maxNesting = 32

// thriftType is the type of a value on the wire, of the compact protocol
// (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md).
type thriftType byte

const (
	thriftStop thriftType = iota
	thriftTrue
	thriftFalse
	thriftByte
	thriftI16
	thriftI32
	thriftI64
	thriftDouble
	thriftBinary
	thriftList
	thriftSet
	thriftMap
	thriftStruct
	thriftUUID
)

// thriftReader reads structures of the compact protocol. It makes no room for
// what a length claims before the bytes were seen. The first error stays.
type thriftReader struct {
	b     []byte
	pos   int
	depth int
	err   error
}

func (r *thriftReader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
	r.pos = len(r.b)
}

func (r *thriftReader) byte() byte {
	if r.pos >= len(r.b) {
		r.fail(errShort)
		return 0
	}
	r.pos++
	return r.b[r.pos-1]
}

func (r *thriftReader) uvarint() uint64 {
	if r.pos < len(r.b) && r.b[r.pos] < 0x80 {
		r.pos++
		return uint64(r.b[r.pos-1])
	}
	v, n := binary.Uvarint(r.b[r.pos:])
	switch {
	case n == 0:
		r.fail(errShort)
		return 0
	case n < 0:
		r.fail(errors.New("the metadata has a number of more than 64 bits"))
		return 0
	}
	r.pos += n
	return v
}

func (r *thriftReader) varint() int64 {
	v := r.uvarint()
	return int64(v>>1) ^ -int64(v&1)
}

// take returns the next n bytes.
func (r *thriftReader) take(n uint64) []byte {
	if n > uint64(len(r.b)-r.pos) {
		r.fail(errShort)
		return nil
	}
	r.pos += int(n)
	return r.b[r.pos-int(n) : r.pos]
}

// enter begins a structure or a list, and says whether it may be.
func (r *thriftReader) enter() bool {
	if r.depth++; r.depth > maxNesting {
		r.fail(fmt.Errorf("the metadata has more than %d levels", maxNesting))
	}
	return r.err == nil
}

func (r *thriftReader) leave() { r.depth-- }

// next reads what stands before a field: its number, which follows from the one before,
// and its type, thriftStop at the end and after an error.
func (r *thriftReader) next(id *int16) thriftType {
	if r.err != nil {
		return thriftStop
	}
	head := r.byte()
	if delta := head >> 4; delta != 0 {
		*id += int16(delta)
	} else if head != 0 {
		*id = int16(r.varint())
	}
	if r.err != nil {
		return thriftStop
	}
	return thriftType(head & 0xf)
}

// fields calls f for each field of a structure; f consumes the value.
func (r *thriftReader) fields(f func(id int16, t thriftType)) {
	if !r.enter() {
		return
	}
	id := int16(0)
	for t := r.next(&id); t != thriftStop; t = r.next(&id) {
		f(id, t)
	}
	r.leave()
}

// structure is [thriftReader.fields] for a value that has to be a structure.
func (r *thriftReader) structure(t thriftType, f func(id int16, t thriftType)) {
	if r.want(t == thriftStruct) {
		r.fields(f)
	}
}

// list calls f for each element of a list; f consumes it.
func (r *thriftReader) list(t thriftType, f func(t thriftType)) {
	if !r.want(t == thriftList || t == thriftSet) {
		return
	}
	head := r.byte()
	n := uint64(head >> 4)
	if n == 15 {
		n = r.uvarint()
	}
	for ; n > 0 && r.err == nil; n-- {
		f(thriftType(head & 0xf))
	}
}

func (r *thriftReader) want(ok bool) bool {
	if !ok {
		r.fail(errors.New("the metadata has a value of another type than the format says"))
	}
	return ok && r.err == nil
}

// int64 reads a whole number of 64 bits. Readers made by Thrift pass over a field
// of another type, and take it for one that is missing; here it is refused.
func (r *thriftReader) int64(t thriftType) int64 {
	if !r.want(t == thriftI64) {
		return 0
	}
	return r.varint()
}

// int32 reads a whole number of 32 bits.
func (r *thriftReader) int32(t thriftType) int32 {
	if !r.want(t == thriftI32) {
		return 0
	}
	v := r.varint()
	r.want(v == int64(int32(v)))
	return int32(v)
}

// bool reads a field that is true or false: its type is its value.
func (r *thriftReader) bool(t thriftType) bool {
	r.want(t == thriftTrue || t == thriftFalse)
	return t == thriftTrue
}

func (r *thriftReader) string(t thriftType) string {
	if !r.want(t == thriftBinary) {
		return ""
	}
	return string(r.take(r.uvarint()))
}

// skip passes over a field.
func (r *thriftReader) skip(t thriftType) {
	if r.err == nil && t != thriftTrue && t != thriftFalse {
		r.passed(pass(r.b, r.pos, t, r.depth))
	}
}
