package plan

import (
	"errors"
	"fmt"
	"math"
	"math/bits"

	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/kernel"
)

// slow computes a node in which the reference evaluator has a part, for the
// positions in need at least; what its bitmap says of others counts for nothing.
// need stays as it is.
func (e *Evaluator) slow(i id, need []uint64) error {
	n, s := &e.plan.nodes[i], &e.nodes[i]
	if !n.slow || s.block == e.block {
		return nil
	}
	switch n.op {
	case opVector, opText:
		return e.askBlock(i, need)
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
		kernel.AndNot(dst, e.known(n.args[0], n.scope))
		return nil
	case opExpand:
		return e.slowExpand(n, e.bits(i, n.scope), need)
	case opSpread:
		return e.slowSpread(n, e.bits(i, n.scope), need)
	case opAtLeast:
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
		kernel.And(dst, e.known(a, n.scope))
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
		kernel.Or(dst, e.known(a, n.scope))
		kernel.AndNot(rest, e.known(a, n.scope))
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
	kernel.Spread(dst, e.known(n.args[0], parent), e.offsetsOf(n.scope, parent))
	return nil
}

// known returns the bitmap of a node that was just computed.
func (e *Evaluator) known(i id, scope int) []uint64 {
	if e.plan.nodes[i].slow {
		return e.nodes[i].bits
	}
	return e.fast(i, scope)
}

// slowFold needs all elements of the positions in need.
func (e *Evaluator) slowFold(n *node, dst, need []uint64) error {
	elems := e.borrow(n.from)
	defer e.release(elems)
	kernel.Spread(elems, need, e.offsetsOf(n.from, n.scope))
	if err := e.slow(n.args[0], elems); err != nil {
		return err
	}
	e.counts = sized(e.counts, e.spans[n.scope].Rows())
	kernel.Counts(e.counts, e.known(n.args[0], n.from), e.offsetsOf(n.from, n.scope))
	kernel.Range(dst, e.counts, uint32(n.least), math.MaxUint32)
	return nil
}

// askBlock evaluates a condition over vectors, or a long test of texts, for the positions
// in need that it was not asked about in this block.
func (e *Evaluator) askBlock(i id, need []uint64) error {
	n, s := &e.plan.nodes[i], &e.nodes[i]
	dst := e.bits(i, n.scope)
	if s.asked != e.block {
		s.known = sized(s.known, len(dst))
		clear(s.known)
		clear(dst)
		s.asked = e.block
	}
	open := e.borrow(n.scope)
	defer e.release(open)
	copy(open, need)
	kernel.AndNot(open, s.known)
	if !kernel.Any(open) {
		return nil
	}
	found := e.borrow(n.scope)
	defer e.release(found)
	if n.op == opText {
		if !e.overTexts(i, found, open) {
			return eval.ErrStopped
		}
	} else if err := e.overVectors(i, found, open); err != nil {
		return err
	}
	kernel.Or(dst, found)
	kernel.Or(s.known, open)
	return nil
}

// ask has the reference evaluator answer a fallback for the rows in need that it
// was not asked about in this block.
func (e *Evaluator) ask(i id, need []uint64) error {
	s := &e.nodes[i]
	dst := e.bits(i, 0)
	if s.asked != e.block {
		s.known = sized(s.known, len(dst))
		clear(s.known)
		clear(dst)
		s.asked = e.block
	}
	for w, open := range need {
		if err := e.askWord(i, w, open&^s.known[w], dst); err != nil {
			return err
		}
		s.known[w] |= open
	}
	return nil
}

// askWord has the reference evaluator answer for the rows in open, word w of the block.
func (e *Evaluator) askWord(i id, w int, open uint64, dst []uint64) error {
	s, n := &e.nodes[i], &e.plan.nodes[i]
	if s.err != nil {
		return s.err
	}
	if open != 0 && s.cond == nil {
		cond := n.cond
		if cond == nil {
			cond = eval.NewCond(n.expr, n.slots, e.plan.snap, e.plan.now)
		}
		s.cond = cond.Evaluator()
		s.cond.Stop = func() bool { return e.Stop != nil && e.Stop() }
	}
	for ; open != 0; open &= open - 1 {
		is, err := s.cond.Cond(e.spans[0].Start + w<<6 + bits.TrailingZeros64(open))
		if err != nil {
			if !errors.Is(err, eval.ErrStopped) {
				s.err = err
			}
			return err
		}
		if is {
			dst[w] |= open & -open
		}
	}
	return nil
}
