package plan

import (
	"math"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/kernel"
)

// method is how one set of a column is answered alone.
type method uint8

const (
	byBits   method = iota // from the two bitmaps of a Bools
	byValid                // all values: validity
	byRange                // one span
	byTable                // bytes, looked up in a set of 256
	byMember               // codes of 32 bits, looked up in a bitmap
	byOrder                // one span of an ordered column
	byClass                // none of these: as a member of a group
	byHash                 // of texts: by the hashes of the rows
)

// String names the method in explanations.
func (m method) String() string {
	return [...]string{"bits", "validity", "range", "set", "set", "codes", "classes", "texts"}[m]
}

// leaf is what is known beforehand for reading one set alone.
type leaf struct {
	kernel method
	bytes  *[4]uint64
	member column.Bitmap
	// Of an ordered column: the codes that are in the set for certain, and those
	// for which the value has to be looked at.
	lo, hi int
	doubt  []uint16
	// without says that the kernel answers for the complement, for the sake of
	// not-a-number.
	without bool
	span    span
}

func newLeaf(n *node) leaf {
	d, _ := domain(n.col)
	spans := n.set.spans
	switch c := n.col.(type) {
	case *column.Bools:
		return leaf{kernel: byBits}
	case *column.Ints:
		if c.I8 != nil && len(spans) != 1 {
			return leaf{kernel: byTable, bytes: bytesOf(&n.set, func(b uint8) int64 { return int64(int8(b)) })}
		}
	case *column.Strings:
		if len(spans) != 1 && c.Codes.U8 != nil {
			return leaf{kernel: byTable, bytes: bytesOf(&n.set, func(b uint8) int64 { return int64(b) })}
		}
		if len(spans) != 1 && c.Codes.U32 != nil {
			return leaf{kernel: byMember, member: bitmapOf(spans, c.Dict.Len())}
		}
	}
	switch {
	case len(spans) == 1 && spans[0] == d, len(spans) == 0:
		return leaf{kernel: byValid}
	case len(spans) > 1:
		return leaf{kernel: byClass}
	}
	if o := orderOf(n.col); o != nil {
		return orderLeaf(o, spans[0])
	}
	l := leaf{kernel: byRange, span: spans[0]}
	if _, ok := n.col.(*column.Floats); ok && l.span.hi == column.NaNKey {
		// Beyond the lower end lies all but not-a-number.
		l.without, l.span = true, span{math.MinInt64, l.span.lo - 1}
	}
	return l
}

func orderOf(c column.Column) *column.Order {
	switch c := c.(type) {
	case *column.Ints:
		return c.Order
	case *column.Floats:
		return c.Order
	case *column.Timestamps:
		return c.Order
	}
	return nil
}

// orderLeaf finds the codes of the keys in s.
func orderLeaf(o *column.Order, s span) leaf {
	l := leaf{kernel: byOrder, span: s, lo: o.Bucket(s.lo), hi: o.Bucket(s.hi)}
	if l.lo < 0 || o.Least[l.lo] != s.lo {
		if l.lo >= 0 && o.Mixed.Get(l.lo) {
			l.doubt = append(l.doubt, uint16(l.lo))
		}
		l.lo++
	}
	whole := l.hi >= 0 && l.hi+1 < len(o.Least) && o.Least[l.hi+1]-1 == s.hi
	if l.hi >= 0 && !whole && o.Mixed.Get(l.hi) {
		if len(l.doubt) == 0 || l.doubt[0] != uint16(l.hi) {
			l.doubt = append(l.doubt, uint16(l.hi))
		}
		l.hi--
	}
	return l
}

func bytesOf(set *valueSet, key func(uint8) int64) *[4]uint64 {
	var out [4]uint64
	for b := range 256 {
		if set.has(key(uint8(b))) {
			out[b>>6] |= 1 << (b & 63)
		}
	}
	return &out
}

func bitmapOf(spans []span, n int) column.Bitmap {
	b := column.NewBitmap(n)
	for _, s := range spans {
		for code := s.lo; code <= s.hi; code++ {
			b.Set(int(code))
		}
	}
	return b
}

// read computes a set alone over rows of its column; looked is scratch.
func (e *Evaluator) read(n *node, l *leaf, dst []uint64, rows column.Range) {
	a, b := rows.Start, rows.End
	switch l.kernel {
	case byBits:
		e.readBools(n, dst, rows)
		return
	case byTable:
		if c, ok := n.col.(*column.Ints); ok {
			kernel.MemberUint8(dst, unsigned8(c.I8[a:b]), l.bytes)
		} else {
			kernel.MemberUint8(dst, n.col.(*column.Strings).Codes.U8[a:b], l.bytes)
		}
	case byMember:
		kernel.Member(dst, n.col.(*column.Strings).Codes.U32[a:b], l.member)
	case byOrder:
		e.readOrdered(n, l, dst, rows)
	case byRange:
		readRange(n.col, l.span, dst, a, b)
		if l.without {
			kernel.Not(dst, dst, b-a)
		}
	}
	e.settleNulls(n, dst, rows, l.kernel == byValid)
}

