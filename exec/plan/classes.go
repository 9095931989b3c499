package plan

import "github.com/segq/segq/exec/column"

// A batch asks a popular column hundreds of questions. Between the ends of all the
// spans that they ask for, values are as good as equal: each such segment, or all
// segments that are in the same sets, is a class. The column is turned into classes of
// one byte, once a block, and eight questions at a time are answered by looking the
// class up in a table (kernel.Select8).
//
// The stages, in the order in which a plan goes through them:
//
//	groupsOf     the sets of one column → groups of sets that share their classes
//	newSegments  the ends of all spans cut the domain into segments (segments.go)
//	fill         a group takes sets in, each of which may split classes in two
//	translateBy  a table from the codes of the column to classes (translate.go)
//	answer       tables from classes to the answers of eight sets each
//
// and, for each block of rows:
//
//	classify     the codes of the rows → their classes (classify.go)
//
// A class is a byte:
//
//	0 … classes-2  the classes of values, at most maxClasses of them
//	classes-1      null, whose class is group.null
//	255            look: the code does not decide, the value itself has to be looked at
//
// (254 stays free.) Where a column has bytes to spare, they are the classes themselves,
// and there are no segments (rawBytes).

// look is what a translation says of codes whose class depends on the value itself.
const look = 255

// maxClasses is how many classes the values of a group have at most, so that null's and
// look fit into the byte too.
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

// patience is how many sets in a row find no room in a group before it counts as full.
const patience = 64

// fill adds to g as many of leaves as have classes enough, and gives the others.
func (s *segments) fill(g *group, leaves []id) (rest []id) {
	g.class = make([]uint8, len(s.starts))
	p := &partition{class: g.class, classes: 1}
	p.size[0] = len(s.starts)
	refused := 0
	for i, leaf := range leaves {
		if refused == patience {
			rest = append(rest, leaves[i:]...)
			break
		}
		if !p.refine(s.sides[leaf].runs) {
			rest = append(rest, leaf)
			refused++
			continue
		}
		refused = 0
		g.leaves = append(g.leaves, leaf)
	}
	g.null, g.classes = uint8(p.classes), p.classes+1
	return rest
}

// partition is how segments fall into classes while sets are taken in.
type partition struct {
	class   []uint8  // by segment
	size    [256]int // segments, by class
	classes int
	in      [256]int // scratch: segments of the runs at hand, by class
}

// refine splits the classes that lie partly in the runs and partly outside, so that every
// class is on one side. When there would be too many it changes nothing and gives false.
func (p *partition) refine(runs [][2]int) bool {
	clear(p.in[:p.classes])
	for _, r := range runs {
		for _, c := range p.class[r[0]:r[1]] {
			p.in[c]++
		}
	}
	var split [256]uint8 // the new class of what is inside, 0 for no change
	next := p.classes
	for c := range p.classes {
		if p.in[c] == 0 || p.in[c] == p.size[c] {
			continue
		}
		if next == maxClasses {
			return false
		}
		split[c] = uint8(next)
		next++
	}
	for _, r := range runs {
		for i, c := range p.class[r[0]:r[1]] {
			if n := split[c]; n > 0 {
				p.class[r[0]+i] = n
				p.size[c]--
				p.size[n]++
			}
		}
	}
	p.classes = next
	return true
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
