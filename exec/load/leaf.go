package load

import (
	"math"

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
	return k + n.small.away()
}

// release frees the values of a leaf whose column is built.
func (n *node) release() {
	n.bools, n.ints, n.floats, n.times, n.texts = lane[bool]{}, lane[int64]{}, lane[float64]{}, lane[int64]{}, lane[uint32]{}
	n.isos, n.dict, n.digits, n.odd, n.whole, n.small = dates{}, nil, nil, nil, nil, nil
}

// drop frees what n has as an object, a list or a map.
func (n *node) drop() {
	n.present, n.there, n.here, n.count = lane[uint32]{}, nil, nil, 0
	n.labels, n.names, n.first = nil, nil, 0
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
	out := makeRoom[T](n)
	for _, p := range parts {
		for slot, v := range p.node.ints.all() {
			out[p.base+int(slot)] = T(v)
		}
	}
	return out
}

// floats widens what whole numbers there are.
func floats(parts []part, n int) []float64 {
	out := makeRoom[float64](n)
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
	out := makeRoom[int64](n)
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