// readBools puts together what is asked of true, false and null.
func (e *Evaluator) readBools(n *node, dst []uint64, rows column.Range) {
	c := n.col.(*column.Bools)
	kernel.Extract(dst, c.Bits, rows.Start, rows.Rows())
	isTrue, isFalse := n.set.has(1), n.set.has(0)
	switch {
	case isTrue && isFalse:
		kernel.Fill(dst, rows.Rows())
	case isFalse:
		kernel.Not(dst, dst, rows.Rows())
	case !isTrue:
		clear(dst)
	}
	e.settleNulls(n, dst, rows, false)
}

// settleNulls makes right what a kernel says of null rows, whose slots hold zero;
// whole says that it says nothing yet, and that all values are in the set.
func (e *Evaluator) settleNulls(n *node, dst []uint64, rows column.Range, whole bool) {
	valid := column.Validity(n.col)
	switch {
	case whole && len(n.set.spans) == 0:
		clear(dst)
	case whole:
		kernel.Fill(dst, rows.Rows())
	}
	if valid == nil {
		return
	}
	zero := n.set.has(0)
	if zero == n.set.null {
		return
	}
	mask := e.validIn(valid, rows)
	if zero {
		kernel.And(dst, mask)
		return
	}
	for i := range dst {
		dst[i] |= ^mask[i]
	}
	if r := rows.Rows() & 63; r != 0 {
		dst[len(dst)-1] &= 1<<r - 1
	}
}

// validIn returns the part of a validity bitmap that belongs to rows. It is valid
// until the next call; bits past the rows are of no interest.
func (e *Evaluator) validIn(valid column.Bitmap, rows column.Range) []uint64 {
	words := (rows.Rows() + 63) >> 6
	if rows.Start&63 == 0 {
		return valid[rows.Start>>6:][:words]
	}
	e.valid = sized(e.valid, words)
	kernel.Extract(e.valid, valid, rows.Start, rows.Rows())
	return e.valid
}

// readOrdered compares codes, and the values where these leave a doubt.
func (e *Evaluator) readOrdered(n *node, l *leaf, dst []uint64, rows column.Range) {
	codes := orderOf(n.col).Codes[rows.Start:rows.End]
	clear(dst)
	if l.lo <= l.hi {
		kernel.Range(dst, codes, uint16(l.lo), uint16(l.hi))
	}
	for _, code := range l.doubt {
		e.looked = sized(e.looked, len(dst))
		kernel.Range(e.looked, codes, code, code)
		each(e.looked, func(i int) {
			if k := keyAt(n.col, rows.Start+i); k >= l.span.lo && k <= l.span.hi {
				dst[i>>6] |= 1 << (i & 63)
			}
		})
	}
}

// readRange compares values with the ends of a span.
func readRange(col column.Column, s span, dst []uint64, a, b int) {
	switch c := col.(type) {
	case *column.Ints:
		switch {
		case c.I8 != nil:
			kernel.RangeInt8(dst, c.I8[a:b], int8(s.lo), int8(s.hi))
		case c.I16 != nil:
			kernel.Range(dst, c.I16[a:b], int16(s.lo), int16(s.hi))
		case c.I32 != nil:
			kernel.Range(dst, c.I32[a:b], int32(s.lo), int32(s.hi))
		default:
			kernel.Range(dst, c.I64[a:b], s.lo, s.hi)
		}
	case *column.Timestamps:
		kernel.Range(dst, c.V[a:b], s.lo, s.hi)
	case *column.Floats:
		kernel.RangeFloat(dst, c.V[a:b], floatOf(s.lo), floatOf(s.hi))
	case *column.Strings:
		switch {
		case c.Codes.U8 != nil:
			kernel.RangeUint8(dst, c.Codes.U8[a:b], uint8(s.lo), uint8(s.hi))
		case c.Codes.U16 != nil:
			kernel.Range(dst, c.Codes.U16[a:b], uint16(s.lo), uint16(s.hi))
		default:
			kernel.Range(dst, c.Codes.U32[a:b], uint32(s.lo), uint32(s.hi))
		}
	}
}

// floatOf returns the float of a key; keys of no float give the nearest infinity.
func floatOf(key int64) float64 {
	f := math.Float64frombits(uint64(key ^ int64(uint64(key>>63)>>1)))
	switch {
	case f == f:
		return f
	case key < 0:
		return math.Inf(-1)
	}
	return math.Inf(1)
}
