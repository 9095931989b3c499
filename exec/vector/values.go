package vector

import (
	"context"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// Rows turns to some rows, which are in ascending order, in place of a block. They are not
// to be changed before it turns to others.
func (e *Evaluator) Rows(rows []uint32) {
	if n := len(rows); n > 0 && int(rows[n-1]-rows[0]) == n-1 {
		e.Block(column.Range{Start: int(rows[0]), End: int(rows[n-1]) + 1})
		return
	}
	v := e.turn(len(rows))
	v.at = rows
}

// Value returns the values of an expression that was added, as a column of its type with one
// row for each of those that the evaluator was turned to. An Interval is text: its start and
// its end, with a slash between. A part of what is null may have values. The column shares
// the memory of the evaluator and of the snapshot: it is valid until the evaluator turns to
// other rows. The errors are those of Cond.
func (e *Evaluator) Value(n check.Node) (column.Column, error) {
	e.stopped, e.crowded, e.overflowed = false, false, false
	var c column.Column
	if v := e.eval(n, e.root); !e.stopped {
		c = e.column(v, n.Type(), e.root)
	}
	if e.stopped {
		return nil, e.givenUp()
	}
	return c, nil
}

// column returns a vector as a column.
func (e *Evaluator) column(v *vector, t *check.Type, f *frame) column.Column {
	n := f.n
	v = e.force(v, n)
	valid := e.validity(v, n)
	switch t.Kind {
	case check.Bool:
		return &column.Bools{Valid: valid, Bits: v.bits, N: n}
	case check.Int:
		return &column.Ints{Valid: valid, I64: v.ints[:n]}
	case check.Float:
		return &column.Floats{Valid: valid, V: v.real[:n]}
	case check.Timestamp:
		return &column.Timestamps{Valid: valid, V: v.ints[:n]}
	case check.String:
		return e.stringColumn(v, valid, n)
	case check.Interval:
		return e.textsOf(valid, n, func(dst []byte, i int) []byte {
			return column.AppendJSONTime(append(column.AppendJSONTime(dst, v.ints[i]), '/'), v.ends[i])
		})
	case check.List, check.Map:
		return e.listColumn(v, valid, t, f)
	case check.Object:
		return e.objectColumn(v, valid, t, f)
	}
	return &column.Nulls{N: n}
}

// validity returns where v is not null, without bits past its end; nil is everywhere.
func (e *Evaluator) validity(v *vector, n int) column.Bitmap {
	if v.valid == nil {
		return nil
	}
	valid := v.valid[:(n+63)>>6]
	if n&63 != 0 && valid[n>>6]>>(n&63) != 0 {
		own := e.bitmap(n)
		copy(own, valid)
		clip(own, n)
		valid = own
	}
	return valid
}

func (e *Evaluator) stringColumn(v *vector, valid column.Bitmap, n int) column.Column {
	switch {
	case v.dict != nil:
		return &column.Strings{Valid: valid, Codes: column.Codes{U32: v.codes[:n]}, Dict: v.dict}
	case v.stored != nil && v.at == nil:
		return &column.Texts{Valid: valid, Offsets: v.stored.Offsets[v.start : v.start+n+1], Bytes: v.stored.Bytes}
	}
	return e.textsOf(valid, n, func(dst []byte, i int) []byte { return append(dst, v.text(i)...) })
}

// textsOf returns a column of texts that are appended one after another.
func (e *Evaluator) textsOf(valid column.Bitmap, n int, text func(dst []byte, i int) []byte) column.Column {
	if e.used == len(e.texts) {
		e.texts = append(e.texts, nil)
	}
	out := &column.Texts{Valid: valid, Offsets: e.words32(n + 1), Bytes: e.texts[e.used][:0]}
	out.Offsets[0] = 0
	for i := range n {
		if valid.Valid(i) {
			out.Bytes = text(out.Bytes, i)
		}
		if e.pools.texts+len(out.Bytes) > mostBytes {
			e.crowded, e.stopped = true, true
			out.Bytes = out.Bytes[:0]
		}
		out.Offsets[i+1] = uint32(len(out.Bytes))
	}
	e.pools.texts += len(out.Bytes)
	if cap(out.Bytes) <= mostKept {
		e.texts[e.used] = out.Bytes
	}
	e.used++
	return out
}

// listColumn returns lists, or maps, without the elements that are in none.
func (e *Evaluator) listColumn(v *vector, valid column.Bitmap, t *check.Type, f *frame) column.Column {
	l, inner := v.list, v.list.frame
	offsets, elems, keys := l.offsets[:f.n+1], e.elems(l), l.keys
	if l.mask != nil || valid != nil {
		var at []uint32
		offsets, at = e.kept(l, valid, f.n)
		inner = e.below(f, offsets, len(at))
		elems = e.pick(elems, at, inner)
		if keys != nil {
			keys = e.pick(e.force(keys, l.frame.n), at, inner)
		}
	}
	elem := e.column(elems, t.Elem, inner)
	if t.Kind == check.List {
		return &column.List{Valid: valid, Offsets: offsets, Elem: elem}
	}
	names, ok := e.column(keys, check.StringType, inner).(*column.Strings)
	if !ok {
		names, _ = column.Sorted(context.Background(), e.column(keys, check.StringType, inner).(*column.Texts), 1) // it fails with its context alone
	}
	return &column.Map{Valid: valid, Offsets: offsets, Keys: names, Values: elem}
}

// kept returns the elements that are in the lists of n positions which are valid, and where
// those of each begin.
func (e *Evaluator) kept(l *list, valid column.Bitmap, n int) (offsets, at []uint32) {
	offsets, at = e.words32(n+1), e.words32(l.frame.n)[:0]
	offsets[0] = 0
	for i := range n {
		if valid.Valid(i) {
			for k := l.offsets[i]; k < l.offsets[i+1]; k++ {
				if l.in(int(k)) {
					at = append(at, k)
				}
			}
		}
		offsets[i+1] = uint32(len(at))
	}
	return offsets, at
}

// objectColumn returns objects, whose fields are read here.
func (e *Evaluator) objectColumn(v *vector, valid column.Bitmap, t *check.Type, f *frame) column.Column {
	if len(v.object.Fields) < len(t.Fields) {
		return &column.Nulls{N: f.n} // of nobody's column
	}
	out := &column.Struct{Valid: valid, N: f.n, Fields: make([]column.Column, len(t.Fields))}
	for i, field := range t.Fields {
		out.Fields[i] = e.column(e.read(v.object.Fields[i], field.Type, v, f), field.Type, f)
	}
	return out
}
