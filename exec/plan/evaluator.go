package plan

import (
	"fmt"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/kernel"
)

// Evaluator computes a [Plan] block by block. It belongs to one goroutine, and
// holds one bitmap for each node that it has computed.
type Evaluator struct {
	// Stop is asked every few thousand steps of the reference evaluator whether
	// to give up; nil means never. A rule that was given up for it may be asked
	// for again.
	Stop func() bool

	plan  *Plan
	block uint64 // counts the calls of Block
	spans []column.Range
	nodes []state
	// free holds scratch bitmaps.
	free    [][]uint64
	counts  []uint32
	offsets []uint32
}

// state is what an evaluator knows of a node.
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
}

// Evaluator gives an evaluator for one goroutine.
func (p *Plan) Evaluator() *Evaluator {
	return &Evaluator{plan: p, spans: make([]column.Range, len(p.scopes)), nodes: make([]state, len(p.nodes))}
}

// Block turns to a block of rows, which should be one that [Plan.Block] gave.
func (e *Evaluator) Block(rows column.Range) {
	e.block++
	for i, s := range e.plan.scopes {
		e.spans[i] = s.span(rows, e.spans)
	}
}

// Rule gives the rows of the block for which a rule holds: bit 0 is the block's
// first row. The bitmap is valid until the next call of Block. The error is that of
// the reference evaluator, and unless it is [eval.ErrStopped] it is final for the
// rule.
func (e *Evaluator) Rule(rule int) (column.Bitmap, error) {
	root := e.plan.roots[rule]
	if e.plan.nodes[root].slow && e.nodes[root].block != e.block {
		all := e.borrow(0)
		defer e.release(all)
		kernel.Fill(all, e.spans[0].Rows())
		if err := e.slow(root, all); err != nil {
			return nil, err
		}
		e.nodes[root].block = e.block
	}
	return e.fast(root, 0), nil
}

// Overflowed says whether a number was too large for its type, and became null,
// in what a rule has asked the reference evaluator so far.
func (e *Evaluator) Overflowed(rule int) bool {
	for _, i := range e.plan.asked[rule] {
		if c := e.nodes[i].cond; c != nil && c.Overflowed() {
			return true
		}
	}
	return false
}

// bits gives the bitmap of a node, of the length that its scope has now.
func (e *Evaluator) bits(n id, scope int) []uint64 {
	s := &e.nodes[n]
	s.bits = sized(s.bits, e.words(scope))
	return s.bits
}

// words is the length of a bitmap over a scope.
func (e *Evaluator) words(scope int) int { return (e.spans[scope].Rows() + 63) >> 6 }

// sized gives b with length n. What it holds is of no interest.
func sized[T any](b []T, n int) []T {
	if cap(b) < n {
		return make([]T, n, n+n/4)
	}
	return b[:n]
}

// borrow gives a scratch bitmap over a scope, to be given back by release.
func (e *Evaluator) borrow(scope int) []uint64 {
	var b []uint64
	if last := len(e.free) - 1; last >= 0 {
		b, e.free = e.free[last], e.free[:last]
	}
	return sized(b, e.words(scope))
}

func (e *Evaluator) release(b []uint64) { e.free = append(e.free, b) }

// fast computes a node that is not slow, wholly, unless the block has it already.
// The constants belong to every scope, so that the caller says which.
func (e *Evaluator) fast(i id, scope int) []uint64 {
	n, s := &e.plan.nodes[i], &e.nodes[i]
	if !e.plan.constant(i) {
		if s.block == e.block {
			return s.bits
		}
		scope = n.scope
	}
	dst, rows := e.bits(i, scope), e.spans[scope]
	switch n.op {
	case opNever:
		clear(dst)
	case opAlways:
		kernel.Fill(dst, rows.Rows())
	case opAnd, opOr:
		e.connect(n, dst)
	case opNot:
		kernel.Not(dst, e.fast(n.args[0], scope), rows.Rows())
	case opSpread:
		parent := e.plan.scopes[scope].parent
		kernel.Spread(dst, e.fast(n.args[0], parent), e.offsetsOf(scope, parent))
	case opExists, opCount:
		e.fold(n, dst, e.fast(n.args[0], n.from))
	default:
		e.read(n, dst, rows)
	}
	if !e.plan.constant(i) {
		s.block = e.block
	}
	return dst
}

