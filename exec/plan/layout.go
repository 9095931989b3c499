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
	// node is computed alone, by its op.
	node id
	// fold holds nodes of opAtLeast over the same operand, fewest first.
	fold    []id
	program *program
}

// program is connectives on one scope, computed one after another.
type program struct {
	scope int
	joins []join
	// first is the index of the ones of the first among all that are counted.
	first int
}

// join is a connective: the first ands of its operands hold, none of the next nots,
// or else one of the others.
type join struct {
	node       id // whose slot it fills, if that has one
	operands   []id
	ands, nots int
}

// layout is the order of steps and the places of bitmaps.
type layout struct {
	steps []step
	// slot is the place of a node's bitmap among those of its scope, 0 for none;
	// slots is how many a scope has.
	slot  []int32
	slots []int
	// ones is the index of a node's number of ones, -1 for none; counted is how many
	// there are.
	ones    []int32
	counted int
	leaves  []leaf // by node
	// counters says how rules that kernels answer alone are counted.
	counters []counter
}

// counter says that a rule holds for as many rows as a node has ones, or, negated,
// for all others.
type counter struct {
	rule, ones int32
	negated    bool
}

// layouter makes a layout.
type layouter struct {
	*layout
	p     *Plan
	bits  []bool // somebody reads the node's bitmap
	seen  []bool
	users []int32
	roots []bool // somebody counts the node's ones
	fused []bool // the node is computed by the one that uses it
	stage []int  // how many passages between scopes come before
}

func (p *Plan) lay() {
	n := len(p.nodes)
	l := &layouter{
		layout: &layout{slot: make([]int32, n), slots: make([]int, len(p.scopes)), ones: make([]int32, n), leaves: make([]leaf, n)},
		p:      p, bits: make([]bool, n), seen: make([]bool, n), users: make([]int32, n), roots: make([]bool, n), fused: make([]bool, n), stage: make([]int, n),
	}
	for i := range l.ones {
		l.ones[i] = -1
	}
	for s := range l.slots {
		l.slots[s] = 2
	}
	for _, r := range p.roots {
		if p.nodes[r].op == opNot && !p.nodes[r].slow {
			r = p.nodes[r].args[0]
		}
		l.want(r, p.shown)
		l.roots[r] = !p.nodes[r].slow
	}
	l.fuse()
	l.readColumns()
	l.join()
	l.count()
	for rule, r := range p.roots {
		n := &p.nodes[r]
		switch {
		case n.slow:
		case n.op == opNot:
			l.counters = append(l.counters, counter{int32(rule), l.ones[n.args[0]], true})
		default:
			l.counters = append(l.counters, counter{int32(rule), l.ones[r], false})
		}
	}
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
			if l.p.nodes[a].op == opAnd && l.users[a] == 1 && !l.roots[a] {
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
		case n.op == opValid, n.op == opText && !n.slow:
			l.take(id(i))
			l.steps = append(l.steps, step{node: id(i)})
		}
	}
	l.hashTexts()
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
// them: stage by stage first the passages between scopes, then the connectives of
// each scope.
func (l *layouter) join() {
	stages := 0
	for i := range l.p.nodes {
		n := &l.p.nodes[i]
		if n.slow {
			continue
		}
		for _, a := range n.args {
			l.stage[i] = max(l.stage[i], l.stage[a])
		}
		if !l.seen[i] {
			continue // but its operand may be read in its stead
		}
		if n.op == opNot || n.op == opSpread || n.op == opExpand || n.op == opAtLeast {
			l.stage[i]++
		}
		stages = max(stages, l.stage[i]+1)
	}
	byStage := make([][]id, stages)
	for i := range l.p.nodes {
		if l.seen[i] && !l.p.nodes[i].slow && !l.fused[i] {
			byStage[l.stage[i]] = append(byStage[l.stage[i]], id(i))
		}
	}
	for _, nodes := range byStage {
		l.passages(nodes)
		for scope := range l.p.scopes {
			l.connectives(scope, nodes)
		}
	}
}

// passages makes the steps of a stage that are no connectives. The numbers that
// are asked of one list are found together.
func (l *layouter) passages(nodes []id) {
	folds := map[[3]int]int{} // by operand and scopes: the step
	for _, i := range nodes {
		n := &l.p.nodes[i]
		switch n.op {
		case opNot, opSpread, opExpand:
			l.take(i)
			l.steps = append(l.steps, step{node: i})
		case opAtLeast:
			l.take(i)
			key := [3]int{int(n.args[0]), n.from, n.scope}
			at, ok := folds[key]
			if !ok {
				at = len(l.steps)
				folds[key] = at
				l.steps = append(l.steps, step{})
			}
			l.steps[at].fold = append(l.steps[at].fold, i)
		}
	}
	for _, at := range folds {
		slices.SortFunc(l.steps[at].fold, func(a, b id) int { return cmp.Compare(l.p.nodes[a].least, l.p.nodes[b].least) })
	}
}

// connectives makes the program of a stage for one scope.
func (l *layouter) connectives(scope int, nodes []id) {
	p := &program{scope: scope, first: l.counted}
	for _, i := range nodes {
		n := &l.p.nodes[i]
		if n.scope != scope || n.op != opAnd && n.op != opOr {
			continue
		}
		if l.bits[i] {
			l.take(i)
		}
		p.joins = append(p.joins, l.connective(i))
		l.ones[i] = int32(l.counted)
		l.counted++
	}
	if len(p.joins) > 0 {
		l.steps = append(l.steps, step{program: p})
	}
}

// count makes the program that counts the roots that are no connectives.
func (l *layouter) count() {
	p := &program{first: l.counted}
	for i, root := range l.roots {
		if root && l.ones[i] < 0 {
			p.joins = append(p.joins, join{node: never, operands: []id{id(i)}, ands: 1})
			l.ones[i] = int32(l.counted)
			l.counted++
		}
	}
	if len(p.joins) > 0 {
		l.steps = append(l.steps, step{program: p})
	}
}

// connective returns the join of an And or Or.
func (l *layouter) connective(i id) join {
	n := &l.p.nodes[i]
	j := join{node: i}
	if n.op == opAnd {
		j.conjunction(l.p, n)
		return j
	}
	rest := n.args
	for k, a := range n.args {
		if l.fused[a] {
			j.conjunction(l.p, &l.p.nodes[a])
			rest = slices.Concat(n.args[:k], n.args[k+1:])
			break
		}
	}
	if j.ands == 0 {
		j.operands, j.ands, rest = append(j.operands, rest[0]), 1, rest[1:]
	}
	j.operands = append(j.operands, rest...)
	return j
}

// conjunction adds the operands of an And.
func (j *join) conjunction(p *Plan, n *node) {
	var nots []id
	for _, a := range n.args {
		if x := &p.nodes[a]; x.op == opNot {
			nots = append(nots, x.args[0])
			continue
		}
		j.operands = append(j.operands, a)
	}
	if len(j.operands) == 0 {
		j.operands = append(j.operands, always)
	}
	j.ands, j.nots = len(j.operands), len(nots)
	j.operands = append(j.operands, nots...)
}
