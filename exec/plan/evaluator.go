package plan

import (
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/kernel"
	"github.com/segq/segq/exec/vector"
)

// Evaluator computes a [Plan] block by block. It belongs to one goroutine, and
// holds one bitmap for each node that somebody reads.
type Evaluator struct {
	// Stop is asked every few thousand steps of the reference evaluator whether
	// to give up; nil means never. A rule that was given up for it may be asked
	// for again.
	Stop func() bool

	plan  *Plan
	block uint64 // counts the calls of Block
	spans []column.Range
	// areas hold the bitmaps of each scope; programs are those of each step that has
	// one.
	areas    []area
	programs []placed
	ones     []int
	nodes    []state
	// vectors is turned to the block when it is first asked, in vectorBlock.
	vectors     *vector.Evaluator
	vectorBlock uint64
	// free holds scratch bitmaps; the others are scratch too.
	free    [][]uint64
	counts  []uint32
	offsets []uint32
	classes []uint8
	staged  []uint8
	looked  []uint64
	valid   []uint64
	packed  []uint64
	folds   []foldState
	places  []placesState // by scope
	hashes  []hashState
}

// area is the bitmaps of one scope, at multiples of stride words.
type area struct {
	words  []uint64
	stride int
	// filled is the number of positions for which slotAll has ones.
	filled int
}

// state is what an evaluator knows of a node that has no place in an area: one
// that is slow, or that nobody but a rule reads.
type state struct {
	// bits is the answer, over the span of the node's scope. It is whole when
	// block is that of the evaluator.
	bits  []uint64
	block uint64
	// Of a fallback: known has the rows that were asked in block asked, and err
	// is what the evaluation failed with, for good.
	known []uint64
	asked uint64
	cond  *eval.Evaluator
	err   error
	// overflowed says that vectors had a number that was too large. piece is the number
	// of rows that vectors can take at a time, 0 for a whole block.
	overflowed bool
	piece      int
}

// Evaluator returns an evaluator for one goroutine.
func (p *Plan) Evaluator() *Evaluator {
	e := &Evaluator{
		plan: p, vectors: p.vectors.Evaluator(), spans: make([]column.Range, len(p.scopes)), areas: make([]area, len(p.scopes)), places: make([]placesState, len(p.scopes)),
		programs: make([]placed, len(p.layout.steps)), ones: make([]int, p.layout.counted), nodes: make([]state, len(p.nodes)),
	}
	e.vectors.Stop = func() bool { return e.Stop != nil && e.Stop() }
	return e
}

// Block turns to a block of rows, which should be one that [Plan.Block] gave, and
// computes what kernels can.
func (e *Evaluator) Block(rows column.Range) {
	e.begin(rows)
	for i := range e.plan.layout.steps {
		e.step(i)
	}
}

// begin turns to a block.
func (e *Evaluator) begin(rows column.Range) {
	e.block++
	for i, s := range e.plan.scopes {
		e.spans[i] = s.span(rows, e.spans)
		e.areas[i].fit(e.plan.layout.slots[i], e.spans[i].Rows())
	}
	e.folds = e.folds[:0]
}

// fit makes room for so many bitmaps of n bits.
func (a *area) fit(slots, n int) {
	words := kernel.Words(n)
	if words > a.stride || a.words == nil {
		a.stride = words
		a.words = make([]uint64, slots*words)
		a.filled = 0
	}
	if a.filled != n {
		// Blocks of different partitions differ by a few words.
		same := min(a.filled, n) >> 6
		all := a.words[a.stride+same : a.stride+words]
		n -= same << 6
		kernel.Fill(all[:(n+63)>>6], n)
		clear(all[(n+63)>>6:])
		a.filled = n + same<<6
	}
}

// Count adds to matched, for each rule that kernels answer alone, the number of
// rows of the block for which it holds. The others keep theirs.
func (e *Evaluator) Count(matched []int) {
	rows := e.spans[0].Rows()
	for _, c := range e.plan.layout.counters {
		n := e.ones[c.ones]
		if c.negated {
			n = rows - n
		}
		matched[c.rule] += n
	}
}