// constant says whether n needs no data.
func (p *Plan) constant(n id) bool { return n == never || n == always }

// connect computes an And or Or, and leaves out the operands that can no longer
// matter to an And.
func (e *Evaluator) connect(n *node, dst []uint64) {
	copy(dst, e.fast(n.args[0], n.scope))
	for _, a := range n.args[1:] {
		if n.op == opOr {
			kernel.Or(dst, e.fast(a, n.scope))
			continue
		}
		if !kernel.Any(dst) {
			return
		}
		kernel.And(dst, e.fast(a, n.scope))
	}
}

// fold brings bits over elements back to the positions that own them.
func (e *Evaluator) fold(n *node, dst, elems []uint64) {
	offsets := e.offsetsOf(n.from, n.scope)
	if n.op == opExists {
		kernel.Exists(dst, elems, offsets)
		return
	}
	e.counts = sized(e.counts, e.spans[n.scope].Rows())
	kernel.Counts(e.counts, elems, offsets)
	kernel.Range(dst, e.counts, uint32(n.lo), uint32(n.hi))
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

// slow computes a node in which the reference evaluator has a part, for the
// positions in need at least; what its bitmap says of others counts for nothing.
// need stays as it is.
func (e *Evaluator) slow(i id, need []uint64) error {
	n, s := &e.plan.nodes[i], &e.nodes[i]
	if !n.slow || s.block == e.block {
		e.fast(i, n.scope)
		return nil
	}
	switch n.op {
	case opCond:
		return e.ask(i, need)
	case opAnd:
		return e.slowAnd(n, e.bits(i, n.scope), need)
	case opOr:
		return e.slowOr(n, e.bits(i, n.scope), need)
	case opNot:
		if err := e.slow(n.args[0], need); err != nil {
			return err
		}
		dst := e.bits(i, n.scope)
		copy(dst, need)
		kernel.AndNot(dst, e.nodes[n.args[0]].bits)
		return nil
	case opSpread:
		return e.slowSpread(n, e.bits(i, n.scope), need)
	case opExists, opCount:
		return e.slowFold(n, e.bits(i, n.scope), need)
	}
	panic(fmt.Sprintf("plan: a leaf of kind %d is slow", n.op))
}

func (e *Evaluator) slowAnd(n *node, dst, need []uint64) error {
	copy(dst, need)
	for _, a := range n.args {
		if !kernel.Any(dst) {
			return nil
		}
		if err := e.slow(a, dst); err != nil {
			return err
		}
		kernel.And(dst, e.nodes[a].bits)
	}
	return nil
}

func (e *Evaluator) slowOr(n *node, dst, need []uint64) error {
	clear(dst)
	rest := e.borrow(n.scope)
	defer e.release(rest)
	copy(rest, need)
	for _, a := range n.args {
		if !kernel.Any(rest) {
			break
		}
		if err := e.slow(a, rest); err != nil {
			return err
		}
		kernel.Or(dst, e.nodes[a].bits)
		kernel.AndNot(rest, e.nodes[a].bits)
	}
	return nil
}

// slowSpread needs the owners of the elements in need.
func (e *Evaluator) slowSpread(n *node, dst, need []uint64) error {
	parent := e.plan.scopes[n.scope].parent
	owners := e.borrow(parent)
	defer e.release(owners)
	kernel.Exists(owners, need, e.offsetsOf(n.scope, parent))
	if err := e.slow(n.args[0], owners); err != nil {
		return err
	}
	kernel.Spread(dst, e.nodes[n.args[0]].bits, e.offsetsOf(n.scope, parent))
	return nil
}

// slowFold needs all elements of the positions in need.
func (e *Evaluator) slowFold(n *node, dst, need []uint64) error {
	elems := e.borrow(n.from)
	defer e.release(elems)
	kernel.Spread(elems, need, e.offsetsOf(n.from, n.scope))
	if err := e.slow(n.args[0], elems); err != nil {
		return err
	}
	e.fold(n, dst, e.nodes[n.args[0]].bits)
	return nil
}
