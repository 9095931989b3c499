package column

import "math/bits"

// Sparse is a column of plain values most of whose rows are null: Values holds the values of
// the others, one after another, none of them null and at least one.
type Sparse struct {
	Valid Bitmap
	// Before is how many values there are before each block of [SparseBlock] rows, the first
	// of which is 0.
	Before []uint32
	Values Column
	N      int
}

// SparseBlock is the number of rows for each of which a [Sparse] knows where their values begin.
const SparseBlock = 512

func (*Sparse) column() {}

// Len is the number of rows.
func (c *Sparse) Len() int { return c.N }

// Null says whether row i has no value.
func (c *Sparse) Null(i int) bool { return !c.Valid.Get(i) }

// Rank returns the number of values that the rows before i have, for i up to N: where the value
// of row i is in Values, if it has one.
func (c *Sparse) Rank(i int) int {
	if i == c.N {
		return c.Values.Len()
	}
	word := i >> 6
	n := int(c.Before[i/SparseBlock])
	for _, w := range c.Valid[i/SparseBlock*(SparseBlock/64) : word] {
		n += bits.OnesCount64(w)
	}
	return n + bits.OnesCount64(c.Valid[word]&(1<<(i&63)-1))
}

// Places fills places with where the values of rows are in Values: of those from start on, or, where
// rows is not nil, of those. A null row has a place that is there.
func (c *Sparse) Places(places []uint32, start int, rows []uint32) {
	last := c.Values.Len() - 1
	if rows != nil {
		for i := range places {
			places[i] = uint32(min(c.Rank(int(rows[i])), last))
		}
		return
	}
	next := c.Rank(start)
	for i := range places {
		places[i] = uint32(min(next, last))
		if c.Valid.Get(start + i) {
			next++
		}
	}
}

// newSparse returns a column of n rows, of which valid have values.
func newSparse(valid Bitmap, n int, values Column) *Sparse {
	c := &Sparse{Valid: valid, Before: make([]uint32, (n+SparseBlock-1)/SparseBlock), Values: values, N: n}
	at := 0
	for i := range c.Before {
		c.Before[i] = uint32(at)
		at += valid[i*(SparseBlock/64) : min((i+1)*(SparseBlock/64), len(valid))].Ones()
	}
	return c
}
