package column

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/segq/segq/lang/check"
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
	c := leaf(v.snap, path)
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

// leaf returns the string column at the end of path, or nil.
func leaf(snap *Snapshot, path []string) Column {
	var col Column = snap.Root
	t := snap.Schema
	for _, name := range path {
		col, t = elements(col, t)
		s, ok := col.(*Struct)
		if !ok {
			return nil
		}
		f := t.Field(name)
		if f == nil {
			return nil
		}
		col, t = s.Fields[f.Index], f.Type
	}
	col, _ = elements(col, t)
	switch Stored(col).(type) {
	case *Strings, *Texts:
		return col
	}
	return nil
}

// elements returns the column of the innermost elements of lists.
func elements(col Column, t *check.Type) (Column, *check.Type) {
	for {
		l, ok := col.(*List)
		if !ok {
			return col, t
		}
		col, t = l.Elem, t.Elem
	}
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
