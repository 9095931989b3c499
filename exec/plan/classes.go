package plan

import (
	"math"
	"slices"
	"sort"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/kernel"
)

// A batch asks a popular column hundreds of questions. Between the ends of all
// the spans that they ask for, values are as good as equal: each such segment, or
// all segments that are in the same sets, is a class. The column is turned into
// classes of one byte, once a block, and eight questions at a time are answered by
// looking the class up in a table (kernel.Select8).

// look is what a table says of codes whose class depends on the value itself.
const look = 255

// maxClasses is how many classes the values of a group have at most; null has one
// more.
const maxClasses = 253

// group is some sets of one column that are answered together.
type group struct {
	scope int
	col   column.Column
	// leaves holds the nodes; tables those of eight each.
	leaves []id
	tables [][256]uint8
	// classes is how many there are, null's included, which is null.
	classes int
	null    uint8
	// The bytes of the column are the classes themselves when translate is nil, else
	// they are found by its codes; shift is what is cut off codes of 32 bits.
	translate []uint8
	shift     uint
	// looks says that some codes are in doubt: then starts and class tell the class
	// by the key, class[i] being that of keys from starts[i] on.
	looks  bool
	starts []int64
	class  []uint8
}

// groupsOf makes the groups for the sets of a column.
func groupsOf(nodes []node, scope int, col column.Column, leaves []id) []*group {
	if g := rawBytes(nodes, scope, col, leaves); g != nil {
		return []*group{g}
	}
	d, _ := domain(col)
	s := newSegments(nodes, d, leaves)
	var groups []*group
	for len(leaves) > 0 {
		g := &group{scope: scope, col: col, starts: s.starts}
		leaves = s.fill(g, leaves)
		g.translateBy(col)
		g.answer(nodes, s)
		groups = append(groups, g)
	}
	return groups
}

// rawBytes makes one group of a column whose bytes can be the classes: when there
// is a byte to spare for null. Otherwise it gives nil.
func rawBytes(nodes []node, scope int, col column.Column, leaves []id) *group {
	g := &group{scope: scope, col: col, leaves: leaves, classes: 256}
	var spare bool
	key := func(b uint8) int64 { return int64(b) }
	switch c := col.(type) {
	case *column.Strings:
		if c.Codes.U8 == nil {
			return nil
		}
		spare = c.Dict.Len() < 256
		g.null = uint8(c.Dict.Len())
		g.classes = min(c.Dict.Len()+1, 256)
	case *column.Ints:
		if c.I8 == nil {
			return nil
		}
		key = func(b uint8) int64 { return int64(int8(b)) }
		spare = c.High > c.Low && c.High-c.Low < 255
		g.null = uint8(c.High + 1)
		if spare && c.Low >= 0 {
			g.classes = int(c.High) + 2
		}
	default:
		return nil
	}
	if column.Validity(col) != nil && !spare {
		return nil
	}
	g.tables = make([][256]uint8, (len(leaves)+7)/8)
	for i, leaf := range leaves {
		set, table := &nodes[leaf].set, &g.tables[i/8]
		for b := range g.classes {
			if set.has(key(uint8(b))) {
				table[b] |= 1 << (i % 8)
			}
		}
		if column.Validity(col) == nil {
			continue
		}
		table[g.null] &^= 1 << (i % 8)
		if set.null {
			table[g.null] |= 1 << (i % 8)
		}
	}
	return g
}

// segments is a domain cut at the ends of the spans of some sets.
type segments struct {
	starts []int64
	sides  map[id]side // of each set
}

// side is a set in segments: those that it is made of, or where these are fewer, those that
// it is not made of. Thousands of rules that differ from one value each would otherwise be
// all values of thousands of sets.
type side struct {
	// runs go from the first of each pair to before the second.
	runs    [][2]int
	without bool
}

