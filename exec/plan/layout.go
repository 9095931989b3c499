package plan

import (
	"cmp"
	"slices"

	"github.com/segq/segq/exec/column"
)

// From the graph follows what is done for each block, in order: first the groups
// and single sets of columns, then what joins them. Every bitmap that somebody
// reads has a slot among those of its scope.

// The two slots that every scope has.
const (
	slotNone = 0 // all zeros
	slotAll  = 1 // ones for all positions
)

// step computes one or some nodes for a block; exactly one of its parts counts.
type step struct {
	group *group
	// node is computed alone, by its op; the operands of And and Or are nodes, the
	// first ands, the next nots and the last ors of them, as kernel.Combine takes
	// them.
	node            id
	operands        []id
	ands, nots, ors int
	// fold holds nodes of opAtLeast over the same operand, fewest first.
	fold []id
}

// layout is the order of steps and the places of bitmaps.
type layout struct {
	steps []step
	// slot is the place of a node's bitmap among those of its scope, 0 for none;
	// slots is how many a scope has.
	slot  []int32
	slots []int
	// counted holds the nodes whose ones are counted.
	counted []bool
	leaves  []leaf // by node
}

// layouter makes a layout.
type layouter struct {
	*layout
	p     *Plan
	bits  []bool // somebody reads the node's bitmap
	seen  []bool
	users []int32
	fused []bool // the node is computed by the one that uses it
}

func (p *Plan) lay() {
	n := len(p.nodes)
	l := &layouter{
		layout: &layout{slot: make([]int32, n), slots: make([]int, len(p.scopes)), counted: make([]bool, n), leaves: make([]leaf, n)},
		p:      p, bits: make([]bool, n), seen: make([]bool, n), users: make([]int32, n), fused: make([]bool, n),
	}
	for s := range l.slots {
		l.slots[s] = 2
	}
	for _, r := range p.roots {
		if p.nodes[r].op == opNot && !p.nodes[r].slow {
			r = p.nodes[r].args[0]
		}
		l.want(r, false)
		l.counted[r] = true
	}
	l.fuse()
	l.readColumns()
	l.join()
	p.layout = l.layout
}

// want marks a node as needed, and its bitmap when somebody reads that.
func (l *layouter) want(n id, bits bool) {
	l.users[n]++
	l.bits[n] = l.bits[n] || bits
	if l.seen[n] {
		return
	}
	l.seen[n] = true
	x := &l.p.nodes[n]
	for _, a := range x.args {
		if x.op == opAnd && !x.slow && l.p.nodes[a].op == opNot {
			a = l.p.nodes[a].args[0]
		}
		l.want(a, true)
	}
}

// fuse lets an Or compute one And among its operands that nobody else uses.
func (l *layouter) fuse() {
	for i := range l.p.nodes {
		n := &l.p.nodes[i]
		if !l.seen[i] || n.op != opOr || n.slow {
			continue
		}
		for _, a := range n.args {
			if l.p.nodes[a].op == opAnd && l.users[a] == 1 && !l.counted[a] {
				l.fused[a] = true
				l.bits[a] = false
				break
			}
		}
	}
}

// take gives a node a slot of its scope.
func (l *layouter) take(n id) {
	s := l.p.nodes[n].scope
	l.slot[n] = int32(l.slots[s])
	l.slots[s]++
}

// How many sets of a column it takes until classes pay: fewer for columns whose
// bytes are classes already.
const (
	groupBytes = 4
	groupWide  = 8
)

// readColumns makes the steps that read columns: the sets of one column together
// where they are many, or where no kernel answers one of them alone.
func (l *layouter) readColumns() {
	type place struct {
		scope int
		col   column.Column
	}
	sets := map[place][]id{}
	var places []place
	for i := range l.p.nodes {
		n := &l.p.nodes[i]
		switch {
		case !l.seen[i]:
		case n.op == opSet:
			at := place{n.scope, n.col}
			if len(sets[at]) == 0 {
				places = append(places, at)
			}
			sets[at] = append(sets[at], id(i))
		case n.op == opValid:
			l.take(id(i))
			l.steps = append(l.steps, step{node: id(i)})
		}
	}
	for _, at := range places {
		l.readColumn(at.scope, at.col, sets[at])
	}
}

func (l *layouter) readColumn(scope int, col column.Column, sets []id) {
	least := groupWide
	if width(col) == 1 {
		least = groupBytes
	}
	_, bools := col.(*column.Bools)
	grouped := make([]id, 0, len(sets))
	for _, n := range sets {
		l.leaves[n] = newLeaf(&l.p.nodes[n])
		if !bools && (len(sets) >= least || l.leaves[n].kernel == byClass) {
			l.leaves[n].kernel = byClass
			grouped = append(grouped, n)
			continue
		}
		l.take(n)
		l.steps = append(l.steps, step{node: n})
	}
	if len(grouped) == 0 {
		return
	}
	for _, g := range groupsOf(l.p.nodes, scope, col, grouped) {
		for i, n := range g.leaves {
			l.take(n)
			if i == len(g.leaves)-1 {
				// Eight bitmaps are always written.
				l.slots[scope] += (8 - len(g.leaves)%8) % 8
			}
		}
		l.steps = append(l.steps, step{group: g})
	}
}

// join makes the steps that join what was read, operands before those who use
// them.
func (l *layouter) join() {
	folds := map[[3]int]int{} // by operand and scopes: the step
	for i := range l.p.nodes {
		n := &l.p.nodes[i]
		if !l.seen[i] || n.slow || l.fused[i] {
			continue
		}
		switch n.op {
		case opAnd, opOr:
			if l.bits[i] {
				l.take(id(i))
			}
			l.steps = append(l.steps, l.connective(id(i)))
		case opNot, opSpread:
			l.take(id(i))
			l.steps = append(l.steps, step{node: id(i)})
		case opAtLeast:
			l.take(id(i))
			key := [3]int{int(n.args[0]), n.from, n.scope}
			at, ok := folds[key]
			if !ok {
				at = len(l.steps)
				folds[key] = at
				l.steps = append(l.steps, step{})
			}
			l.steps[at].fold = append(l.steps[at].fold, id(i))
		}
	}
	for _, at := range folds {
		slices.SortFunc(l.steps[at].fold, func(a, b id) int { return cmp.Compare(l.p.nodes[a].least, l.p.nodes[b].least) })
	}
}

// connective gives the step of an And or Or.
func (l *layouter) connective(i id) step {
	n := &l.p.nodes[i]
	s := step{node: i}
	if n.op == opAnd {
		s.conjunction(l.p, n)
		return s
	}
	rest := n.args
	for k, a := range n.args {
		if l.fused[a] {
			s.conjunction(l.p, &l.p.nodes[a])
			rest = slices.Concat(n.args[:k], n.args[k+1:])
			break
		}
	}
	if s.ands == 0 {
		s.operands, s.ands, rest = append(s.operands, rest[0]), 1, rest[1:]
	}
	s.operands, s.ors = append(s.operands, rest...), len(rest)
	return s
}

// conjunction adds the operands of an And.
func (s *step) conjunction(p *Plan, n *node) {
	var nots []id
	for _, a := range n.args {
		if x := &p.nodes[a]; x.op == opNot {
			nots = append(nots, x.args[0])
			continue
		}
		s.operands = append(s.operands, a)
	}
	if len(s.operands) == 0 {
		s.operands = append(s.operands, always)
	}
	s.ands, s.nots = len(s.operands), len(nots)
	s.operands = append(s.operands, nots...)
}
