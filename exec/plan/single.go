package plan

import (
	"context"
	"math"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// Single answers rules for one profile after another, which are put into the columns of one snapshot
// of one row. It is made once: nothing of it depends on the values of the columns, nor on now. A node is one word, a bit
// for each element of its scope, of which the profile itself is one; what has more than 64 elements is in single_wide.go.
// Each is computed when a rule first asks for it, and once for each profile. It belongs to one goroutine.
type Single struct {
	nodes []singleNode
	args  []id // the operands of all nodes
	// known says of a node that words, or wide, is of this profile.
	known []bool
	words []uint64
	wide  [][]uint64
	// What is computed ahead, and whether it has been.
	runs  []singleRun
	ahead []bool
	ran   bool

	leaves []singleLeaf
	keys   []singleKeys
	groups []singleGroup
	conds  []singleCond

	scopes []singleScope
	roots  []id
	now    time.Time
	moved  uint64 // counts the changes of now
	err    error
}

// singleNode is how a node is computed. It is small, so that thousands of them are in the cache.
type singleNode struct {
	op          op
	scope, from int32
	least       int32
	begin, end  int32 // of its operands among those of all
	at          int32 // the index of a leaf among leaves, or conds
}

// singleScope is the elements of the profile that a bit stands for.
type singleScope struct {
	scope
	rows int
	all  uint64 // ones for them, if they are no more than a word has
	// in is where the elements are of each position of the parent, likewise.
	in []uint64
}

// singleCond is what the reference evaluator answers.
type singleCond struct {
	program *eval.Program
	ev      *eval.Evaluator
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
	size := len(c.graph.nodes)
	s = &Single{
		nodes: make([]singleNode, size), known: make([]bool, size), words: make([]uint64, size), wide: make([][]uint64, size),
		roots: roots, moved: 1,
	}
	for _, x := range c.scopes {
		s.scopes = append(s.scopes, singleScope{scope: x})
	}
	for i := range c.graph.nodes {
		s.add(id(i), &c.graph.nodes[i])
	}
	s.groupTexts(c.graph.nodes)
	s.planAhead()
	return s, nil
}

func (s *Single) add(i id, n *node) {
	x := singleNode{op: n.op, scope: int32(n.scope), from: int32(n.from), least: int32(min(n.least, math.MaxInt32)), begin: int32(len(s.args))}
	s.args = append(s.args, n.args...)
	x.end = int32(len(s.args))
	switch n.op {
	case opValid, opText, opSet, opMoving:
		x.at = s.addLeaf(n)
	case opCond:
		x.at = int32(len(s.conds))
		s.conds = append(s.conds, singleCond{program: n.cond})
	}
	s.nodes[i] = x
}

// Turn turns to the profile that is in the columns by now.
func (s *Single) Turn(now time.Time) {
	clear(s.known)
	s.ran = false
	if !now.Equal(s.now) {
		s.now = now
		s.moved++
	}
	for i := range s.keys {
		s.keys[i].known = false
	}
	s.scopes[0].rows, s.scopes[0].all = 1, 1
	for i := range s.scopes {
		if x := &s.scopes[i]; x.list != nil {
			x.turn(s.scopes[x.parent].rows)
		}
	}
}

func (x *singleScope) turn(parents int) {
	offsets := x.list.Offsets
	x.rows = int(offsets[parents])
	if x.rows > 64 {
		return
	}
	x.all = ones(x.rows)
	x.in = sized(x.in, parents)
	for i := range x.in {
		x.in[i] = ones(int(offsets[i+1])) &^ ones(int(offsets[i]))
	}
}

// ones returns a word whose first bits are set.
func ones(n int) uint64 { return 1<<n - 1 }

// Rule says whether a rule, which is known by the index of its query, holds for the profile. The
// error is that of the reference evaluator.
func (s *Single) Rule(rule int) (bool, error) {
	s.err = nil
	if !s.ran {
		s.runAhead()
	}
	is := s.word(s.roots[rule], 0) != 0
	return is && s.err == nil, s.err
}

// word returns the elements of a scope of no more than 64 for which a node holds; the constants belong to any scope.
// What has failed holds for none, and is not remembered.
func (s *Single) word(i id, scope int32) uint64 {
	switch {
	case s.known[i]:
		return s.words[i]
	case i == never:
		return 0
	case i == always:
		return s.scopes[scope].all
	}
	word := s.computed(i)
	if s.err == nil {
		s.words[i], s.known[i] = word, true
	}
	return word
}

func (s *Single) computed(i id) uint64 {
	n := &s.nodes[i]
	switch n.op {
	case opAnd:
		word := s.scopes[n.scope].all
		for _, a := range s.args[n.begin:n.end] {
			if word &= s.word(a, n.scope); word == 0 || s.err != nil {
				break
			}
		}
		return word
	case opOr:
		word, all := uint64(0), s.scopes[n.scope].all
		for _, a := range s.args[n.begin:n.end] {
			if word |= s.word(a, n.scope); word == all || s.err != nil {
				break
			}
		}
		return word
	case opNot:
		return s.scopes[n.scope].all &^ s.word(s.args[n.begin], n.scope)
	case opAtLeast:
		return s.counted(n)
	case opSpread:
		return s.spread(n)
	case opCond:
		return s.asked(&s.conds[n.at])
	}
	return s.read(i, n)
}

// read asks a leaf.
func (s *Single) read(i id, n *singleNode) uint64 {
	l := &s.leaves[n.at]
	if l.group >= 0 {
		s.readGroup(&s.groups[l.group])
		return s.words[i]
	}
	s.readLeaf(l, s.words[i:i+1], s.scopes[n.scope].rows)
	return s.words[i]
}

// asked asks the reference evaluator about the profile.
func (s *Single) asked(c *singleCond) uint64 {
	if c.ev == nil {
		c.ev = c.program.Evaluator()
	}
	c.ev.SetNow(s.now)
	is, err := c.ev.Cond(0)
	switch {
	case err != nil:
		s.err = err
	case is:
		return 1
	}
	return 0
}

// counted finds the elements of a scope in which enough of those of another are, for which a node holds.
func (s *Single) counted(n *singleNode) uint64 {
	inner := &s.scopes[n.from]
	if inner.rows > 64 || inner.parent != int(n.scope) {
		return s.countedWide(n)
	}
	return enough(s.word(s.args[n.begin], n.from), inner.in, int(n.least))
}

// spread gives the elements of a scope what holds for what they are in.
func (s *Single) spread(n *singleNode) (word uint64) {
	x := &s.scopes[n.scope]
	// No more elements than 64 may be in more lists than that, of which most are empty.
	each(s.over(s.args[n.begin], int32(x.parent)), func(i int) { word |= x.in[i] })
	return word
}
