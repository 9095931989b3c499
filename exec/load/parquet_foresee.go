package load

import (
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load/parquet"
)

// foresee tells the meter about what the file will take, by its footer, for the case that
// it is too much. Nothing is refused for it, as the footer may lie.
func (r *groups) foresee(size int64) {
	columns, most := int64(0), int64(0)
	for i, leaf := range r.plans[0].leaves {
		column, beside := int64(0), int64(0)
		for g := range r.plans {
			c := r.plans[g].leaves[i].chunk
			if c.Values < 0 || c.Unpacked < 0 || c.Values > 1<<32 || c.Unpacked > 1<<40 {
				return
			}
			held, meanwhile := leaf.foreseen(c)
			column, beside = column+held, beside+meanwhile
		}
		columns, most = columns+column, max(most, beside)
	}
	m := &r.loader.meter
	all := float64(columns) * max(1, float64(m.total)/float64(max(size, 1)))
	m.foreseen.Store(m.used.Load() + int64(all) + most)
}

// kept returns about what a column chunk will hold once all of its column is read: less where it
// is mostly null.
func (f *leafPlan) kept(c *parquet.Column) int64 {
	held, _ := f.foreseen(c)
	if few := column.Kept(held, c.Values, c.Values-c.Nulls); c.Nulls >= 0 && f.maxRep == 0 {
		return few
	}
	return held
}

// foreseen returns about what a column chunk will hold, and what is needed beside it for as
// long as it is read.
func (f *leafPlan) foreseen(c *parquet.Column) (held, meanwhile int64) {
	switch f.node.seen {
	case kindBool:
		held = c.Values / 8
	case kindInt:
		low, high, ok := c.Bounds()
		if held = c.Values * 4; ok {
			held = c.Values * int64(intBytes(low, high))
		}
	case kindFloat, kindInstant:
		held = c.Values * wideBytes
	case kindString:
		if held = c.Values * 2; !c.Dictionary() {
			held = c.Unpacked + 4*c.Values // text, and where it ends
			meanwhile = c.Unpacked         // of a row group, before it is in its place
		}
	}
	if f.maxRep > 0 {
		held += c.Values / 8 // for what is null
	}
	if !f.canDirect() {
		meanwhile = 12 * c.Values
	}
	return held, meanwhile
}
