package plan

import (
	"encoding/binary"
	"slices"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/search"
	"github.com/segq/segq/lang/check"
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
	opValid     // col, which is no column of plain values, has a value
	opSet       // the value of col is in set
	opText      // the text of col, which is a Texts, meets test
	opVector    // expr over vectors says so
	opCond      // the reference evaluator says so
	opAnd
	opOr
	opNot
	opAtLeast // so many elements of scope from have args[0]: at least least
	opSpread  // the parent position has args[0]
	opExpand  // the row has a value in col, a Sparse, and that has args[0] in scope from
	opMoving  // the instant in col is in window, which depends on now; of a [Single] alone
)

// node is one bitmap to compute. Which fields count is up to op.
type node struct {
	op    op
	scope int
	from  int
	least int64
	args  []id
	col   column.Column
	set   valueSet
	test  *search.Test
	// window is the test of an instant, as probe makes it.
	window *check.Occurs
	// Of what no kernel answers: expr over vectors, whose query has so many slots, or cond.
	expr  check.Node
	slots int
	cond  *eval.Program
	// slow says that vectors, the reference evaluator or long tests of texts have a part in it; cost orders the
	// operands of a connective.
	slow bool
	cost int
	// long says of what no kernel answers that it may take long (long.go).
	long bool
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

// intern returns the id of n: that of an equal node, else a new one. more tells
// apart what the fields that are compared here do not: the expression of a
// fallback.
func (g *graph) intern(n node, more []byte) id {
	k := append(g.key[:0], byte(n.op))
	for _, v := range []uint64{uint64(n.scope), uint64(n.from), g.column(n.col), uint64(n.least), uint64(len(n.args))} {
		k = binary.AppendUvarint(k, v)
	}
	for _, a := range n.args {
		k = binary.AppendUvarint(k, uint64(a))
	}
	k = n.set.appendKey(k)
	g.key = append(k, more...)
	if i, ok := g.ids[string(g.key)]; ok {
		return i
	}
	i := id(len(g.nodes))
	g.nodes = append(g.nodes, n)
	g.ids[string(g.key)] = i
	return i
}

// in returns the node for: the value of n's column is in n's set.
func (g *graph) in(n node) id {
	d, _ := domain(n.col)
	n.set.spans = within(n.set.spans, d)
	whole := d.lo > d.hi || len(n.set.spans) == 1 && n.set.spans[0] == d
	if column.Validity(n.col) == nil {
		n.set.null = whole
	}
	switch {
	case len(n.set.spans) == 0 && !n.set.null:
		return never
	case whole && n.set.null:
		return always
	}
	n.op, n.cost = opSet, width(n.col)
	return g.intern(n, nil)
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

// unary returns the node of an operation on one other.
func (g *graph) unary(o op, scope int, arg id) id {
	a := &g.nodes[arg]
	return g.intern(node{op: o, scope: scope, args: []id{arg}, slow: a.slow, cost: a.cost + 1}, nil)
}

// not returns the complement of n.
func (g *graph) not(n id) id {
	switch {
	case n == never:
		return always
	case n == always:
		return never
	case g.nodes[n].op == opNot:
		return g.nodes[n].args[0]
	case g.nodes[n].op == opSet:
		x := g.nodes[n]
		d, _ := domain(x.col)
		x.set = valueSet{complement(x.set.spans, d), !x.set.null}
		x.text = "not " + x.text
		return g.in(x)
	}
	return g.unary(opNot, g.nodes[n].scope, n)
}

// connect returns the And or Or of ns, which all have this scope or are constant.
// Operands are flattened, sorted and made unique, and those about one column
// become one, so that the order in which an author wrote them does not matter.
func (g *graph) connect(o op, scope int, ns []id) id {
	unit, zero := always, never
	if o == opOr {
		unit, zero = never, always
	}
	var args []id
	for _, n := range ns {
		if g.nodes[n].op == o {
			args = append(args, g.nodes[n].args...)
		} else {
			args = append(args, n)
		}
	}
	args = g.joined(o, g.expandedTogether(o, args))
	slices.Sort(args)
	args = slices.Compact(args)
	if slices.Contains(args, zero) {
		return zero
	}
	args = slices.DeleteFunc(args, func(a id) bool { return a == unit })
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

// joined returns args with the tests of one column joined into one.
func (g *graph) joined(o op, args []id) []id {
	out := args[:0:0]
	for i, a := range args {
		x := g.nodes[a]
		if x.op != opSet {
			out = append(out, a)
			continue
		}
		if slices.ContainsFunc(args[:i], func(b id) bool { return g.sameColumn(a, b) }) {
			continue // it has been joined to that
		}
		for _, b := range args[i+1:] {
			if b == a || !g.sameColumn(a, b) {
				continue
			}
			y := &g.nodes[b]
			if o == opAnd {
				x.set = valueSet{intersection(x.set.spans, y.set.spans), x.set.null && y.set.null}
				x.text += " and " + y.text
			} else {
				x.set = valueSet{union(x.set.spans, y.set.spans), x.set.null || y.set.null}
				x.text += " or " + y.text
			}
		}
		out = append(out, g.in(x))
	}
	return out
}

// sameColumn says whether a and b are tests of one column.
func (g *graph) sameColumn(a, b id) bool {
	x, y := &g.nodes[a], &g.nodes[b]
	return x.op == opSet && y.op == opSet && x.scope == y.scope && x.col == y.col
}
