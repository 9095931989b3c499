package column

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
)

// ValueCount is a value of a string column and how many of its slots hold it.
type ValueCount struct {
	Text  string
	Count int64
}

// Values knows the values of the string columns of a snapshot. A column is
// counted when it is first asked for, in one pass, and its order is kept. It is
// safe for concurrent use.
type Values struct {
	snap *Snapshot
	mu   sync.Mutex
	kept map[Column][]ValueCount
}

// NewValues returns the values of a snapshot. Nothing is counted yet.
func NewValues(snap *Snapshot) *Values {
	return &Values{snap: snap, kept: map[Column][]ValueCount{}}
}

// Top returns at most limit values that begin with prefix, without regard to
// case, the most frequent first and equally frequent ones in byte order. path
// leads from the profile to a string field, through objects and lists. A path
// that does not has no values. The texts share the column's memory.
func (v *Values) Top(path []string, prefix string, limit int) []ValueCount {
	c, _ := leafOf(v.snap, path)
	if c == nil {
		return nil
	}
	var top []ValueCount
	for _, n := range v.counted(c) {
		if len(top) >= limit {
			break
		}
		if len(n.Text) >= len(prefix) && strings.EqualFold(n.Text[:len(prefix)], prefix) {
			top = append(top, n)
		}
	}
	return top
}

// leafOf returns the string column at the end of path, or nil, and the lists in which it is, the
// outermost first.
func leafOf(snap *Snapshot, path []string) (col Column, lists []*List) {
	col, t := snap.Root, snap.Schema
	inside := func() {
		for {
			l, ok := col.(*List)
			if !ok {
				return
			}
			lists, col, t = append(lists, l), l.Elem, t.Elem
		}
	}
	for _, name := range path {
		inside()
		s, ok := col.(*Struct)
		if !ok {
			return nil, nil
		}
		f := t.Field(name)
		if f == nil {
			return nil, nil
		}
		col, t = s.Fields[f.Index], f.Type
	}
	inside()
	switch Stored(col).(type) {
	case *Strings, *Texts:
		return col, lists
	}
	return nil, nil
}

// counted returns the values of c by count. Others wait while a column is counted.
func (v *Values) counted(col Column) []ValueCount {
	v.mu.Lock()
	defer v.mu.Unlock()
	if out, ok := v.kept[col]; ok {
		return out
	}
	stored := Stored(col)
	c, ok := stored.(*Strings)
	if !ok {
		c, _ = Sorted(context.Background(), stored.(*Texts), 1) // it fails with its context alone
	}
	counts := make([]ValueCount, c.Dict.Len())
	for i := range col.Len() {
		if !col.Null(i) {
			_, at := At(col, i)
			counts[c.Codes.At(at)].Count++
		}
	}
	for code := range counts {
		counts[code].Text = c.Dict.At(uint32(code))
	}
	slices.SortStableFunc(counts, func(a, b ValueCount) int { return cmp.Compare(b.Count, a.Count) })
	v.kept[col] = counts
	return counts
}

// Holders returns how many profiles have each of some texts in the field that path leads to: of many
// elements of a list with the same text that profile counts once.
func (v *Values) Holders(path, texts []string) []int {
	held := make([]int, len(texts))
	c, lists := leafOf(v.snap, path)
	if c == nil {
		return held
	}
	at, last := map[string]int{}, make([]int, len(texts))
	for i, text := range texts {
		at[text] = i
	}
	for profile := range v.snap.Rows() {
		start, end := profile, profile+1
		for _, l := range lists {
			start, end = int(l.Offsets[start]), int(l.Offsets[end])
		}
		for i := start; i < end; i++ {
			if c.Null(i) {
				continue
			}
			k, ok := at[textAt(c, i)]
			if ok && last[k] != profile+1 {
				last[k], held[k] = profile+1, held[k]+1
			}
		}
	}
	return held
}

// textAt is the text in a slot of a string column that has one.
func textAt(c Column, i int) string {
	stored, at := At(c, i)
	if s, ok := stored.(*Strings); ok {
		return s.Dict.At(s.Codes.At(at))
	}
	return stored.(*Texts).At(at)
}
