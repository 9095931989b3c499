package resident

import (
	"math"
	"math/bits"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// What a summary shows at most.
const (
	topValues = 20
	examples  = 3
)

// tally gathers the values of one query over one partition, or, merged, over all. It does not
// depend on the order: the sum is exact, so that it is the same wherever the table is cut.
type tally struct {
	kind    check.Kind
	present int
	numbers *distribution // of Int, Float and Timestamp, and the sizes of List and Map
	values  *counter      // of the others, nil for an Object
	rows    int           // of the partition
	at      []uint32      // scratch
}

// newTally returns an empty tally of values of a type, for so many rows.
func newTally(t *check.Type, m *meter, rows int) *tally {
	out := &tally{kind: t.Kind, rows: rows}
	switch t.Kind {
	case check.Int, check.Float, check.Timestamp, check.List, check.Map:
		out.numbers = newDistribution(t.Kind, m)
	case check.Object:
	default:
		out.values = &counter{kind: t.Kind, meter: m}
	}
	return out
}

// add takes in the values of a column, those whose bit is set, of nil all; null is none.
func (t *tally) add(c column.Column, wanted column.Bitmap) error {
	t.find(c, wanted)
	t.present += len(t.at)
	if t.numbers != nil {
		t.numbers.add(c, t.at)
		return nil
	}
	switch c := c.(type) {
	case *column.Strings:
		return t.strings(c)
	case *column.Texts:
		for _, i := range t.at {
			if err := t.values.plusText(c.At(int(i)), 1, false); err != nil {
				return err
			}
		}
		return nil
	}
	for _, i := range t.at {
		if err := t.values.plus(keyOf(c, int(i)), 1); err != nil {
			return err
		}
	}
	return nil
}

// find finds the places of the values.
func (t *tally) find(c column.Column, wanted column.Bitmap) {
	t.at = t.at[:0]
	valid := column.Validity(c)
	if _, none := c.(*column.Nulls); none {
		return
	}
	n := c.Len()
	for i := 0; i < n; i += 64 {
		word := ^uint64(0)
		if n-i < 64 {
			word >>= 64 - (n - i)
		}
		if wanted != nil {
			word &= wanted[i>>6]
		}
		if valid != nil {
			word &= valid[i>>6]
		}
		for ; word != 0; word &= word - 1 {
			t.at = append(t.at, uint32(i+bits.TrailingZeros64(word)))
		}
	}
}

// strings counts strings by the codes of the dictionary that came first, and by their texts where
// there is another one.
func (t *tally) strings(c *column.Strings) error {
	if t.values.dict == nil {
		t.values.dict = c.Dict
		if err := t.values.dense(0, int64(c.Dict.Len()), t.rows); err != nil {
			return err
		}
	}
	for _, i := range t.at {
		code := c.Codes.At(int(i))
		var err error
		switch {
		case c.Dict != t.values.dict:
			err = t.values.plusText(c.Dict.At(code), 1, false)
		case t.values.codes != nil:
			t.values.codes[code]++
		default:
			err = t.values.plus(int64(code), 1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// merge adds what another partition has gathered, which is settled.
func (t *tally) merge(other *tally) error {
	t.present += other.present
	switch {
	case t.numbers != nil:
		t.numbers.merge(other.numbers)
	case t.values != nil:
		if t.values.dict != other.values.dict {
			if err := t.values.spell(); err != nil {
				return err
			}
			if err := other.values.spell(); err != nil {
				return err
			}
		}
		return t.values.merge(other.values)
	}
	return nil
}

// describe returns the summary.
func (t *tally) describe() (*exec.Values, error) {
	v := &exec.Values{
		Present: t.present, Sizes: t.kind == check.List || t.kind == check.Map,
		Numeric: t.numbers != nil && t.kind != check.Timestamp, Times: t.kind == check.Timestamp,
	}
	switch {
	case t.numbers != nil:
		t.numbers.describe(v)
	case t.values != nil:
		if t.values.texts.used > 0 {
			if err := t.values.spell(); err != nil {
				return nil, err
			}
		}
		v.Top, v.Distinct = t.values.top(topValues)
	}
	return v, nil
}

// describe fills in the figures.
func (d *distribution) describe(v *exec.Values) {
	if v.Infinite = d.infinite; d.n == 0 {
		return
	}
	v.Min, v.Max = d.min, d.max
	v.Quantiles = d.quantiles()
	v.Bins = d.bins(v.Quantiles)
	sum := d.sum.Value()
	v.Average = sum / float64(d.n)
	if v.Times {
		v.Average = math.Floor(v.Average)
		v.Top, v.Distinct = d.top(topValues)
		return
	}
	v.Sum = sum
}
