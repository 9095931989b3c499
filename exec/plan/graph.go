package plan

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
)

// id is the index of a node. Operands have smaller ids than what uses them.
type id int32

// The two nodes that every graph begins with.
const (
	never  id = 0
	always id = 1
)

// op is how a node is computed.
type op uint8

const (
	opNever  op = iota
	opAlways    // all positions
	opValid     // col has a value
	opBits      // col, Bools, is true
	opInts      // lo <= col <= hi; Ints or Timestamps
	opSorted    // col is one of set as sorted integers
	opFloats    // flo <= col <= fhi
	opCodes     // lo <= code of col <= hi
	opMember    // the code of col is in bits
	opCond      // the reference evaluator says so
	opAnd
	opOr
	opNot
	opExists // some element of scope from has args[0]
	opCount  // the number of such elements is between lo and hi
	opSpread // the parent position has args[0]
)

// node is one bitmap to compute. Which fields count is up to op.
type node struct {
	op    op
	scope int
	from  int
	args  []id
	col   column.Column
	// lo and hi, flo and fhi are the ends of a range, both inclusive.
	lo, hi   int64
	flo, fhi float64
	bits     []uint64
	sorted   []int64
	cond     *eval.Program
	// slow says that the reference evaluator has a part in it; cost orders the
	// operands of a connective.
	slow bool
	cost int
	// text says what a leaf asks, reason why it is no better than it is.
	text, reason string
}

// graph interns nodes.
type graph struct {
	nodes   []node
	ids     map[string]id
	columns map[column.Column]uint64
	key     []byte // scratch
}

func newGraph() *graph {
	g := &graph{ids: map[string]id{}, columns: map[column.Column]uint64{}}
	g.intern(node{op: opNever}, nil)
	g.intern(node{op: opAlways}, nil)
	return g
}

// intern gives the id of n: that of an equal node, else a new one. more tells
// apart what the fields that are compared here do not: the expression of a
// fallback, the contents of a set.
func (g *graph) intern(n node, more []byte) id {
	k := append(g.key[:0], byte(n.op))
	for _, v := range []uint64{uint64(n.scope), uint64(n.from), g.column(n.col), uint64(n.lo), uint64(n.hi),
		math.Float64bits(n.flo), math.Float64bits(n.fhi), uint64(len(n.args))} {
		k = binary.AppendUvarint(k, v)
	}
	for _, a := range n.args {
		k = binary.AppendUvarint(k, uint64(a))
	}
	g.key = append(k, more...)
	if i, ok := g.ids[string(g.key)]; ok {
		return i
	}
	i := id(len(g.nodes))
	g.nodes = append(g.nodes, n)
	g.ids[string(g.key)] = i
	return i
}

// column numbers a column; 0 is none.
func (g *graph) column(c column.Column) uint64 {
	if c == nil {
		return 0
	}
	i, ok := g.columns[c]
	if !ok {
		i = uint64(len(g.columns) + 1)
		g.columns[c] = i
	}
	return i
}

// constant says whether n needs no data.
func (g *graph) constant(n id) bool { return n == never || n == always }

// unary gives the node of an operation on one other.
func (g *graph) unary(o op, scope int, arg id) id {
	a := &g.nodes[arg]
	return g.intern(node{op: o, scope: scope, args: []id{arg}, slow: a.slow, cost: a.cost + 1}, nil)
}

// not gives the complement of n.
func (g *graph) not(n id) id {
	switch {
	case n == never:
		return always
	case n == always:
		return never
	case g.nodes[n].op == opNot:
		return g.nodes[n].args[0]
	}
	return g.unary(opNot, g.nodes[n].scope, n)
}

// connect gives the And or Or of ns, which all have this scope or are constant.
// Operands are flattened, sorted and made unique, so that the order in which an
// author wrote them does not matter.
func (g *graph) connect(o op, scope int, ns []id) id {
	unit, zero := always, never
	if o == opOr {
		unit, zero = never, always
	}
	var args []id
	for _, n := range ns {
		switch {
		case n == zero:
			return zero
		case n == unit:
		case g.nodes[n].op == o:
			args = append(args, g.nodes[n].args...)
		default:
			args = append(args, n)
		}
	}
	slices.Sort(args)
	args = slices.Compact(args)
	switch len(args) {
	case 0:
		return unit
	case 1:
		return args[0]
	}
	// Cheap operands first: what they decide spares the others.
	slices.SortStableFunc(args, func(a, b id) int { return g.nodes[a].cost - g.nodes[b].cost })
	n := node{op: o, scope: scope, args: args, cost: len(args)}
	for _, a := range args {
		n.slow = n.slow || g.nodes[a].slow
		n.cost += g.nodes[a].cost
		if g.nodes[a].op == opNot && slices.Contains(args, g.nodes[a].args[0]) {
			return zero
		}
	}
	return g.intern(n, nil)
}
