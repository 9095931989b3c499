package arrow

import (
	"encoding/binary"
	"fmt"
	"math"
)

// Column reads a column, by the number of its field. What is in it is valid until release is
// called.
func (b *Batch) Column(i int) (a *Array, release func(), err error) {
	r := &reader{file: b.file, body: b.body, dictionaries: b.dictionaries}
	release = r.release
	f := b.file.Fields[i]
	b.once.Do(b.findColumns)
	if err = b.err; err == nil {
		r.place = b.places[i]
		if err = r.readSpan(b.places[i+1].buffer); err == nil {
			a, err = r.column(f, b.body.rows)
		}
	}
	if err == nil && a.Len != b.Rows {
		err = damaged("%d values in a record batch of %d rows", a.Len, b.Rows)
	}
	if err != nil {
		err = fmt.Errorf("column %s, record batch %d: %w", f.Name, b.number, err)
	}
	return a, release, err
}

// findColumns finds where the arrays of each column begin, and where those of the last end.
func (b *Batch) findColumns() {
	r := &reader{file: b.file, body: b.body}
	b.places = append(make([]place, 0, len(b.file.Fields)+1), r.place)
	for _, f := range b.file.Fields {
		if b.err = r.skip(f); b.err != nil {
			return
		}
		b.places = append(b.places, r.place)
	}
}

// skip passes over the nodes and buffers of a field.
func (r *reader) skip(f *Field) error {
	r.node++
	if f.Index != nil {
		r.buffer += 2
	} else {
		switch f.Type.Kind {
		case Null:
		case RunEndEncoded:
			if r.body.old {
				r.buffer++
			}
		case Struct, FixedSizeList:
			r.buffer++
		case Union:
			r.buffer++
			if f.Type.Dense {
				r.buffer++
			}
			if r.body.old {
				r.buffer++
			}
		case Binary, Utf8, LargeBinary, LargeUtf8, ListView, LargeListView:
			r.buffer += 3
		case BinaryView, Utf8View:
			n, err := r.views()
			if err != nil {
				return err
			}
			r.buffer += 2 + n
		default:
			r.buffer += 2
		}
		for _, c := range f.Children {
			if err := r.skip(c); err != nil {
				return err
			}
		}
	}
	if r.buffer > len(r.body.buffers) || r.node > len(r.body.nodes) {
		return damaged("a record batch has only %d arrays and %d buffers", len(r.body.nodes), len(r.body.buffers))
	}
	return nil
}

// views returns how many buffers the next field of views has more than others.
func (r *reader) views() (int, error) {
	if r.view >= len(r.body.variadic) {
		return 0, damaged("a record batch does not say how many buffers its views have")
	}
	n := r.body.variadic[r.view]
	r.view++
	if n < 0 || n > int64(len(r.body.buffers)) {
		return 0, damaged("a record batch claims %d buffers of views", n)
	}
	return int(n), nil
}

// column reads the array of a field, which has at least n values.
func (r *reader) column(f *Field, n int64) (*Array, error) {
	if r.node >= len(r.body.nodes) {
		return nil, damaged("a record batch has only %d arrays", len(r.body.nodes))
	}
	node := r.body.nodes[r.node]
	r.node++
	if node.length < n || node.length > math.MaxUint32 {
		return nil, damaged("%q has %d values, and needs %d", f.Name, node.length, n)
	}
	a := &Array{Field: f, Len: int(node.length)}
	if f.Index != nil {
		return a, r.indexes(a, node)
	}
	var err error
	switch k := f.Type.Kind; {
	case k == Null:
	case k == RunEndEncoded:
		err = r.runs(a)
	case k == Union:
		err = r.union(a)
	case f.Type.width() > 0:
		err = r.fixed(a, node, f.Type.width())
	case k == FixedSizeBinary: // of no bytes
		err = r.fixed(a, node, 0)
	default:
		if err = r.nulls(a, node); err == nil {
			err = r.variable(a)
		}
	}
	if err != nil {
		return nil, err
	}
	return a, nil
}