// Rule returns the rows of the block for which a rule holds: bit 0 is the block's
// first row. The bitmap is valid until the next call of Block. The error is that of
// the reference evaluator, and unless it is [eval.ErrStopped] it is final for the
// rule.
func (e *Evaluator) Rule(rule int) (column.Bitmap, error) {
	root := e.plan.roots[rule]
	if !e.plan.nodes[root].slow {
		return e.fast(root, 0), nil
	}
	if e.nodes[root].block != e.block {
		all := e.borrow(0)
		defer e.release(all)
		kernel.Fill(all, e.spans[0].Rows())
		if err := e.slow(root, all); err != nil {
			return nil, err
		}
		e.nodes[root].block = e.block
	}
	return e.nodes[root].bits, nil
}

// Overflowed says whether a number was too large for its type, and became null,
// in what a rule has asked the reference evaluator so far.
func (e *Evaluator) Overflowed(rule int) bool {
	for _, i := range e.plan.asked[rule] {
		s := &e.nodes[i]
		if s.overflowed || s.cond != nil && s.cond.Overflowed() {
			return true
		}
	}
	return false
}

// bits returns the bitmap of a node that has no place, of the length that its scope
// has now.
func (e *Evaluator) bits(n id, scope int) []uint64 {
	s := &e.nodes[n]
	s.bits = sized(s.bits, e.words(scope))
	return s.bits
}

// words is the length of a bitmap over a scope.
func (e *Evaluator) words(scope int) int { return (e.spans[scope].Rows() + 63) >> 6 }

// at returns the place of a slot in the words of its area.
func (e *Evaluator) at(scope int, slot int32) uint32 {
	return uint32(int(slot) * e.areas[scope].stride)
}

// slotOf returns the slot of a node as a condition on scope.
func (e *Evaluator) slotOf(n id) int32 {
	switch n {
	case never:
		return slotNone
	case always:
		return slotAll
	}
	return e.plan.layout.slot[n]
}

// slotBits returns the bitmap in a slot, and what follows it to the end of the
// tile.
func (e *Evaluator) slotBits(scope int, slot int32) []uint64 {
	at := int(e.at(scope, slot))
	return e.areas[scope].words[at : at+kernel.Words(e.spans[scope].Rows())]
}

// borrow returns a scratch bitmap over a scope, to be given back by release.
func (e *Evaluator) borrow(scope int) []uint64 {
	var b []uint64
	if last := len(e.free) - 1; last >= 0 {
		b, e.free = e.free[last], e.free[:last]
	}
	return sized(b, e.words(scope))
}

func (e *Evaluator) release(b []uint64) { e.free = append(e.free, b) }

// fast returns the bitmap of a node that is not slow. The constants belong to every
// scope, so that the caller says which.
func (e *Evaluator) fast(i id, scope int) []uint64 {
	n := &e.plan.nodes[i]
	if slot := e.slotOf(i); slot != slotNone || i == never {
		if !e.plan.constant(i) {
			scope = n.scope
		}
		return e.slotBits(scope, slot)[:e.words(scope)]
	}
	s := &e.nodes[i]
	if s.block == e.block {
		return s.bits
	}
	dst := e.bits(i, n.scope)
	switch n.op {
	case opNot:
		kernel.Not(dst, e.fast(n.args[0], n.scope), e.spans[n.scope].Rows())
	default: // a connective that only rules read
		e.connect(n, dst)
	}
	s.block = e.block
	return dst
}

// constant says whether n needs no data.
func (p *Plan) constant(n id) bool { return n == never || n == always }

// connect computes an And or Or that has no place.
func (e *Evaluator) connect(n *node, dst []uint64) {
	copy(dst, e.fast(n.args[0], n.scope))
	for _, a := range n.args[1:] {
		if n.op == opOr {
			kernel.Or(dst, e.fast(a, n.scope))
		} else {
			kernel.And(dst, e.fast(a, n.scope))
		}
	}
}
