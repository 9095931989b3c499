package plan

import (
	"context"
	"math/bits"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/kernel"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// Single answers rules for one profile after another, which are put into the columns of one snapshot
// of one row. It is made once: nothing of it depends on the values of the columns, nor on now. Each node is computed
// when a rule first asks for it, and once for each profile. It belongs to one goroutine.
type Single struct {
	all    []singleNode
	scopes []scope
	roots  []id
	rows   []int // of the scopes
	turn   uint64
	now    time.Time
	moved  uint64 // counts the changes of now
	err    error
}

// singleNode is a node with what is known of it: in turn, whether it holds of the profile, or for which
// elements. It is small, so that thousands of them are in the cache.
type singleNode struct {
	turn        uint64
	args        []id
	op          op
	is          bool
	scope, from int32
	least       int
	bits        []uint64
	word        [1]uint64 // the room for bits that mostly suffices
	// holds is what a leaf says of a row of its column.
	holds func(row int) bool
	// each, where it is not nil, says the same of many rows.
	each func(dst []uint64, rows int)
	more *singleMore
}

// singleMore is what few nodes need.
type singleMore struct {
	*node
	// Of a window: at which now holds is right, and what it accepts then.
	moved    uint64
	accepted valueSet
	cond     *eval.Evaluator
}

// NewSingle compiles the conditions of queries, which were checked against the schema of snap. The snapshot has one
// row; its columns have values of their own for each row and each a validity, and no dictionaries but those of the
// keys of maps. What goes wrong inside is an [ast.Fault].
func NewSingle(ctx context.Context, queries []*check.Query, snap *column.Snapshot) (s *Single, err error) {
	defer ast.Guard(func(f *ast.Fault) { s, err = nil, f })
	c := newCompiler(ctx, snap, time.Time{}, NewPlanner())
	c.single = true
	roots, err := c.queries(queries)
	if err != nil {
		return nil, err
	}
	s = &Single{all: make([]singleNode, len(c.graph.nodes)), scopes: c.scopes, roots: roots, rows: make([]int, len(c.scopes)), moved: 1}
	for i := range c.graph.nodes {
		n := &c.graph.nodes[i]
		s.all[i] = singleNode{op: n.op, scope: int32(n.scope), from: int32(n.from), least: int(n.least), args: n.args}
		switch n.op {
		case opValid, opText, opSet:
			s.all[i].holds, s.all[i].each = newSingleLeaf(n), eachIn(n.col, &n.set)
		case opMoving, opCond:
			s.all[i].more = &singleMore{node: n}
		}
	}
	return s, nil
}

// moving returns the node for: the instant at p is in a window that depends on now.
func (c *compiler) moving(p place, w check.Window) id {
	x := probe(w)
	return c.graph.intern(node{
		op: opMoving, scope: p.scope, col: p.col, window: x, cost: 2 * textCost, // it moves first
		text: p.name() + " occurs in a window",
	}, c.identities.Of(x))
}

// Turn turns to the profile that is in the columns by now.
func (s *Single) Turn(now time.Time) {
	s.turn++
	if !now.Equal(s.now) {
		s.now = now
		s.moved++
	}
	s.rows[0] = 1
	for i, x := range s.scopes {
		if x.list != nil {
			s.rows[i] = int(x.list.Offsets[s.rows[x.parent]])
		}
	}
}

// Rule says whether a rule, which is known by the index of its query, holds for the profile. The
// error is that of the reference evaluator.
func (s *Single) Rule(rule int) (bool, error) {
	s.err = nil
	return s.is(s.roots[rule]), s.err
}

// is says whether a node of the profile holds. What has failed says no, and is not remembered.
func (s *Single) is(i id) bool {
	n := &s.all[i]
	if n.turn == s.turn {
		return n.is
	}
	is := s.computed(n)
	if s.err == nil {
		n.turn, n.is = s.turn, is
	}
	return is
}

func (s *Single) computed(n *singleNode) bool {
	switch n.op {
	case opNever:
		return false
	case opAlways:
		return true
	case opAnd, opOr:
		for _, a := range n.args {
			if s.is(a) == (n.op == opOr) || s.err != nil {
				return n.op == opOr
			}
		}
		return n.op == opAnd
	case opNot:
		return !s.is(n.args[0])
	case opAtLeast:
		return s.holdsFor(n.args[0], int(n.from), n.least)
	case opCond:
		return s.asked(n.more)
	case opMoving:
		s.move(n)
	}
	return n.holds(0)
}

// asked asks the reference evaluator.
func (s *Single) asked(m *singleMore) bool {
	if m.cond == nil {
		m.cond = m.node.cond.Evaluator()
	}
	m.cond.SetNow(s.now)
	is, err := m.cond.Cond(0)
	s.err = err
	return is && err == nil
}

// holdsFor says whether a node holds for so many elements of the profile.
func (s *Single) holdsFor(i id, scope, least int) bool {
	count := 0
	for _, word := range s.over(i, scope) {
		count += bits.OnesCount64(word)
	}
	return count >= least
}

// over returns the elements for which a node holds; the constants belong to any scope.
func (s *Single) over(i id, scope int) []uint64 {
	n := &s.all[i]
	constant := n.op == opNever || n.op == opAlways // the scope of these may be another each time
	if n.turn == s.turn && !constant {
		return n.bits
	}
	if words := (s.rows[scope] + 63) >> 6; words <= 1 {
		n.bits = n.word[:words]
	} else {
		n.bits = sized(n.bits, words)
	}
	if constant {
		s.fill(n.bits, s.rows[scope], n.op == opAlways)
		return n.bits
	}
	s.computeOver(n, scope)
	if s.err == nil {
		n.turn = s.turn
	}
	return n.bits
}

// fill sets the bits of so many rows, or none.
func (s *Single) fill(dst []uint64, rows int, is bool) {
	clear(dst)
	if !is {
		return
	}
	for w := range dst {
		dst[w] = ^uint64(0)
	}
	if r := rows & 63; r != 0 {
		dst[len(dst)-1] = 1<<r - 1
	}
}

func (s *Single) computeOver(n *singleNode, scope int) {
	dst, rows := n.bits, s.rows[scope]
	switch n.op {
	case opAnd, opOr:
		copy(dst, s.over(n.args[0], scope))
		for _, a := range n.args[1:] {
			if n.op == opAnd && !kernel.Any(dst) {
				break
			}
			for w, word := range s.over(a, scope) {
				if n.op == opAnd {
					dst[w] &= word
				} else {
					dst[w] |= word
				}
			}
		}
	case opNot:
		s.fill(dst, rows, true)
		for w, word := range s.over(n.args[0], scope) {
			dst[w] &^= word
		}
	case opSpread:
		s.spread(n, dst, scope)
	case opAtLeast:
		s.counted(n, dst, scope)
	default:
		if n.op == opMoving {
			s.move(n)
		}
		clear(dst)
		if n.each != nil {
			n.each(dst, rows)
			return
		}
		for row := range rows {
			if n.holds(row) {
				dst[row>>6] |= 1 << (row & 63)
			}
		}
	}
}

// spread gives the elements of a scope what holds for what they are in.
func (s *Single) spread(n *singleNode, dst []uint64, scope int) {
	parent := s.scopes[scope].parent
	if parent == 0 {
		s.fill(dst, s.rows[scope], s.is(n.args[0]))
		return
	}
	clear(dst)
	offsets := s.scopes[scope].list.Offsets
	each(s.over(n.args[0], parent), func(i int) {
		for k := offsets[i]; k < offsets[i+1]; k++ {
			dst[k>>6] |= 1 << (k & 63)
		}
	})
}

// counted finds the elements of a scope in which enough of those of another are, for which a node holds.
func (s *Single) counted(n *singleNode, dst []uint64, scope int) {
	clear(dst)
	inner := s.over(n.args[0], int(n.from))
	if !kernel.Any(inner) {
		return // least is at least one
	}
	end := s.within(0, scope, int(n.from))
	for row := range s.rows[scope] {
		begin := end
		end = s.within(row+1, scope, int(n.from))
		count := 0
		if len(inner) == 1 {
			count = bits.OnesCount64(inner[0] >> begin << (64 - (end - begin)))
		} else {
			count = ones(inner, begin, end)
		}
		if count >= n.least {
			dst[row>>6] |= 1 << (row & 63)
		}
	}
}

// ones counts the bits from begin to before end.
func ones(of []uint64, begin, end int) (n int) {
	for k := begin; k < end; k++ {
		n += int(of[k>>6] >> (k & 63) & 1)
	}
	return n
}

// within returns where in the scope inner the elements begin that are in row, of a scope around it.
func (s *Single) within(row, scope, inner int) int {
	x := &s.scopes[inner]
	if x.parent != scope {
		row = s.within(row, scope, x.parent)
	}
	return int(x.list.Offsets[row])
}
