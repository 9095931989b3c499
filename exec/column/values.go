package column

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/segq/segq/lang/check"
)

// ValueCount is a value of a string column and how many of its slots hold it.
type ValueCount struct {
	Text  string
	Count int64
}

// Leaf is a column of a snapshot with the lists and maps in which it is.
type Leaf struct {
	rows int // of profiles
	col  Column
	in   [][]uint32 // the offsets of these, the outermost first
	key  *keyOf     // nil where no map is on the way

	own   Column // the column of the field itself, whose elements col has where it is a list
	depth int    // in how many of the lists and maps that one is
}

// keyOf is the key by which a leaf is found in a map.
type keyOf struct {
	keys  *Strings
	code  uint32
	found bool
	maps  int // how many there are
	level int // which of the offsets are those of the map
}

// LeafOf returns the column that path leads to from the profile, through objects and lists and, where the
// name of a map has a key in braces behind it, to what the maps have for that; with keys the keys of the map
// at its end. It is nil where there is none, or where it is not resident.
func LeafOf(snap *Snapshot, path []string, keys bool) *Leaf {
	l, t := &Leaf{rows: snap.Rows(), col: snap.Root}, snap.Schema
	for _, name := range path {
		bare, key, keyed := CutKey(name)
		t = l.inside(t)
		s, ok := l.col.(*Struct)
		if !ok {
			return nil
		}
		f := t.Field(bare)
		if f == nil {
			return nil
		}
		l.col, t = s.Fields[f.Index], f.Type
		if keyed {
			if t = l.entries(t, key); t == nil {
				return nil
			}
		}
	}
	l.own, l.depth = l.col, len(l.in)
	l.inside(t)
	switch c := l.col.(type) {
	case *Unloaded:
		return nil
	case *Map:
		if keys {
			l.in, l.col = append(l.in, c.Offsets), c.Keys
			l.own, l.depth = l.col, len(l.in)
		}
	default:
		if keys {
			return nil
		}
	}
	return l
}

// CutKey cuts a name of a path into that of a map and the key in braces behind it, "" for any; not keyed for a
// name that has none.
func CutKey(name string) (bare, key string, keyed bool) {
	if bare, key, keyed = strings.Cut(strings.TrimSuffix(name, "}"), "{"); keyed && strings.HasSuffix(name, "}") {
		return bare, key, true
	}
	return name, "", false
}

// inside goes to the elements of lists.
func (l *Leaf) inside(t *check.Type) *check.Type {
	for {
		c, ok := l.col.(*List)
		if !ok {
			return t
		}
		l.in, l.col, t = append(l.in, c.Offsets), c.Elem, t.Elem
	}
}

// entries goes to what maps have for a key, and returns its type; nil for no map, and for maps in what
// another has.
func (l *Leaf) entries(t *check.Type, key string) *check.Type {
	t = l.inside(t)
	if t.Kind != check.Map || key == "" || l.key != nil {
		return nil
	}
	if c, ok := l.col.(*Map); ok {
		l.key = &keyOf{keys: c.Keys, maps: len(c.Offsets) - 1, level: len(l.in)}
		l.key.code, l.key.found = c.Keys.Dict.Find(key)
		l.in, l.col = append(l.in, c.Offsets), c.Values
	}
	return t.Elem
}

// spans visits the places of the column, those alone that belong to the key.
func (l *Leaf) spans(ctx context.Context, visit func(start, end int)) error {
	if l.key == nil {
		visit(0, l.col.Len())
		return nil
	}
	if !l.key.found {
		return nil
	}
	return l.entriesIn(ctx, 0, l.key.keys.Len(), visit)
}

// entriesIn visits the places that belong to the key, of the entries of maps from start to end.
func (l *Leaf) entriesIn(ctx context.Context, start, end int, visit func(start, end int)) error {
	return l.entriesAt(ctx, len(l.in), start, end, visit)
}

