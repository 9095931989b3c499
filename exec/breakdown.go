package exec

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// groups counts the values of one column among matching rows. It belongs to the task
// of a partition, or, merged, to all.
type groups struct {
	col     column.Column
	without int
	codes   []int         // Strings and Bools: by code, false and true
	keys    map[int64]int // the others: by integer, or bits of the float
}

// field gives the column at the end of a path of fields from the profile, through
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
		if _, none := col.(*column.Nulls); none && f != nil {
			t = f.Type
			continue
		}
		if !ok || f == nil {
			return nil, fmt.Errorf("there is no field %s", strings.Join(path[:i+1], "."))
		}
		col, t = s.Fields[f.Index], f.Type
	}
	switch t.Kind {
	case check.List, check.Map, check.Object:
		return nil, fmt.Errorf("%s is a %s: profiles are counted by fields with one value", strings.Join(path, "."), t)
	}
	return col, nil
}

func newGroups(col column.Column) *groups {
	g := &groups{col: col}
	switch c := col.(type) {
	case *column.Strings:
		g.codes = make([]int, c.Dict.Len())
	case *column.Bools:
		g.codes = make([]int, 2)
	default:
		g.keys = map[int64]int{}
	}
	return g
}

// add counts the rows whose bit is set; bit 0 is row start.
func (g *groups) add(matched column.Bitmap, start int) error {
	for i, word := range matched {
		for ; word != 0; word &= word - 1 {
			row := start + i<<6 + bits.TrailingZeros64(word)
			if g.col.Null(row) {
				g.without++
				continue
			}
			switch c := g.col.(type) {
			case *column.Strings:
				g.codes[c.Codes.At(row)]++
			case *column.Bools:
				if c.Bits.Get(row) {
					g.codes[1]++
				} else {
					g.codes[0]++
				}
			case *column.Ints:
				g.keys[c.At(row)]++
			case *column.Timestamps:
				g.keys[c.V[row]]++
			case *column.Floats:
				g.keys[int64(math.Float64bits(c.V[row]+0))]++
			}
		}
	}
	return g.room()
}

func (g *groups) room() error {
	if len(g.keys) > maxDistinct {
		return fmt.Errorf("the field has more than %d different values; count by one that has fewer", maxDistinct)
	}
	return nil
}

// merge adds what another partition has counted.
func (g *groups) merge(other *groups) error {
	g.without += other.without
	for code, n := range other.codes {
		g.codes[code] += n
	}
	for key, n := range other.keys {
		g.keys[key] += n
	}
	return g.room()
}

// counts gives the values that were found.
func (g *groups) counts() []ValueCount {
	var out []ValueCount
	for code, n := range g.codes {
		if n == 0 {
			continue
		}
		text := strconv.FormatBool(code == 1)
		if c, ok := g.col.(*column.Strings); ok {
			text = strings.Clone(c.Dict.At(uint32(code)))
		}
		out = append(out, ValueCount{text, n})
	}
	keys := make([]int64, 0, len(g.keys))
	for key := range g.keys {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, g.order)
	for _, key := range keys {
		out = append(out, ValueCount{g.text(key), g.keys[key]})
	}
	// What comes in order of value stays so among equals.
	slices.SortStableFunc(out, func(a, b ValueCount) int { return cmp.Compare(b.Count, a.Count) })
	return out
}

func (g *groups) order(a, b int64) int {
	if _, ok := g.col.(*column.Floats); ok {
		return cmp.Compare(math.Float64frombits(uint64(a)), math.Float64frombits(uint64(b)))
	}
	return cmp.Compare(a, b)
}

func (g *groups) text(key int64) string {
	switch g.col.(type) {
	case *column.Floats:
		return string(column.AppendJSONFloat(nil, math.Float64frombits(uint64(key))))
	case *column.Timestamps:
		return string(column.AppendJSONTime(nil, key))
	}
	return strconv.FormatInt(key, 10)
}