// nulls reads which values are null.
func (r *reader) nulls(a *Array, n node) error {
	b, err := r.next()
	if err != nil || n.nulls == 0 || a.Len == 0 {
		return err
	}
	if len(b) == 0 && n.nulls < 0 {
		return nil
	}
	if len(b) < (a.Len+7)/8 {
		return damaged("the nulls of %q take %d bytes, and there are %d", a.Field.Name, (a.Len+7)/8, len(b))
	}
	a.valid = b
	return nil
}

// width is how many bits a value takes; 0 where it takes more or fewer.
func (t Type) width() int {
	switch t.Kind {
	case Bool:
		return 1
	case FixedSizeBinary:
		return 8 * t.Size
	}
	return t.Bits
}

// fixed reads values of so many bits each.
func (r *reader) fixed(a *Array, n node, bits int) error {
	err := r.nulls(a, n)
	if err == nil {
		a.data, err = r.values(a, int64(bits))
	}
	return err
}

// values reads a buffer of so many bits for each value.
func (r *reader) values(a *Array, bits int64) ([]byte, error) {
	b, err := r.next()
	if err != nil {
		return nil, err
	}
	if need := (int64(a.Len)*bits + 7) / 8; int64(len(b)) < need {
		return nil, damaged("%d values of %q take %d bytes, and there are %d", a.Len, a.Field.Name, need, len(b))
	}
	return b, nil
}

// variable reads what a value takes any number of: bytes, elements or fields.
func (r *reader) variable(a *Array) (err error) {
	t := a.Field.Type
	switch t.Kind {
	case Struct:
		return r.children(a, int64(a.Len))
	case FixedSizeList:
		return r.children(a, int64(a.Len)*int64(t.Size))
	case ListView, LargeListView:
		return r.listViews(a)
	case BinaryView, Utf8View:
		return r.textViews(a)
	}
	a.wide = t.Kind == LargeBinary || t.Kind == LargeUtf8 || t.Kind == LargeList
	if a.offsets, err = r.offsets(a, 1); err != nil {
		return err
	}
	end, err := a.end()
	if err != nil {
		return err
	}
	if t.Kind == List || t.Kind == LargeList || t.Kind == Map {
		return r.children(a, end)
	}
	if a.data, err = r.next(); err == nil && int64(len(a.data)) < end {
		err = damaged("the texts of %q end at byte %d, and there are %d", a.Field.Name, end, len(a.data))
	}
	return err
}

// offsets reads an offset for each value, and some more.
func (r *reader) offsets(a *Array, more int) ([]byte, error) {
	b, err := r.next()
	if err != nil || a.Len == 0 {
		return nil, err
	}
	size := int64(4)
	if a.wide {
		size = 8
	}
	if need := (int64(a.Len) + int64(more)) * size; int64(len(b)) < need {
		return nil, damaged("%d offsets of %q take %d bytes, and there are %d", a.Len+more, a.Field.Name, need, len(b))
	}
	return b, nil
}

// children reads the arrays of the fields below.
func (r *reader) children(a *Array, n int64) error {
	for _, f := range a.Field.Children {
		c, err := r.column(f, n)
		if err != nil {
			return err
		}
		a.Children = append(a.Children, c)
	}
	return nil
}

// listViews reads lists that each say where they begin and how long they are.
func (r *reader) listViews(a *Array) (err error) {
	a.wide = a.Field.Type.Kind == LargeListView
	if a.offsets, err = r.offsets(a, 0); err != nil {
		return err
	}
	if a.sizes, err = r.offsets(a, 0); err != nil {
		return err
	}
	if err := r.children(a, 0); err != nil {
		return err
	}
	for i := range a.Len {
		if from, to := a.Range(i); !a.Null(i) && (from < 0 || to < from || to > a.Children[0].Len) {
			return damaged("list %d of %q is not in its elements", i, a.Field.Name)
		}
	}
	return nil
}

