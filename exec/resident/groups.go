package resident

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// groups counts the values of one column among matching rows. It belongs to the task
// of a partition, or, merged, to all.
type groups struct {
	col     column.Column
	stored  column.Column // the values of col
	without int
	codes   []int          // Bools and Strings of few: by code, false and true
	keys    map[int64]int  // the others: by integer, code, or bits of the float
	texts   map[string]int // Texts: by text
	meter   *meter
	// most is how many different values there may be, 0 for any number; over says that there
	// are more.
	most int
	over *atomic.Bool
}

// fewCodes is up to how many strings are counted by a slice.
const fewCodes = 1 << 14

// field returns the column at the end of a path of fields from the profile, through
// objects, and says what is wrong with the path.
func field(snap *column.Snapshot, path []string) (column.Column, error) {
	var col column.Column = snap.Root
	t := snap.Schema
	for i, name := range path {
		s, ok := col.(*column.Struct)
		f := (*check.Field)(nil)
		if t.Kind == check.Object {
			f = t.Field(name)
		}
		if none(col) && f != nil {
			t = f.Type
			continue
		}
		if t.Kind == check.List || t.Kind == check.Map {
			return nil, fmt.Errorf("%s is in %s, a %s: profiles are counted by fields with one value", path[i], strings.Join(path[:i], "."), t)
		}
		if !ok || f == nil {
			return nil, fmt.Errorf("there is no field %s", strings.Join(path[:i+1], "."))
		}
		col, t = s.Fields[f.Index], f.Type
	}
	switch t.Kind {
	case check.List, check.Map, check.Object:
		return nil, fmt.Errorf("%s is of type %s: profiles are counted by fields with one value", strings.Join(path, "."), t)
	}
	return col, nil
}

// none says whether the column of an object has no fields to go on with.
func none(col column.Column) bool {
	switch col.(type) {
	case *column.Nulls, *column.Unloaded:
		return true
	}
	return false
}

func newGroups(q *query) *groups {
	g := &groups{col: q.by, stored: column.Stored(q.by), keys: map[int64]int{}, meter: &q.meter, most: q.ByMost, over: &q.manyValues}
	switch c := g.stored.(type) {
	case *column.Strings:
		if c.Dict.Len() <= fewCodes {
			g.codes = make([]int, c.Dict.Len())
		}
	case *column.Texts:
		g.texts = map[string]int{}
	case *column.Bools:
		g.codes = make([]int, 2)
	}
	return g
}

// add counts the rows whose bit is set; bit 0 is row start.
func (g *groups) add(matched column.Bitmap, start int) error {
	if g.over.Load() {
		return nil
	}
	for i, word := range matched {
		for ; word != 0; word &= word - 1 {
			row := start + i<<6 + bits.TrailingZeros64(word)
			if g.col.Null(row) {
				g.without++
				continue
			}
			if err := g.count(row); err != nil {
				return err
			}
		}
	}
	return nil
}

// count counts the value of a row, which is not null.
func (g *groups) count(row int) error {
	c, row := column.At(g.col, row)
	switch c := c.(type) {
	case *column.Strings:
		if g.codes == nil {
			return g.plus(int64(c.Codes.At(row)), 1)
		}
		g.codes[c.Codes.At(row)]++
	case *column.Texts:
		return g.plusText(c.At(row), 1)
	case *column.Bools:
		if c.Bits.Get(row) {
			g.codes[1]++
		} else {
			g.codes[0]++
		}
	case *column.Ints:
		return g.plus(c.At(row), 1)
	case *column.Timestamps:
		return g.plus(c.V[row], 1)
	case *column.Floats:
		return g.plus(int64(math.Float64bits(c.V[row]+0)), 1)
	}
	return nil
}

// plus adds to the number of a key.
func (g *groups) plus(key int64, n int) error {
	before, known := g.keys[key]
	if !known {
		if g.full(len(g.keys)) {
			return nil
		}
		if err := g.meter.charge(entryBytes); err != nil {
			return err
		}
	}
	g.keys[key] = before + n
	return nil
}

// plusText adds to the number of a text, which is in the memory of the column.
func (g *groups) plusText(text string, n int) error {
	before, known := g.texts[text]
	if !known {
		if g.full(len(g.texts)) {
			return nil
		}
		if err := g.meter.charge(entryBytes); err != nil {
			return err
		}
	}
	g.texts[text] = before + n
	return nil
}

// full says whether there may be no other value beside so many.
func (g *groups) full(values int) bool {
	if g.most == 0 || values < g.most {
		return false
	}
	g.over.Store(true)
	return true
}

// merge adds what another partition has counted.
func (g *groups) merge(other *groups) error {
	g.without += other.without
	for code, n := range other.codes {
		g.codes[code] += n
	}
	for key, n := range other.keys {
		if err := g.plus(key, n); err != nil {
			return err
		}
	}
	for text, n := range other.texts {
		if err := g.plusText(text, n); err != nil {
			return err
		}
	}
	return nil
}

// counts returns the values that were found.
func (g *groups) counts() []exec.ValueCount {
	var out []exec.ValueCount
	for code, n := range g.codes {
		if n == 0 {
			continue
		}
		text := strconv.FormatBool(code == 1)
		if c, ok := g.stored.(*column.Strings); ok {
			text = strings.Clone(c.Dict.At(uint32(code)))
		}
		out = append(out, exec.ValueCount{Value: text, Count: n})
	}
	keys := make([]int64, 0, len(g.keys))
	for key := range g.keys {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, g.order)
	for _, key := range keys {
		out = append(out, exec.ValueCount{Value: g.text(key), Count: g.keys[key]})
	}
	for _, text := range slices.Sorted(maps.Keys(g.texts)) {
		out = append(out, exec.ValueCount{Value: strings.Clone(text), Count: g.texts[text]})
	}
	// What comes in order of value stays so among equals.
	slices.SortStableFunc(out, func(a, b exec.ValueCount) int { return cmp.Compare(b.Count, a.Count) })
	return out
}

func (g *groups) order(a, b int64) int {
	if _, ok := g.stored.(*column.Floats); ok {
		return cmp.Compare(math.Float64frombits(uint64(a)), math.Float64frombits(uint64(b)))
	}
	return cmp.Compare(a, b)
}

func (g *groups) text(key int64) string {
	switch c := g.stored.(type) {
	case *column.Strings:
		return strings.Clone(c.Dict.At(uint32(key)))
	case *column.Floats:
		return string(column.AppendJSONFloat(nil, math.Float64frombits(uint64(key))))
	case *column.Timestamps:
		return string(column.AppendJSONTime(nil, key))
	}
	return strconv.FormatInt(key, 10)
}
