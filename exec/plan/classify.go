package plan

import (
	"sort"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/kernel"
)

// segment returns the segment that a key lies in.
func (g *group) segment(key int64) int {
	return max(0, sort.Search(len(g.starts), func(i int) bool { return g.starts[i] > key })-1)
}

// of returns the class of row i.
func (g *group) of(i int) uint8 { return g.class[g.segment(keyAt(g.col, i))] }

// keyAt returns the key of row i of a column of plain values but booleans.
func keyAt(c column.Column, i int) int64 {
	switch c := c.(type) {
	case *column.Ints:
		return c.At(i)
	case *column.Timestamps:
		return c.V[i]
	case *column.Floats:
		return column.FloatKey(c.V[i])
	case *column.Strings:
		return int64(c.Codes.At(i))
	}
	panic("plan: a column without keys")
}

// classify returns the classes of rows, in dst unless the column has them already.
// Null rows have that of zero. looked is scratch of a bit a row.
func (g *group) classify(dst []uint8, looked []uint64, rows column.Range) []uint8 {
	a, b := rows.Start, rows.End
	dst = dst[:b-a]
	switch c := g.col.(type) {
	case *column.Ints:
		switch {
		case c.I8 != nil && g.translate == nil:
			return unsigned8(c.I8[a:b])
		case c.I8 != nil:
			kernel.Translate(dst, unsigned8(c.I8[a:b]), g.translate)
		case c.I16 != nil:
			kernel.TranslateUint16(dst, unsigned16(c.I16[a:b]), (*[1 << 16]uint8)(g.translate))
		default:
			g.classifyOrdered(dst, c.Order, a, b)
		}
	case *column.Strings:
		switch {
		case c.Codes.U8 != nil && g.translate == nil:
			return c.Codes.U8[a:b]
		case c.Codes.U8 != nil:
			kernel.Translate(dst, c.Codes.U8[a:b], g.translate)
		case c.Codes.U16 != nil:
			kernel.TranslateUint16(dst, c.Codes.U16[a:b], (*[1 << 16]uint8)(g.translate))
		default:
			kernel.TranslateShifted(dst, c.Codes.U32[a:b], g.shift, g.translate)
		}
	case *column.Floats:
		g.classifyOrdered(dst, c.Order, a, b)
	case *column.Timestamps:
		g.classifyOrdered(dst, c.Order, a, b)
	}
	if g.looks && g.translate != nil {
		kernel.RangeUint8(looked, dst, look, look)
		each(looked[:(b-a+63)>>6], func(i int) { dst[i] = g.of(a + i) })
	}
	return dst
}

func (g *group) classifyOrdered(dst []uint8, o *column.Order, a, b int) {
	if o != nil {
		kernel.TranslateUint16(dst, o.Codes[a:b], (*[1 << 16]uint8)(g.translate))
		return
	}
	for i := range dst {
		dst[i] = g.of(a + i)
	}
}