// entriesAt visits those of the column that is in so many of the lists and maps.
func (l *Leaf) entriesAt(ctx context.Context, depth, start, end int, visit func(start, end int)) error {
	for k := start; k < end; k++ {
		if k%looked == looked-1 && ctx.Err() != nil {
			return ctx.Err()
		}
		if l.key.keys.Codes.At(k) != l.key.code {
			continue
		}
		from, to := k, k+1
		for _, offsets := range l.in[l.key.level+1 : depth] {
			from, to = int(offsets[from]), int(offsets[to])
		}
		visit(from, to)
	}
	return nil
}

// Slots is how many places there are for the field: profiles, elements of the list that it is in, or maps that may have the
// key. A list is one value, whatever its elements are.
func (l *Leaf) Slots() int {
	if l.key == nil {
		return l.own.Len()
	}
	if l.key.level == l.depth-1 {
		return l.key.maps
	}
	n := 0
	l.keyed(l.depth, func(start, end int) { n += end - start })
	return n
}

// Listed says whether it is in a list or a map, so that a profile may have several values.
func (l *Leaf) Listed() bool { return len(l.in) > 0 }

// Filled is how many of its places have a value, a list that is empty as well: what isNotNull() says.
func (l *Leaf) Filled() int { return l.filledAt(l.own, l.depth) }

// filledAt is how many places of a column that is in so many of the lists and maps have a value.
func (l *Leaf) filledAt(c Column, depth int) int {
	if l.key == nil {
		return filled(c)
	}
	n := 0
	l.keyed(depth, func(start, end int) {
		for i := start; i < end; i++ {
			if !c.Null(i) {
				n++
			}
		}
	})
	return n
}

// keyed visits the places that belong to the key, of the column that is in so many of the lists and maps.
func (l *Leaf) keyed(depth int, visit func(start, end int)) {
	if l.key.found {
		_ = l.entriesAt(context.Background(), depth, 0, l.key.keys.Len(), visit) // it fails with the context alone
	}
}

// Filled returns how many profiles have a value of a field that is in no list; not there where there is no such
// field, or its column is not resident.
func Filled(snap *Snapshot, path []string) (n int, there bool) {
	col, t := Column(snap.Root), snap.Schema
	for _, name := range path {
		s, ok := col.(*Struct)
		if !ok {
			return 0, false
		}
		f := t.Field(name)
		if f == nil {
			return 0, false
		}
		col, t = s.Fields[f.Index], f.Type
	}
	if _, unknown := col.(*Unloaded); unknown {
		return 0, false
	}
	return filled(col), true
}

// filled is how many rows of a column are not null.
func filled(c Column) int {
	valid := Bitmap(nil)
	switch c := c.(type) {
	case *Nulls:
		return 0
	case *Sparse:
		return c.Values.Len()
	case *Bools:
		valid = c.Valid
	case *Ints:
		valid = c.Valid
	case *Floats:
		valid = c.Valid
	case *Timestamps:
		valid = c.Valid
	case *Strings:
		valid = c.Valid
	case *Texts:
		valid = c.Valid
	case *Constant:
		valid = c.Valid
	case *Struct:
		valid = c.Valid
	case *List:
		valid = c.Valid
	case *Map:
		valid = c.Valid
	}
	if valid == nil {
		return c.Len()
	}
	return valid.Ones()
}

// Distinct is how many different values the column has; not ok for one of values with parts, and for what maps have
// for one key. It takes a step for each row.
func (l *Leaf) Distinct() (n int, ok bool) {
	switch l.col.(type) {
	case *Struct, *List, *Map:
		return 0, false
	}
	if l.key != nil {
		return 0, false
	}
	return FillingOf(l.col).Distinct, true
}

// looked is after how many places a count finds out whether anybody waits for it.
const looked = 1 << 18