// sideOf gives the smaller side of runs, which are in order, of n segments.
func sideOf(runs [][2]int, n int) side {
	size, at := 0, 0
	var others [][2]int
	for _, r := range runs {
		size += r[1] - r[0]
		if r[0] > at {
			others = append(others, [2]int{at, r[0]})
		}
		at = r[1]
	}
	if 2*size <= n {
		return side{runs: runs}
	}
	if at < n {
		others = append(others, [2]int{at, n})
	}
	return side{others, true}
}

func newSegments(nodes []node, d span, leaves []id) *segments {
	s := &segments{starts: []int64{d.lo}, sides: make(map[id]side, len(leaves))}
	for _, leaf := range leaves {
		for _, x := range nodes[leaf].set.spans {
			s.starts = append(s.starts, x.lo)
			if x.hi != math.MaxInt64 {
				s.starts = append(s.starts, x.hi+1)
			}
		}
	}
	slices.Sort(s.starts)
	s.starts = slices.Compact(s.starts)
	for _, leaf := range leaves {
		spans := nodes[leaf].set.spans
		pairs := make([][2]int, len(spans))
		for i, x := range spans {
			from, _ := slices.BinarySearch(s.starts, x.lo)
			to := len(s.starts)
			if x.hi != math.MaxInt64 {
				to, _ = slices.BinarySearch(s.starts, x.hi+1)
			}
			pairs[i] = [2]int{from, to}
		}
		s.sides[leaf] = sideOf(pairs, len(s.starts))
	}
	return s
}

// patience is how many sets in a row find no room in a group before it counts as full.
const patience = 64

// fill adds to g as many of leaves as have classes enough, and gives the others.
func (s *segments) fill(g *group, leaves []id) (rest []id) {
	g.class = make([]uint8, len(s.starts))
	classes := 1
	var size, in [256]int
	size[0] = len(s.starts)
	refused := 0
	for i, leaf := range leaves {
		if refused == patience {
			rest = append(rest, leaves[i:]...)
			break
		}
		clear(in[:classes])
		for _, p := range s.sides[leaf].runs {
			for _, c := range g.class[p[0]:p[1]] {
				in[c]++
			}
		}
		// A class is split when some of it is on this side and some is not.
		var split [256]uint8
		next := classes
		for c := range classes {
			if in[c] > 0 && in[c] < size[c] {
				if next < maxClasses {
					split[c] = uint8(next)
				}
				next++
			}
		}
		if next > maxClasses {
			rest = append(rest, leaf)
			refused++
			continue
		}
		refused = 0
		for _, p := range s.sides[leaf].runs {
			for i, c := range g.class[p[0]:p[1]] {
				if n := split[c]; n > 0 {
					g.class[p[0]+i] = n
					size[c]--
					size[n]++
				}
			}
		}
		classes = next
		g.leaves = append(g.leaves, leaf)
	}
	g.null, g.classes = uint8(classes), classes+1
	return rest
}

// answer makes the tables.
func (g *group) answer(nodes []node, s *segments) {
	g.tables = make([][256]uint8, (len(g.leaves)+7)/8)
	for i, leaf := range g.leaves {
		table, bit, own := &g.tables[i/8], uint8(1)<<(i%8), s.sides[leaf]
		if own.without {
			for c := range g.null {
				table[c] |= bit
			}
		}
		for _, p := range own.runs {
			for _, c := range g.class[p[0]:p[1]] {
				if own.without {
					table[c] &^= bit
				} else {
					table[c] |= bit
				}
			}
		}
		if nodes[leaf].set.null {
			table[g.null] |= 1 << (i % 8)
		}
	}
}

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

// classBetween gives the class of all keys from lo to hi, or look, and the segment
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

// segment gives the segment that a key lies in.
func (g *group) segment(key int64) int {
	return max(0, sort.Search(len(g.starts), func(i int) bool { return g.starts[i] > key })-1)
}

// of gives the class of row i.
func (g *group) of(i int) uint8 { return g.class[g.segment(keyAt(g.col, i))] }

// keyAt gives the key of row i of a column of plain values but booleans.
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

// classify gives the classes of rows, in dst unless the column has them already.
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
