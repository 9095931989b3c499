package load

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/segq/segq/exec/column"
)

// len is the number of scalars of n.
func (n *node) len() int {
	if n.whole != nil {
		return n.whole.counts[n.group]
	}
	k := len(n.bools.values) + len(n.ints.values) + len(n.floats.values) + len(n.times.values) + len(n.isos.values) + len(n.texts.values)
	if n.odd != nil {
		k += len(n.odd.large.values)
	}
	return k
}

// release frees the values of a leaf whose column is built.
func (n *node) release() {
	n.bools, n.ints, n.floats, n.times, n.texts = lane[bool]{}, lane[int64]{}, lane[float64]{}, lane[int64]{}, lane[uint32]{}
	n.isos, n.dict, n.digits, n.odd, n.whole = dates{}, nil, nil, nil, nil
}

// drop frees what n has as an object, a list or a map.
func (n *node) drop() {
	n.present, n.count, n.shared = lane[uint32]{}, 0, false
	n.children, n.index, n.spill, n.elem, n.keys = nil, nil, nil, nil, nil
}

func release(parts []part) {
	for _, p := range parts {
		p.node.release()
	}
}

// setSlots sets the bits of the slots that have a value.
func setSlots[T any](b column.Bitmap, l *lane[T], base int) {
	for slot := range l.all() {
		b.Set(base + int(slot))
	}
}

// validBits returns the validity of a leaf; nil when no slot is null.
func validBits(parts []part, n, values int) column.Bitmap {
	if values == n {
		return nil
	}
	valid := column.NewBitmap(n)
	for _, p := range parts {
		setValues(valid, p.node, p.base)
	}
	return valid
}

// setValues sets the bits of the slots whose value is in a lane of its type.
func setValues(b column.Bitmap, n *node, base int) {
	setSlots(b, &n.bools, base)
	setSlots(b, &n.ints, base)
	setSlots(b, &n.floats, base)
	setSlots(b, &n.times, base)
	setSlots(b, &n.isos.lane, base)
	setSlots(b, &n.texts, base)
}

func trueBits(parts []part, n int) column.Bitmap {
	bits := column.NewBitmap(n)
	for _, p := range parts {
		for slot, v := range p.node.bools.all() {
			if v {
				bits.Set(p.base + int(slot))
			}
		}
	}
	return bits
}

func scatter[T any](to []T, l *lane[T], base int) {
	for slot, v := range l.all() {
		to[base+int(slot)] = v
	}
}

// wholes builds a column of whole numbers straight in its width. As in
// [column.NewInts], the zero of a null counts for the bounds.
func wholes(parts []part, n int, valid column.Bitmap) *column.Ints {
	c := &column.Ints{Valid: valid}
	for _, p := range parts {
		for _, v := range p.node.ints.values {
			c.Low, c.High = min(c.Low, v), max(c.High, v)
		}
	}
	switch {
	case c.Low >= math.MinInt8 && c.High <= math.MaxInt8:
		c.I8 = narrow[int8](parts, n)
	case c.Low >= math.MinInt16 && c.High <= math.MaxInt16:
		c.I16 = narrow[int16](parts, n)
	case c.Low >= math.MinInt32 && c.High <= math.MaxInt32:
		c.I32 = narrow[int32](parts, n)
	default:
		c.I64 = narrow[int64](parts, n)
	}
	return c
}

func narrow[T int8 | int16 | int32 | int64](parts []part, n int) []T {
	out := make([]T, n)
	for _, p := range parts {
		for slot, v := range p.node.ints.all() {
			out[p.base+int(slot)] = T(v)
		}
	}
	return out
}

// floats widens what whole numbers there are.
func floats(parts []part, n int) []float64 {
	out := make([]float64, n)
	for _, p := range parts {
		scatter(out, &p.node.floats, p.base)
		for slot, v := range p.node.ints.all() {
			out[p.base+int(slot)] = float64(v)
		}
	}
	return out
}

// instants reads texts as ISO-8601 and whole numbers as milliseconds since 1970.
func instants(parts []part, n int) []int64 {
	out := make([]int64, n)
	for _, p := range parts {
		scatter(out, &p.node.times, p.base)
		scatter(out, &p.node.ints, p.base)
		scatter(out, &p.node.isos.lane, p.base)
		if p.node.dict == nil {
			continue
		}
		ms := make([]int64, p.node.dict.len())
		for code := range ms {
			ms[code], _ = parseTimestamp(p.node.dict.at(uint32(code)))
		}
		for slot, code := range p.node.texts.all() {
			out[p.base+int(slot)] = ms[code]
		}
	}
	return out
}

// entry is a string of the dictionary of a part. prefix is its first eight
// bytes, which decide most comparisons.
type entry struct {
	prefix     uint64
	part, code uint32
}

// texts merges the dictionaries of the parts into a sorted one, of the strings
// that are used, and rewrites the codes.
func texts(parts []part, n int, valid column.Bitmap) (*column.Strings, error) {
	hexadecimal(parts)
	entries, recode := usedStrings(parts)
	str := func(e entry) []byte { return parts[e.part].node.dict.at(e.code) }
	slices.SortFunc(entries, func(a, b entry) int {
		if c := cmp.Compare(a.prefix, b.prefix); c != 0 {
			return c
		}
		return bytes.Compare(str(a), str(b))
	})
	size, distinct := 0, 0
	for i, e := range entries {
		if i == 0 || !bytes.Equal(str(entries[i-1]), str(e)) {
			size += len(str(e))
			distinct++
		}
	}
	if size > math.MaxUint32 {
		return nil, fmt.Errorf("%s: %d bytes of different texts are more than a dictionary can hold (%d)",
			path(parts[0].node), size, uint32(math.MaxUint32))
	}
	dict := &column.Dict{Bytes: make([]byte, 0, size), Offsets: make([]uint32, 1, distinct+1)}
	for i, e := range entries {
		if i == 0 || !bytes.Equal(str(entries[i-1]), str(e)) {
			dict.Bytes = append(dict.Bytes, str(e)...)
			dict.Offsets = append(dict.Offsets, uint32(len(dict.Bytes)))
		}
		recode[e.part][e.code] = uint32(dict.Len() - 1)
	}
	codes := column.NewCodes(n, dict.Len())
	for k, p := range parts {
		for slot, code := range p.node.texts.all() {
			codes.Set(p.base+int(slot), recode[k][code])
		}
	}
	return &column.Strings{Valid: valid, Codes: codes, Dict: dict}, nil
}

// usedStrings lists the strings that some slot has, and makes room for their
// new codes, by part and old code.
func usedStrings(parts []part) (entries []entry, recode [][]uint32) {
	recode = make([][]uint32, len(parts))
	for k, p := range parts {
		if p.node.dict == nil {
			continue
		}
		recode[k] = make([]uint32, p.node.dict.len())
		used := column.NewBitmap(p.node.dict.len())
		for _, code := range p.node.texts.values {
			used.Set(int(code))
		}
		for code := range recode[k] {
			if used.Get(code) {
				entries = append(entries, entry{prefix(p.node.dict.at(uint32(code))), uint32(k), uint32(code)})
			}
		}
	}
	return entries, recode
}

// prefix returns the first eight bytes of s as a number that orders as they do.
func prefix(s []byte) uint64 {
	if len(s) >= 8 {
		return binary.BigEndian.Uint64(s)
	}
	var b [8]byte
	copy(b[:], s)
	return binary.BigEndian.Uint64(b[:])
}