// Count returns the texts of the column with how many of its places have each, the most frequent first
// and equally frequent ones in byte order; nil for a column of other values, and not ok where there
// are more than so many. The texts share the column's memory. It fails with its context alone.
func (l *Leaf) Count(ctx context.Context, most int) (values []ValueCount, ok bool, err error) {
	if one, constant := l.col.(*Constant); constant {
		if n := l.filledAt(one, len(l.in)); n > 0 {
			if text, is := textOf(one.Value, 0); is {
				values = []ValueCount{{text, int64(n)}}
			}
		}
		return values, true, nil
	}
	switch c := Stored(l.col).(type) {
	case *Strings:
		if l.key != nil {
			values, ok, err = l.countEntries(ctx, c, most)
			break
		}
		values, ok, err = countCodes(ctx, c, most)
	case *Texts:
		values, ok, err = l.countTexts(ctx, c, most)
	default:
		return nil, true, nil
	}
	slices.SortFunc(values, func(a, b ValueCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Text, b.Text))
	})
	return values, ok, err
}

// countCodes counts by the codes of a dictionary.
func countCodes(ctx context.Context, c *Strings, most int) (values []ValueCount, ok bool, err error) {
	if c.Dict.Len() > most {
		return nil, false, nil
	}
	counts := make([]int64, c.Dict.Len())
	if len(counts) > 0 {
		if err := c.Codes.tally(ctx, counts); err != nil {
			return nil, false, err
		}
		counts[0] -= int64(c.Len() - filled(c)) // the code in the slot of a null
	}
	for code, n := range counts {
		if n > 0 {
			values = append(values, ValueCount{c.Dict.At(uint32(code)), n})
		}
	}
	return values, true, nil
}

// tally counts how often each code is there.
func (c Codes) tally(ctx context.Context, counts []int64) error {
	for start := 0; start < c.Len(); start += looked {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		end := min(start+looked, c.Len())
		switch {
		case c.U8 != nil:
			tally(c.U8[start:end], counts)
		case c.U16 != nil:
			tally(c.U16[start:end], counts)
		default:
			tally(c.U32[start:end], counts)
		}
	}
	return nil
}

func tally[T uint8 | uint16 | uint32](codes []T, counts []int64) {
	for _, code := range codes {
		counts[code]++
	}
}

// countEntries counts the values that belong to a key, by the codes of a dictionary, which has those of all
// keys.
func (l *Leaf) countEntries(ctx context.Context, c *Strings, most int) (values []ValueCount, ok bool, err error) {
	counts := make([]int64, c.Dict.Len())
	err = l.spans(ctx, func(start, end int) {
		for i := start; i < end; i++ {
			if !l.col.Null(i) {
				_, at := At(l.col, i)
				counts[c.Codes.At(at)]++
			}
		}
	})
	for code, n := range counts {
		if n == 0 {
			continue
		}
		if values = append(values, ValueCount{c.Dict.At(uint32(code)), n}); len(values) > most {
			return nil, false, err
		}
	}
	return values, err == nil, err
}

// countTexts counts texts that have no dictionary.
func (l *Leaf) countTexts(ctx context.Context, c *Texts, most int) (values []ValueCount, ok bool, err error) {
	counts := map[string]int64{}
	err = l.spans(ctx, func(start, end int) {
		for i := start; i < end && len(counts) <= most; i++ {
			if i%looked == looked-1 && ctx.Err() != nil {
				return
			}
			if !l.col.Null(i) {
				_, at := At(l.col, i)
				counts[c.At(at)]++
			}
		}
	})
	if err = cmp.Or(err, ctx.Err()); err != nil || len(counts) > most {
		return nil, false, err
	}
	for text, n := range counts {
		values = append(values, ValueCount{text, n})
	}
	return values, true, nil
}

// textOf returns the text in a place of a column of texts that has one there.
func textOf(c Column, i int) (text string, ok bool) {
	switch c := c.(type) {
	case *Strings:
		return c.At(i), true
	case *Texts:
		return c.At(i), true
	}
	return "", false
}
