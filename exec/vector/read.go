package vector

import (
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/kernel"
	"github.com/segq/segq/lang/check"
)

// read returns the values of a column at the rows of the objects of v.
func (e *Evaluator) read(c column.Column, t *check.Type, v *vector, f *frame) *vector {
	switch c := c.(type) {
	case *column.List:
		return e.readLists(c, c.Offsets, c.Elem, nil, c.Valid, t, v, f)
	case *column.Map:
		return e.readLists(c, c.Offsets, c.Values, c.Keys, c.Valid, t, v, f)
	case *column.Sparse, *column.Constant:
		return e.readStored(c, t, v, f)
	}
	if v.at == nil {
		return e.readRange(c, t, v.start, f)
	}
	return e.readAt(c, t, v.at[:f.n], f)
}

// readStored returns the values of a Sparse or Constant at the rows of the objects of v. A null is
// read at a place that has some value.
func (e *Evaluator) readStored(c column.Column, t *check.Type, v *vector, f *frame) *vector {
	places := e.words32(f.n)
	if s, ok := c.(*column.Sparse); ok {
		s.Places(places, v.start, v.at)
	} else {
		clear(places)
	}
	out := e.readAt(column.Stored(c), t, places, f)
	if valid := column.Validity(c); v.at == nil {
		out.valid = e.validRange(valid, v.start, f.n)
	} else if valid != nil {
		out.valid = e.bitmap(f.n)
		pickBits(out.valid, valid, v.at[:f.n])
	}
	return out
}

// readRange returns values of a column of no lists, from row start on.
func (e *Evaluator) readRange(c column.Column, t *check.Type, start int, f *frame) *vector {
	v, n := e.vector(t.Kind), f.n
	v.valid = e.validRange(column.Validity(c), start, n)
	switch c := c.(type) {
	case *column.Bools:
		v.bits = e.bitmap(n)
		kernel.Extract(v.bits, c.Bits, start, n)
	case *column.Ints:
		v.column, v.start = c, start
	case *column.Timestamps:
		v.ints = c.V[start : start+n]
	case *column.Floats:
		v.real = c.V[start : start+n]
	case *column.Strings:
		v.dict, v.column, v.start = c.Dict, c, start
	case *column.Texts:
		v.stored, v.start = c, start
	case *column.Struct:
		v.object, v.start = c, start
	default:
		return e.nulls(t, f)
	}
	return v
}

// force reads what is still in its column.
func (e *Evaluator) force(v *vector, n int) *vector {
	switch c := v.column.(type) {
	case *column.Ints:
		v.ints = e.integers(c, v.start, n)
	case *column.Strings:
		v.codes = e.codes(c.Codes, v.start, n)
	}
	v.column = nil
	return v
}

func (e *Evaluator) validRange(valid column.Bitmap, start, n int) []uint64 {
	switch {
	case valid == nil:
		return nil
	case start&63 == 0:
		return valid[start>>6:][:(n+63)>>6]
	}
	out := e.bitmap(n)
	kernel.Extract(out, valid, start, n)
	return out
}

func (e *Evaluator) integers(c *column.Ints, start, n int) []int64 {
	switch {
	case c.I8 != nil:
		return widened(e.longs(n), c.I8[start:])
	case c.I16 != nil:
		return widened(e.longs(n), c.I16[start:])
	case c.I32 != nil:
		return widened(e.longs(n), c.I32[start:])
	}
	return c.I64[start:min(start+n, len(c.I64))]
}

func (e *Evaluator) codes(c column.Codes, start, n int) []uint32 {
	switch {
	case c.U8 != nil:
		return widened(e.words32(n), c.U8[start:])
	case c.U16 != nil:
		return widened(e.words32(n), c.U16[start:])
	}
	return c.U32[start:min(start+n, len(c.U32))]
}

func widened[T int64 | uint32, S int8 | int16 | int32 | uint8 | uint16](dst []T, src []S) []T {
	src = src[:len(dst)]
	for i, x := range src {
		dst[i] = T(x)
	}
	return dst
}

// readAt returns the values of a column of no lists at some rows.
func (e *Evaluator) readAt(c column.Column, t *check.Type, at []uint32, f *frame) *vector {
	n := len(at)
	v := e.vector(t.Kind)
	if valid := column.Validity(c); valid != nil {
		v.valid = e.bitmap(n)
		pickBits(v.valid, valid, at)
	}
	switch c := c.(type) {
	case *column.Bools:
		v.bits = e.bitmap(n)
		pickBits(v.bits, c.Bits, at)
	case *column.Ints:
		v.ints = e.longs(n)
		for i, p := range at {
			v.ints[i] = c.At(int(p))
		}
	case *column.Timestamps:
		v.ints = pickFrom(e.longs(n), c.V, at)
	case *column.Floats:
		v.real = pickFrom(e.floats(n), c.V, at)
	case *column.Strings:
		v.dict, v.codes = c.Dict, e.words32(n)
		for i, p := range at {
			v.codes[i] = c.Codes.At(int(p))
		}
	case *column.Texts:
		v.stored, v.at = c, at
	case *column.Struct:
		v.object, v.at = c, at
	default:
		return e.nulls(t, f)
	}
	return v
}

// readLists returns the lists or maps of a column.
func (e *Evaluator) readLists(c column.Column, offsets []uint32, elem column.Column, keys *column.Strings, valid column.Bitmap, t *check.Type, v *vector, f *frame) *vector {
	out := e.vector(t.Kind)
	if v.at == nil {
		out.valid = e.validRange(valid, v.start, f.n)
	} else if valid != nil {
		out.valid = e.bitmap(f.n)
		pickBits(out.valid, valid, v.at[:f.n])
	}
	key := listKey{f, c, nil}
	if v.at != nil {
		key.owner = v
	}
	if l := e.lists[key]; l != nil {
		out.list = l
		return out
	}
	l := &list{offsets: e.words32(f.n + 1)}
	source := e.vector(check.Object)
	n := 0
	if v.at == nil {
		own := offsets[v.start : v.start+f.n+1]
		source.start = int(own[0])
		for i, o := range own {
			l.offsets[i] = o - own[0]
		}
		n = int(l.offsets[f.n])
	} else {
		for i, p := range v.at[:f.n] {
			l.offsets[i] = uint32(n)
			n += int(offsets[p+1] - offsets[p])
		}
		if e.crowd(n) {
			clear(l.offsets)
			n = 0
		}
		l.offsets[f.n] = uint32(n)
		source.at = e.words32(n)
		for i, p := range v.at[:f.n] {
			for k := range offsets[p+1] - offsets[p] {
				source.at[l.offsets[i]+k] = offsets[p] + k
			}
		}
	}
	l.frame = e.below(f, l.offsets, n)
	l.elems = e.read(elem, t.Elem, source, l.frame)
	if keys != nil {
		l.keys = e.read(keys, check.StringType, source, l.frame)
	}
	e.lists[key] = l
	out.list = l
	return out
}
