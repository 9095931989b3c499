package column

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"slices"
	"unsafe"

	"github.com/segq/segq/lang/check"
	"golang.org/x/sync/errgroup"
)

// FingerprintOf returns a name for the contents of a table of profiles: 16
// hexadecimal digits of a SHA-256 over the names, types and values of its
// fields. The order of the fields does not count, nor do fields without a
// single value, so that equal data gives the same name whatever the format and
// the order it came in. It works on threads leaves at a time. The two kinds of columns of
// strings have different names.
func FingerprintOf(root *Struct, schema *check.Type, threads int) string {
	h := &hasher{}
	h.group.SetLimit(max(threads, 1))
	sum := h.column(root, schema)
	_ = h.group.Wait() // a hash does not fail
	d := sha256.New()
	sum(d)
	return hex.EncodeToString(d.Sum(nil)[:8])
}

// hasher hashes every leaf on a goroutine of its own.
type hasher struct{ group errgroup.Group }

// column starts the hashing of c, and gives what writes the outcome. That may
// be called after the group has come to its end.
func (h *hasher) column(c Column, t *check.Type) func(hash.Hash) {
	switch c := c.(type) {
	case *Struct:
		valid, fields := h.leaf(c), h.fields(c, t)
		return func(d hash.Hash) { d.Write([]byte{'{'}); valid(d); fields(d); d.Write([]byte{'}'}) }
	case *List:
		own, elem := h.leaf(c), h.column(c.Elem, t.Elem)
		return func(d hash.Hash) { d.Write([]byte{'['}); own(d); elem(d); d.Write([]byte{']'}) }
	case *Map:
		own, keys, values := h.leaf(c), h.leaf(c.Keys), h.column(c.Values, t.Elem)
		return func(d hash.Hash) { d.Write([]byte{'<'}); own(d); keys(d); values(d); d.Write([]byte{'>'}) }
	}
	return h.leaf(c)
}

// fields hashes the fields with a value in order of name.
func (h *hasher) fields(c *Struct, t *check.Type) func(hash.Hash) {
	type named struct {
		name string
		sum  func(hash.Hash)
	}
	var parts []named
	for i, f := range c.Fields {
		if !empty(f) {
			parts = append(parts, named{t.Fields[i].Name, h.column(f, t.Fields[i].Type)})
		}
	}
	slices.SortFunc(parts, func(a, b named) int { return cmp.Compare(a.name, b.name) })
	return func(d hash.Hash) {
		for _, p := range parts {
			writeInt(d, len(p.name))
			d.Write([]byte(p.name))
			p.sum(d)
		}
	}
}

// empty says whether c has no value in any row.
func empty(c Column) bool {
	if _, ok := c.(*Nulls); ok {
		return true
	}
	v := Validity(c)
	return v != nil && v.Ones() == 0
}

// leaf hashes what c itself holds, without its children.
func (h *hasher) leaf(c Column) func(hash.Hash) {
	sum := new([sha256.Size]byte)
	h.group.Go(func() error {
		d := sha256.New()
		writeOwn(d, c)
		d.Sum(sum[:0])
		return nil
	})
	return func(d hash.Hash) { d.Write(sum[:]) }
}

func writeOwn(d hash.Hash, c Column) {
	writeInt(d, c.Len())
	valid := Validity(c)
	writeInt(d, len(valid))
	writeSlice(d, valid)
	switch c := c.(type) {
	case *Bools:
		d.Write([]byte{'b'})
		writeSlice(d, c.Bits)
	case *Ints:
		d.Write([]byte{'i'})
		writeSlice(d, c.I8)
		writeSlice(d, c.I16)
		writeSlice(d, c.I32)
		writeSlice(d, c.I64)
	case *Floats:
		d.Write([]byte{'f'})
		writeFloats(d, c.V)
	case *Timestamps:
		d.Write([]byte{'t'})
		writeSlice(d, c.V)
	case *Strings:
		d.Write([]byte{'s'})
		writeSlice(d, c.Codes.U8)
		writeSlice(d, c.Codes.U16)
		writeSlice(d, c.Codes.U32)
		writeSlice(d, c.Dict.Offsets)
		d.Write(c.Dict.Bytes)
	case *Texts:
		d.Write([]byte{'r'})
		writeSlice(d, c.Offsets)
		d.Write(c.Bytes)
	case *Sparse:
		d.Write([]byte{'p'})
		writeOwn(d, c.Values)
	case *Constant:
		d.Write([]byte{'c'})
		writeOwn(d, c.Value)
	case *List:
		writeSlice(d, c.Offsets)
	case *Map:
		writeSlice(d, c.Offsets)
	}
}

// Validity returns the bitmap of the rows that have a value, nil where all have one, and
// for a column without a single value.
func Validity(c Column) Bitmap {
	switch c := c.(type) {
	case *Bools:
		return c.Valid
	case *Ints:
		return c.Valid
	case *Floats:
		return c.Valid
	case *Timestamps:
		return c.Valid
	case *Strings:
		return c.Valid
	case *Texts:
		return c.Valid
	case *Sparse:
		return c.Valid
	case *Constant:
		return c.Valid
	case *Struct:
		return c.Valid
	case *List:
		return c.Valid
	case *Map:
		return c.Valid
	}
	return nil
}

func writeInt(d hash.Hash, n int) {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], uint64(n))
	d.Write(b[:])
}

// littleEndian says that numbers are in memory as they are written.
var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// writeSlice writes the values little-endian, some thousands at a time where they are not
// so already.
func writeSlice[S ~[]T, T int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64](d hash.Hash, s S) {
	if littleEndian {
		d.Write(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), sliceSize(s)))
		return
	}
	var b []byte
	for part := range slices.Chunk(s, 4096) {
		b, _ = binary.Append(b[:0], binary.LittleEndian, []T(part))
		d.Write(b)
	}
}

func writeFloats(d hash.Hash, s []float64) {
	writeSlice(d, unsafe.Slice((*uint64)(unsafe.Pointer(unsafe.SliceData(s))), len(s)))
}
