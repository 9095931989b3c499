package load

import (
	"cmp"
	"slices"
	"unsafe"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// vessel fills the column of one path with the values of one profile after another. Its rows are
// the profile for a field of that, the elements of all lists for what is in a list.
type vessel struct {
	t    *check.Type
	maps int // levels of maps that objects here are by their name
	col  column.Column
	rows int
	// fill reads a value that is not null as the next row; nil for what nobody reads.
	fill  func(w *walker, v *vessel, pos, maps int) (int, error)
	valid *column.Bitmap

	fields []*vessel // of an object, along its type, nil for those that are not read
	byName map[string]*vessel
	laid   []*vessel // of an object: those of its fields that no profile has
	place  int       // among those of its object
	elem   *vessel
	core   form // of a list: what is in it, or in the lists in it
	keys   *keyVessel
}

// newVessel makes the vessel of a path, of which so much is read.
func newVessel(t *check.Type, r *check.Reads) *vessel {
	v := &vessel{t: t}
	switch t.Kind {
	case check.Object:
		return v.object(r)
	case check.List:
		v.core = coreOf(t)
		v.elem = newVessel(t.Elem, readBelow(r))
		c := &column.List{Offsets: make([]uint32, 1), Elem: v.elem.col}
		v.col, v.valid, v.fill = c, &c.Valid, intoList
	case check.Map:
		v.elem, v.keys = newVessel(t.Elem, readBelow(r)), newKeyVessel()
		c := &column.Map{Offsets: make([]uint32, 1), Keys: v.keys.col, Values: v.elem.col}
		v.col, v.valid, v.fill = c, &c.Valid, intoMap
	case check.Bool:
		c := &column.Bools{}
		v.col, v.valid, v.fill = c, &c.Valid, intoBool
	case check.Int:
		c := &column.Ints{I64: []int64{}}
		v.col, v.valid, v.fill = c, &c.Valid, intoNumber
	case check.Float:
		c := &column.Floats{}
		v.col, v.valid, v.fill = c, &c.Valid, intoNumber
	case check.Timestamp:
		c := &column.Timestamps{}
		v.col, v.valid, v.fill = c, &c.Valid, intoTime
	case check.String:
		c := &column.Texts{Offsets: make([]uint32, 1)}
		v.col, v.valid, v.fill = c, &c.Valid, intoText
	default:
		v.col = &column.Nulls{}
	}
	v.empty()
	return v
}

func (v *vessel) object(r *check.Reads) *vessel {
	c := &column.Struct{Fields: make([]column.Column, len(v.t.Fields))}
	v.col, v.valid, v.fill = c, &c.Valid, intoObjectOr
	v.fields, v.byName = make([]*vessel, len(v.t.Fields)), map[string]*vessel{}
	for i, f := range v.t.Fields {
		read := r.Fields[f.Name]
		if r.All {
			read = r
		}
		if read == nil {
			c.Fields[i] = &column.Nulls{}
			continue
		}
		field := newVessel(f.Type, read)
		field.maps, field.place = mapDepth(f.Name), i
		v.fields[i], c.Fields[i], v.byName[f.Name] = field, field.col, field
	}
	v.empty()
	return v
}

// readBelow is what is read of elements.
func readBelow(r *check.Reads) *check.Reads {
	switch {
	case r.All:
		return r
	case r.Elem == nil:
		return &check.Reads{}
	}
	return r.Elem
}

// coreOf is the form of what is in lists, or in the lists in them.
func coreOf(t *check.Type) form {
	for t.Kind == check.List {
		t = t.Elem
	}
	return formOfType(t)
}

// member returns the field called key, nil for none. Fields come in an order that is mostly the same: next is the place of
// the likeliest.
func (v *vessel) member(key []byte, next *int) *vessel {
	if *next < len(v.fields) && v.fields[*next] != nil && v.t.Fields[*next].Name == string(key) {
		*next++
		return v.fields[*next-1]
	}
	f := v.byName[string(key)]
	if f != nil {
		*next = f.place + 1
	}
	return f
}

// empty takes all rows out.
func (v *vessel) empty() {
	v.rows = 0
	if v.valid != nil {
		*v.valid = append((*v.valid)[:0], 0)
	}
	switch c := v.col.(type) {
	case *column.Bools:
		c.Bits, c.N = append(c.Bits[:0], 0), 0
	case *column.Ints:
		c.I64 = c.I64[:0]
	case *column.Floats:
		c.V = c.V[:0]
	case *column.Timestamps:
		c.V = c.V[:0]
	case *column.Texts:
		c.Bytes, c.Offsets = c.Bytes[:0], c.Offsets[:1]
	case *column.List:
		c.Offsets = c.Offsets[:1]
	case *column.Map:
		c.Offsets = c.Offsets[:1]
		v.keys.empty()
	}
	for _, f := range v.byName {
		f.empty()
	}
	for _, f := range v.laid {
		f.empty()
	}
	if v.elem != nil {
		v.elem.empty()
	}
}

// null adds a row without a value.
func (v *vessel) null() {
	v.rows++
	if v.valid != nil && v.rows > 64*len(*v.valid) {
		*v.valid = append(*v.valid, 0)
	}
	switch c := v.col.(type) {
	case *column.Bools:
		if c.N++; c.N > 64*len(c.Bits) {
			c.Bits = append(c.Bits, 0)
		}
	case *column.Ints:
		c.I64 = append(c.I64, 0)
	case *column.Floats:
		c.V = append(c.V, 0)
	case *column.Timestamps:
		c.V = append(c.V, 0)
	case *column.Texts:
		c.Offsets = append(c.Offsets, uint32(len(c.Bytes)))
	case *column.Struct:
		c.N = v.rows
	case *column.List:
		c.Offsets = append(c.Offsets, uint32(v.elem.rows))
	case *column.Map:
		c.Offsets = append(c.Offsets, uint32(v.elem.rows))
	case *column.Nulls:
		c.N = v.rows
	}
}

// value adds a row that has a value, which is zero until it is set.
func (v *vessel) value() {
	v.null()
	if v.valid != nil {
		v.valid.Set(v.rows - 1)
	}
}

// pad adds rows without a value up to so many.
func (v *vessel) pad(rows int) {
	for v.rows < rows {
		v.null()
	}
}

// finish makes all that is below as long as it has to be.
func (v *vessel) finish() {
	for _, f := range v.fields {
		if f != nil {
			f.pad(v.rows)
			f.finish()
		}
	}
	for _, f := range v.laid {
		f.pad(v.rows)
		f.finish()
	}
	if v.elem != nil {
		v.elem.finish()
	}
	if v.keys != nil {
		v.keys.finish()
	}
}

// keyVessel fills the keys of maps.
type keyVessel struct {
	col   *column.Strings
	keys  []string
	order []int
}

func newKeyVessel() *keyVessel {
	return &keyVessel{col: &column.Strings{Codes: column.Codes{U32: []uint32{}}, Dict: &column.Dict{Offsets: make([]uint32, 1)}}}
}

func (k *keyVessel) empty()         { k.keys = k.keys[:0] }
func (k *keyVessel) add(key string) { k.keys = append(k.keys, key) }

// finish makes codes of the keys.
func (k *keyVessel) finish() {
	k.order = k.order[:0]
	for i := range k.keys {
		k.order = append(k.order, i)
	}
	slices.SortFunc(k.order, func(i, j int) int { return cmp.Compare(k.keys[i], k.keys[j]) })
	d := k.col.Dict
	d.Bytes, d.Offsets = d.Bytes[:0], d.Offsets[:1]
	k.col.Codes.U32 = slices.Grow(k.col.Codes.U32[:0], len(k.keys))[:len(k.keys)]
	for n, i := range k.order {
		if n == 0 || k.keys[i] != k.keys[k.order[n-1]] {
			d.Bytes = append(d.Bytes, k.keys[i]...)
			d.Offsets = append(d.Offsets, uint32(len(d.Bytes)))
		}
		k.col.Codes.U32[i] = uint32(d.Len() - 1)
	}
}

// sortEntriesOf puts entries in the order of their keys, or says that one is there twice.
func sortEntriesOf(entries []entryAt) error {
	slices.SortFunc(entries, func(a, b entryAt) int { return cmp.Compare(a.key, b.key) })
	for i := 1; i < len(entries); i++ {
		if entries[i].key == entries[i-1].key {
			return errDuplicate
		}
	}
	return nil
}

// textOfBytes returns b as a text, which is valid as long as b is as it is.
func textOfBytes(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
