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
}

// LeafOf returns the column that path leads to from the profile, through objects and lists and, where the
// name of a map ends in {}, into what is in that; with keys the keys of the map at its end. It is nil
// where there is none, or where it is not resident.
func LeafOf(snap *Snapshot, path []string, keys bool) *Leaf {
	l, t := &Leaf{rows: snap.Rows(), col: snap.Root}, snap.Schema
	for _, name := range path {
		bare := strings.TrimSuffix(name, "{}")
		t = l.inside(t, false)
		s, ok := l.col.(*Struct)
		if !ok {
			return nil
		}
		f := t.Field(bare)
		if f == nil {
			return nil
		}
		l.col, t = s.Fields[f.Index], f.Type
		if bare != name {
			t = l.inside(t, true)
		}
	}
	l.inside(t, false)
	switch c := l.col.(type) {
	case *Unloaded:
		return nil
	case *Map:
		if keys {
			l.in, l.col = append(l.in, c.Offsets), c.Keys
		}
	default:
		if keys {
			return nil
		}
	}
	return l
}

// inside goes to the elements of lists, and with maps to the values of a map.
func (l *Leaf) inside(t *check.Type, maps bool) *check.Type {
	for {
		switch c := l.col.(type) {
		case *List:
			l.in, l.col, t = append(l.in, c.Offsets), c.Elem, t.Elem
		case *Map:
			if !maps {
				return t
			}
			l.in, l.col, t = append(l.in, c.Offsets), c.Values, t.Elem
		default:
			return t
		}
	}
}

// Slots is how many places the column has: profiles, or elements of a list.
func (l *Leaf) Slots() int { return l.col.Len() }

// Listed says whether it is in a list or a map, so that a profile may have several values.
func (l *Leaf) Listed() bool { return len(l.in) > 0 }

// Filled is how many of its places have a value.
func (l *Leaf) Filled() int { return filled(l.col) }

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

// looked is after how many places a count finds out whether anybody waits for it.
const looked = 1 << 18

// Count returns the texts of the column with how many of its places have each, the most frequent first
// and equally frequent ones in byte order; nil for a column of other values, and not ok where there
// are more than so many. The texts share the column's memory. It fails with its context alone.
func (l *Leaf) Count(ctx context.Context, most int) (values []ValueCount, ok bool, err error) {
	if one, constant := l.col.(*Constant); constant {
		if text, is := textOf(one.Value, 0); is && filled(one) > 0 {
			values = []ValueCount{{text, int64(filled(one))}}
		}
		return values, true, nil
	}
	switch c := Stored(l.col).(type) {
	case *Strings:
		values, ok, err = countCodes(ctx, c, most)
	case *Texts:
		values, ok, err = countTexts(ctx, c, most)
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

// countTexts counts texts that have no dictionary.
func countTexts(ctx context.Context, c *Texts, most int) (values []ValueCount, ok bool, err error) {
	counts := map[string]int64{}
	for i := range c.Len() {
		if i%looked == 0 && ctx.Err() != nil {
			return nil, false, ctx.Err()
		}
		if c.Null(i) {
			continue
		}
		if counts[c.At(i)]++; len(counts) > most {
			return nil, false, nil
		}
	}
	for text, n := range counts {
		values = append(values, ValueCount{text, n})
	}
	return values, true, nil
}

// Holders returns how many profiles have each of some texts, up to enough: of many elements of a list with
// the same text that profile counts once. It fails with its context alone.
func (l *Leaf) Holders(ctx context.Context, texts []string, enough int) ([]int, error) {
	held, last := make([]int, len(texts)), make([]int, len(texts))
	which := l.indexOf(texts)
	for profile, left := 0, len(texts); profile < l.rows && left > 0; profile++ {
		if profile%(looked>>6) == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		start, end := profile, profile+1
		for _, offsets := range l.in {
			start, end = int(offsets[start]), int(offsets[end])
		}
		for i := start; i < end; i++ {
			k := which(i)
			if k < 0 || last[k] == profile+1 || held[k] == enough {
				continue
			}
			last[k] = profile + 1
			if held[k]++; held[k] == enough {
				left--
			}
		}
	}
	return held, nil
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

// indexOf returns what says which of some texts a place of the column has, -1 for none of them.
func (l *Leaf) indexOf(texts []string) func(i int) int {
	at := map[string]int{}
	for k, text := range texts {
		at[text] = k
	}
	code := func(Column, int) int { return -1 }
	switch c := Stored(l.col).(type) {
	case *Strings:
		known := make([]int, c.Dict.Len())
		for i := range known {
			known[i] = -1
			if k, ok := at[c.Dict.At(uint32(i))]; ok {
				known[i] = k
			}
		}
		code = func(_ Column, place int) int { return known[c.Codes.At(place)] }
	case *Texts:
		code = func(_ Column, place int) int {
			if k, ok := at[c.At(place)]; ok {
				return k
			}
			return -1
		}
	}
	return func(i int) int {
		if l.col.Null(i) {
			return -1
		}
		return code(At(l.col, i))
	}
}
