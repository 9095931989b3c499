package resident

import (
	"math"
	"math/bits"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// groups counts the values of one column among matching rows. It belongs to the task
// of a partition, or, merged, to all.
type groups struct {
	counter
	col     column.Column
	stored  column.Column // the values of col
	without int
	// present and places are scratch: which rows of a block are counted, and where their values
	// are among those that are stored.
	present column.Bitmap
	places  []uint32
}

// newGroups returns groups without a row, of so many that may be counted.
func newGroups(q *query, rows int) (*groups, error) {
	g := &groups{col: q.by, stored: column.Stored(q.by), counter: counter{meter: &q.meter, most: q.ByMost, over: &q.manyValues}}
	var err error
	switch c := g.stored.(type) {
	case *column.Strings:
		g.kind, g.dict = check.String, c.Dict
		err = g.dense(0, int64(c.Dict.Len()), rows)
	case *column.Texts:
		g.kind = check.String
	case *column.Bools:
		g.kind = check.Bool
		err = g.dense(0, 2, rows)
	case *column.Ints:
		g.kind = check.Int
		least, n := q.integersOf(c)
		err = g.dense(least, n, rows)
	case *column.Floats:
		g.kind = check.Float
	case *column.Timestamps:
		g.kind = check.Timestamp
	}
	return g, err
}

// integersOf returns how many integers there are from the least of a column to the greatest, 0
// where that is beyond an int32. Who asks first looks for them where nobody has.
func (q *query) integersOf(c *column.Ints) (least, n int64) {
	q.bounding.Do(func() {
		least, most := c.Low, c.High
		if least == 0 && most == 0 {
			least, most = boundsOf(c)
		}
		if most >= least && uint64(most-least) < math.MaxInt32 {
			q.bounds = [2]int64{least, most - least + 1}
		}
	})
	return q.bounds[0], q.bounds[1]
}

// boundsOf returns the least and the greatest integer of a column, those of nulls included.
func boundsOf(c *column.Ints) (least, most int64) {
	switch {
	case c.I8 != nil:
		return math.MinInt8, math.MaxInt8
	case c.I16 != nil:
		return extremes(c.I16)
	case c.I32 != nil:
		return extremes(c.I32)
	}
	return extremes(c.I64)
}

func extremes[T int16 | int32 | int64](values []T) (least, most int64) {
	if len(values) == 0 {
		return 0, -1
	}
	low, high := values[0], values[0]
	for _, x := range values {
		low, high = min(low, x), max(high, x)
	}
	return int64(low), int64(high)
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
		return g.ofInts(c)
	case *column.Timestamps:
		return numbers(g, c.V)
	case *column.Floats:
		for _, at := range g.places {
			if err := g.plus(column.FloatKey(c.V[at]), 1); err != nil {
				return err
			}
		}
		return nil
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

func (g *groups) ofInts(c *column.Ints) error {
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
	if c, ok := c.(*column.Texts); ok {
		return g.plusText(c.At(at), n, true)
	}
	return g.plus(keyOf(c, at), n)
}

// keyOf returns the integer that stands for the value at a place of a column.
func keyOf(c column.Column, at int) int64 {
	switch c := c.(type) {
	case *column.Strings:
		return int64(c.Codes.At(at))
	case *column.Bools:
		if c.Bits.Get(at) {
			return 1
		}
	case *column.Ints:
		return c.At(at)
	case *column.Timestamps:
		return c.V[at]
	case *column.Floats:
		return column.FloatKey(c.V[at])
	}
	return 0
}

// merge adds what another partition has counted.
func (g *groups) merge(other *groups) error {
	g.without += other.without
	return g.counter.merge(&other.counter)
}
