package resident

import (
	"cmp"
	"maps"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
)

// groups counts the values of one column among matching rows. It belongs to the task
// of a partition, or, merged, to all.
type groups struct {
	col     column.Column
	stored  column.Column // the values of col
	without int
	// codes counts by code, from least on: Bools, Strings and Ints of few values.
	codes []int
	least int64
	keys  map[int64]int  // the others: by integer, code, or bits of the float
	texts map[string]int // Texts: by text
	meter *meter
	held  int // bytes that are charged
	// most is how many different values there may be, 0 for any number; over says that there
	// are more.
	most int
	over *atomic.Bool
	// present and places are scratch: which rows of a block are counted, and where their values
	// are among those that are stored.
	present column.Bitmap
	places  []uint32
}

// fewCodes is up to how many values are counted by a slice, whatever the number of rows.
const fewCodes = 1 << 14

// newGroups returns groups without a row, of so many that may be counted.
func newGroups(q *query, rows int) (*groups, error) {
	g := &groups{col: q.by, stored: column.Stored(q.by), meter: &q.meter, most: q.ByMost, over: &q.manyValues}
	values := int64(0)
	switch c := g.stored.(type) {
	case *column.Strings:
		values = int64(c.Dict.Len())
	case *column.Texts:
		g.texts = map[string]int{}
		return g, nil
	case *column.Bools:
		values = 2
	case *column.Ints:
		g.least, values = integersOf(c)
	}
	if values > fewCodes && (g.most > 0 || values > int64(rows)) {
		values = 0
	}
	if values == 0 {
		g.keys, g.least = map[int64]int{}, 0
		return g, nil
	}
	if err := g.charge(8 * int(values)); err != nil {
		return nil, err
	}
	g.codes = make([]int, values)
	return g, nil
}

// integersOf returns how many integers there are from the least of a column to the greatest, 0
// where that is not known or beyond an int32.
func integersOf(c *column.Ints) (least, n int64) {
	switch {
	case c.I8 != nil:
		return math.MinInt8, 1 << 8
	case c.Low == 0 && c.High == 0, uint64(c.High-c.Low) >= math.MaxInt32:
		return 0, 0
	}
	return c.Low, c.High - c.Low + 1
}

// charge charges for what is held.
func (g *groups) charge(n int) error {
	g.held += n
	return g.meter.charge(n)
}

// add counts the rows whose bit is set; bit 0 is row start.
func (g *groups) add(matched column.Bitmap, start int) error {
	if g.over.Load() {
		return nil
	}
	if n := g.rowsOf(matched, start); n == 0 {
		return nil
	} else if c, ok := g.col.(*column.Constant); ok {
		return g.count(c.Value, 0, n)
	}
	g.placesOf(start)
	switch c := g.stored.(type) {
	case *column.Strings:
		return g.coded(c.Codes)
	case *column.Bools:
		for _, at := range g.places {
			g.codes[c.Bits[at>>6]>>(at&63)&1]++
		}
		return nil
	case *column.Ints:
		return g.integers(c)
	}
	for _, at := range g.places {
		if err := g.count(g.stored, int(at), 1); err != nil {
			return err
		}
	}
	return nil
}

// rowsOf notes the rows that match and have a value, counts the others that match, and returns how
// many there are.
func (g *groups) rowsOf(matched column.Bitmap, start int) int {
	g.present = append(g.present[:0], matched...)
	valid := column.Validity(g.col)
	if _, none := g.col.(*column.Nulls); none {
		g.without += matched.Ones()
		return 0
	}
	n := 0
	for i, word := range matched {
		if valid != nil && word != 0 {
			word &= wordAt(valid, start+i<<6)
			g.without += bits.OnesCount64(matched[i] &^ word)
			g.present[i] = word
		}
		n += bits.OnesCount64(word)
	}
	return n
}

// wordAt returns 64 bits of a bitmap from one on; those past its end are 0.
func wordAt(b column.Bitmap, from int) uint64 {
	at, shift := from>>6, from&63
	word := b[at] >> shift
	if shift > 0 && at+1 < len(b) {
		word |= b[at+1] << (64 - shift)
	}
	return word
}

