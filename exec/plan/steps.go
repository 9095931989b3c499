package plan

import (
	"math"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/kernel"
)

// step does one step for the block.
func (e *Evaluator) step(i int) {
	s := &e.plan.layout.steps[i]
	switch {
	case s.group != nil:
		e.readGroup(s.group)
	case s.fold != nil:
		e.fold(s.fold)
	case s.program != nil:
		e.run(i, s.program)
	default:
		e.alone(s.node)
	}
}

// alone computes one node.
func (e *Evaluator) alone(i id) {
	n := &e.plan.nodes[i]
	rows := e.spans[n.scope]
	dst := e.slotBits(n.scope, e.plan.layout.slot[i])
	clear(dst[e.words(n.scope):])
	dst = dst[:e.words(n.scope)]
	switch n.op {
	case opSet:
		e.read(n, &e.plan.layout.leaves[i], dst, rows)
	case opText:
		e.readTexts(n, &e.plan.layout.leaves[i], dst, rows, nil)
	case opValid:
		kernel.Extract(dst, column.Validity(n.col), rows.Start, rows.Rows())
	case opNot:
		kernel.Not(dst, e.fast(n.args[0], n.scope), rows.Rows())
	case opExpand:
		e.expand(n, dst, e.fast(n.args[0], n.from))
	case opSpread:
		parent := e.plan.scopes[n.scope].parent
		kernel.Spread(dst, e.fast(n.args[0], parent), e.offsetsOf(n.scope, parent))
	}
}

// placed is a program whose operands have places, for one stride of its area.
type placed struct {
	kernel.Program
	stride int
}

// run computes connectives and counts their ones.
func (e *Evaluator) run(i int, p *program) {
	a, code := &e.areas[p.scope], &e.programs[i]
	if code.stride != a.stride {
		code.Reset()
		code.stride = a.stride
		places := e.counts[:0]
		for k := range p.joins {
			j := &p.joins[k]
			places = places[:0]
			for _, o := range j.operands {
				places = append(places, e.at(p.scope, e.slotOf(o)))
			}
			code.Add(e.at(p.scope, e.slotOf(j.node)), places, j.ands, j.nots)
		}
		e.counts = places
	}
	code.Run(e.ones[p.first:], a.words, kernel.Tiles(e.spans[p.scope].Rows()))
}

// readGroup answers the sets of a group, whose slots follow each other.
func (e *Evaluator) readGroup(g *group) {
	rows := e.spans[g.scope]
	n := rows.Rows()
	if n == 0 {
		return
	}
	e.classes = sized(e.classes, n)
	e.looked = sized(e.looked, (n+63)>>6)
	classes := g.classify(e.classes, e.looked, rows)
	var valid []uint64
	if v := column.Validity(g.col); v != nil {
		valid = e.validIn(v, rows)
	}
	e.staged = sized(e.staged, kernel.Staged(n))
	kernel.Stage(e.staged, classes, valid, g.null)
	a := &e.areas[g.scope]
	for i := range g.tables {
		first := e.at(g.scope, e.plan.layout.slot[g.leaves[8*i]])
		kernel.Select8(a.words[first:], a.stride, e.staged, n, &g.tables[i], g.classes)
	}
}

// foldState is the elements of a list that end it, for one pair of scopes in this
// block.
type foldState struct {
	from, to int
	ends     []uint64
	filled   []uint64 // the positions that have any; nil for all
	buffer   []uint64 // what filled is kept in
}

// mostDrops is up to how many elements are dropped one after another; for more it is
// quicker to count.
const mostDrops = 12

// fold brings bits over elements back to the positions that own them, for some
// numbers that there must be at least, the least first.
func (e *Evaluator) fold(nodes []id) {
	first := &e.plan.nodes[nodes[0]]
	elems := e.fast(first.args[0], first.from)
	if e.plan.nodes[nodes[len(nodes)-1]].least > mostDrops {
		e.foldByCounts(nodes, elems)
		return
	}
	f := e.endsOf(first.from, first.scope)
	rest := e.borrow(first.from)
	defer e.release(rest)
	e.packed = sized(e.packed, e.words(first.scope)+1)
	dropped := 0
	for _, i := range nodes {
		n := &e.plan.nodes[i]
		dst := e.slotBits(n.scope, e.plan.layout.slot[i])
		clear(dst)
		packed := dst
		if f.filled != nil {
			packed = e.packed
		}
		drops := int(n.least) - 1
		kernel.Lists(packed, rest, elems, f.ends, drops-dropped)
		elems, dropped = rest, drops
		if f.filled != nil {
			kernel.Unpack(dst[:len(f.filled)], packed, f.filled)
		}
	}
}

// foldByCounts counts the elements of every position once.
func (e *Evaluator) foldByCounts(nodes []id, elems []uint64) {
	n := &e.plan.nodes[nodes[0]]
	e.counts = sized(e.counts, e.spans[n.scope].Rows())
	kernel.Counts(e.counts, elems, e.offsetsOf(n.from, n.scope))
	for _, i := range nodes {
		dst := e.slotBits(n.scope, e.plan.layout.slot[i])
		clear(dst[e.words(n.scope):])
		kernel.Range(dst[:e.words(n.scope)], e.counts, uint32(e.plan.nodes[i].least), math.MaxUint32)
	}
}

// endsOf finds where the lists of a block end, once a block.
func (e *Evaluator) endsOf(from, to int) *foldState {
	for i := range e.folds {
		if f := &e.folds[i]; f.from == from && f.to == to {
			return f
		}
	}
	if len(e.folds) < cap(e.folds) {
		e.folds = e.folds[:len(e.folds)+1]
	} else {
		e.folds = append(e.folds, foldState{})
	}
	f := &e.folds[len(e.folds)-1]
	f.from, f.to = from, to
	offsets := e.offsetsOf(from, to)
	elems, rows := e.spans[from], e.spans[to].Rows()
	f.ends = sized(f.ends, e.words(from))
	filled := sized(f.buffer, e.words(to))
	f.buffer = filled
	if l := e.plan.scopes[from].list; e.plan.scopes[from].parent == to && l.Ends != nil {
		kernel.Extract(f.ends, l.Ends, elems.Start, elems.Rows())
	} else {
		clear(f.ends)
		for i := range rows {
			if end := offsets[i+1]; end > offsets[i] {
				at := end - offsets[0] - 1
				f.ends[at>>6] |= 1 << (at & 63)
			}
		}
	}
	f.filled = nil
	filledRows := kernel.Ones(f.ends)
	if filledRows > rows { // the kernels rely on it
		panic("plan: lists have more ends than there are lists")
	}
	if filledRows < rows {
		f.filled = filled
		kernel.Filled(filled, offsets)
	}
	return f
}

// offsetsOf gives, for the positions of scope outer in this block, where their
// elements in scope inner begin, and one entry more. It is valid until the next
// call.
func (e *Evaluator) offsetsOf(inner, outer int) []uint32 {
	s := e.plan.scopes[inner]
	span := e.spans[s.parent]
	own := s.list.Offsets[span.Start : span.End+1]
	if s.parent == outer {
		return own
	}
	up := e.offsetsOf(s.parent, outer)
	composed := sized(e.offsets, len(up))
	for i, at := range up {
		composed[i] = own[int(at)-span.Start]
	}
	e.offsets = composed
	return composed
}
