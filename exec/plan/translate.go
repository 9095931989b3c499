package plan

import (
	"math"

	"github.com/segq/segq/exec/column"
)

// translateBy makes the table from the codes of the column to classes.
func (g *group) translateBy(col column.Column) {
	switch c := col.(type) {
	case *column.Ints:
		switch {
		case c.I8 != nil:
			g.translate = make([]uint8, 1<<8)
			g.between(math.MinInt8, math.MaxInt8, func(key int64) *uint8 { return &g.translate[uint8(key)] })
		case c.I16 != nil:
			g.translate = make([]uint8, 1<<16)
			g.between(math.MinInt16, math.MaxInt16, func(key int64) *uint8 { return &g.translate[uint16(key)] })
		default:
			g.byOrder(c.Order)
		}
	case *column.Strings:
		if c.Codes.U32 != nil {
			g.byHighBits(c.Dict.Len())
			return
		}
		g.translate = make([]uint8, 1<<16)
		g.between(0, int64(c.Dict.Len())-1, func(key int64) *uint8 { return &g.translate[key] })
	case *column.Floats:
		g.byOrder(c.Order)
	case *column.Timestamps:
		g.byOrder(c.Order)
	}
}

// between writes the class of all keys from lo to hi.
func (g *group) between(lo, hi int64, at func(key int64) *uint8) {
	i := 0
	for key := lo; key <= hi; key++ {
		for i+1 < len(g.starts) && g.starts[i+1] <= key {
			i++
		}
		*at(key) = g.class[i]
	}
}

// byOrder makes a table by the codes of an order. Without one every row is looked
// at.
func (g *group) byOrder(o *column.Order) {
	if o == nil {
		g.looks = true
		return
	}
	g.translate = make([]uint8, 1<<16)
	at := 0
	for code, least := range o.Least {
		last := int64(math.MaxInt64)
		if code+1 < len(o.Least) {
			last = o.Least[code+1] - 1
		}
		if !o.Mixed.Get(code) {
			last = least
		}
		g.translate[code], at = g.classBetween(least, last, at)
	}
}

// byHighBits makes a table by the upper 16 bits of codes below n.
func (g *group) byHighBits(n int) {
	for n>>g.shift > 1<<16 {
		g.shift++
	}
	g.translate = make([]uint8, 1<<16)
	at := 0
	for high := range (n-1)>>g.shift + 1 {
		first := int64(high) << g.shift
		g.translate[high], at = g.classBetween(first, first+1<<g.shift-1, at)
	}
}

// classBetween returns the class of all keys from lo to hi, or look, and the segment
// of hi. at is a segment that does not begin above lo.
func (g *group) classBetween(lo, hi int64, at int) (class uint8, last int) {
	for at+1 < len(g.starts) && g.starts[at+1] <= lo {
		at++
	}
	class = g.class[at]
	for at+1 < len(g.starts) && g.starts[at+1] <= hi {
		at++
		if g.class[at] != class {
			class = look
		}
	}
	if class == look {
		g.looks = true
	}
	return class, at
}