// placesOf notes where the values of the rows are.
func (g *groups) placesOf(start int) {
	g.places = g.places[:0]
	sparse, _ := g.col.(*column.Sparse)
	for i, word := range g.present {
		row := start + i<<6
		switch {
		case word == 0:
			continue
		case sparse != nil:
			valid, rank := wordAt(sparse.Valid, row), sparse.Rank(row)
			for ; word != 0; word &= word - 1 {
				g.places = append(g.places, uint32(rank+bits.OnesCount64(valid&(word&-word-1))))
			}
			continue
		case word == math.MaxUint64:
			for k := range uint32(64) {
				g.places = append(g.places, uint32(row)+k)
			}
			continue
		}
		for ; word != 0; word &= word - 1 {
			g.places = append(g.places, uint32(row+bits.TrailingZeros64(word)))
		}
	}
}

// coded counts strings by their codes.
func (g *groups) coded(codes column.Codes) error {
	switch {
	case codes.U8 != nil:
		return numbers(g, codes.U8)
	case codes.U16 != nil:
		return numbers(g, codes.U16)
	}
	return numbers(g, codes.U32)
}

func (g *groups) integers(c *column.Ints) error {
	switch {
	case c.I8 != nil:
		return numbers(g, c.I8)
	case c.I16 != nil:
		return numbers(g, c.I16)
	case c.I32 != nil:
		return numbers(g, c.I32)
	}
	return numbers(g, c.I64)
}

// numbers counts integers or codes.
func numbers[T uint8 | uint16 | uint32 | int8 | int16 | int32 | int64](g *groups, values []T) error {
	if g.codes != nil {
		codes, least := g.codes, g.least
		for _, at := range g.places {
			codes[int64(values[at])-least]++
		}
		return nil
	}
	for _, at := range g.places {
		if err := g.plus(int64(values[at]), 1); err != nil {
			return err
		}
	}
	return nil
}

// count adds to the number of the value at a place of the column c.
func (g *groups) count(c column.Column, at, n int) error {
	key := int64(0)
	switch c := c.(type) {
	case *column.Texts:
		return g.plusText(c.At(at), n)
	case *column.Strings:
		key = int64(c.Codes.At(at))
	case *column.Bools:
		if c.Bits.Get(at) {
			key = 1
		}
	case *column.Ints:
		key = c.At(at)
	case *column.Timestamps:
		key = c.V[at]
	case *column.Floats:
		key = int64(math.Float64bits(c.V[at] + 0))
	}
	return g.plus(key, n)
}

// plus adds to the number of a key.
func (g *groups) plus(key int64, n int) error {
	if g.codes != nil {
		g.codes[key-g.least] += n
		return nil
	}
	before, known := g.keys[key]
	if !known {
		if g.full(len(g.keys)) {
			return nil
		}
		if err := g.charge(entryBytes); err != nil {
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
		if err := g.charge(entryBytes); err != nil {
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
		if n == 0 {
			continue
		}
		if err := g.plus(other.least+int64(code), n); err != nil {
			return err
		}
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
	g.meter.free(other.held)
	return nil
}

// counts returns the values that were found.
func (g *groups) counts() []exec.ValueCount {
	if g.over.Load() {
		return nil
	}
	var out []exec.ValueCount
	for code, n := range g.codes {
		if n == 0 {
			continue
		}
		out = append(out, exec.ValueCount{Value: g.text(int64(code) + g.least), Count: n})
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
	case *column.Bools:
		return strconv.FormatBool(key == 1)
	case *column.Strings:
		return strings.Clone(c.Dict.At(uint32(key)))
	case *column.Floats:
		return string(column.AppendJSONFloat(nil, math.Float64frombits(uint64(key))))
	case *column.Timestamps:
		return string(column.AppendJSONTime(nil, key))
	}
	return strconv.FormatInt(key, 10)
}