// textViews reads texts of which short ones stand in their views, and others in one of
// several buffers.
func (r *reader) textViews(a *Array) (err error) {
	const size = 128
	if a.data, err = r.values(a, size); err != nil {
		return err
	}
	n, err := r.views()
	if err != nil {
		return err
	}
	for range n {
		b, err := r.next()
		if err != nil {
			return err
		}
		a.buffers = append(a.buffers, b)
	}
	for i := range a.Len {
		if !a.Null(i) && !a.viewed(i) {
			return damaged("text %d of %q is not in its buffers", i, a.Field.Name)
		}
	}
	return nil
}

// indexes reads values that are indexes into a dictionary.
func (r *reader) indexes(a *Array, n node) error {
	if err := r.fixed(a, n, a.Field.Index.Bits); err != nil {
		return err
	}
	if d := r.dictionaries[a.Field.dictionary]; d != nil {
		var err error
		if a.parts, err = d.read(); err != nil {
			return err
		}
	}
	total := int64(0)
	for _, p := range a.parts {
		total += int64(p.Len)
	}
	for i := range a.Len {
		if !a.Null(i) && uint64(a.index(i)) >= uint64(total) {
			return damaged("index %d of %q is not in its dictionary of %d values", a.index(i), a.Field.Name, total)
		}
	}
	return nil
}

// runs reads values that are said once for each run of them.
func (r *reader) runs(a *Array) error {
	if r.body.old {
		if _, err := r.next(); err != nil {
			return err
		}
	}
	if err := r.children(a, 0); err != nil {
		return err
	}
	ends, values := a.Children[0], a.Children[1]
	if values.Len < ends.Len {
		return damaged("%q has %d runs and %d values", a.Field.Name, ends.Len, values.Len)
	}
	last := int64(0)
	for i := range ends.Len {
		if ends.Null(i) || ends.Int(i) <= last {
			return damaged("the runs of %q do not ascend", a.Field.Name)
		}
		last = ends.Int(i)
	}
	if last < int64(a.Len) {
		return damaged("the runs of %q end at %d, and it has %d values", a.Field.Name, last, a.Len)
	}
	return nil
}

// union reads values that each have one of several types.
func (r *reader) union(a *Array) (err error) {
	t := a.Field.Type
	if r.body.old {
		if _, err := r.next(); err != nil {
			return err
		}
	}
	if a.data, err = r.values(a, 8); err != nil {
		return err
	}
	least := int64(a.Len)
	if t.Dense {
		least = 0
		if a.offsets, err = r.values(a, 32); err != nil {
			return err
		}
	}
	if err := r.children(a, least); err != nil {
		return err
	}
	for i := range a.Len {
		if a.data[i] >= 128 || t.Choices[a.data[i]] < 0 {
			return damaged("value %d of %q has a type of number %d, which its union has not", i, a.Field.Name, a.data[i])
		}
		if child, at := a.Choice(i); t.Dense && (at < 0 || at >= a.Children[child].Len) {
			return damaged("value %d of %q is not there", i, a.Field.Name)
		}
	}
	return nil
}

// end checks that offsets ascend, and returns the last.
func (a *Array) end() (int64, error) {
	if a.Len == 0 {
		return 0, nil
	}
	last := int64(0)
	if a.wide {
		for i := range a.Len + 1 {
			to := int64(binary.LittleEndian.Uint64(a.offsets[8*i:]))
			if to < last {
				return 0, damaged("the offsets of %q do not ascend", a.Field.Name)
			}
			last = to
		}
		return last, nil
	}
	for i := range a.Len + 1 {
		to := int64(int32(binary.LittleEndian.Uint32(a.offsets[4*i:])))
		if to < last {
			return 0, damaged("the offsets of %q do not ascend", a.Field.Name)
		}
		last = to
	}
	return last, nil
}
