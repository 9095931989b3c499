package plan

import (
	"math/bits"

	"github.com/segq/segq/exec/column"
)

// Columns that do not store a value for each row are asked where their values are: a
// column.Constant here, once, and the values of a column.Sparse as a scope of its own, from
// which the answer is spread over the rows.

// inStored returns the node for: the value at p, a Sparse or Constant, is in a set.
func (c *compiler) inStored(p place, set valueSet, text string) id {
	switch col := p.col.(type) {
	case *column.Sparse:
		null := set.null
		set.null = false
		if null { // all but the values that are not in the set
			d, _ := domain(col.Values)
			set.spans, text = complement(within(set.spans, d), d), "not "+text
		}
		is := c.expanded(p, c.in(c.valuesOf(p, col), set, text))
		if null {
			return c.graph.not(is)
		}
		return is
	case *column.Constant:
		if is := set.has(onlyKey(col.Value)); is == set.null {
			return c.always(is)
		} else if is {
			return c.valid(p)
		}
		return c.graph.not(c.valid(p))
	}
	panic("plan: a column that stores all values")
}

// onlyKey returns the key of the value of a column of one row.
func onlyKey(c column.Column) int64 {
	if b, ok := c.(*column.Bools); ok {
		if b.Bits.Get(0) {
			return 1
		}
		return 0
	}
	return keyAt(c, 0)
}

func (c *compiler) always(is bool) id {
	if is {
		return always
	}
	return never
}

// valuesOf returns the place of the values of a sparse column at p.
func (c *compiler) valuesOf(p place, col *column.Sparse) place {
	return place{c.scope(scope{parent: p.scope, sparse: col}), col.Values, p.path}
}

// expanded returns the node for: the row has a value, for which n holds.
func (c *compiler) expanded(p place, n id) id {
	switch n {
	case never:
		return never
	case always:
		return c.valid(p)
	}
	return c.graph.expand(p.scope, p.col, n, p.name())
}

// expand returns the node of a condition on the values of a sparse column, which has this name, as
// one on its rows.
func (g *graph) expand(scope int, col column.Column, n id, name string) id {
	x := &g.nodes[n]
	return g.intern(node{op: opExpand, scope: scope, from: x.scope, col: col, args: []id{n}, slow: x.slow, cost: x.cost/sparseCost + 1, text: name}, nil)
}

// sparseCost is how many rows a sparse column has for a value, at least.
const sparseCost = 64

// expandedTogether returns args with the conditions on one sparse column joined where its values
// are.
func (g *graph) expandedTogether(o op, args []id) []id {
	out := args[:0:0]
	same := map[int][]id{} // by scope of the values
	for _, a := range args {
		x := &g.nodes[a]
		if x.op != opExpand {
			out = append(out, a)
			continue
		}
		if same[x.from] == nil {
			out = append(out, a)
		}
		same[x.from] = append(same[x.from], x.args[0])
	}
	if len(same) == 0 {
		return args
	}
	for i, a := range out {
		x := g.nodes[a]
		if x.op == opExpand && len(same[x.from]) > 1 {
			out[i] = g.expandedOne(x, g.connect(o, x.from, same[x.from]))
		}
	}
	return out
}

// expandedOne returns the node for n in the place of what x expands.
func (g *graph) expandedOne(x node, n id) id {
	switch n {
	case never:
		return never
	case always:
		return g.intern(node{op: opValid, scope: x.scope, col: x.col, text: x.text + " is present", cost: 1}, nil)
	}
	return g.expand(x.scope, x.col, n, x.text)
}

// placesState is where the values of a sparse column belong, as positions of the block.
type placesState struct {
	block uint64
	at    []uint32
}

// placesOf returns the positions of the rows of the block that have a value, for the scope of the
// values of a sparse column.
func (e *Evaluator) placesOf(values int) []uint32 {
	p := &e.places[values]
	if p.block == e.block {
		return p.at
	}
	s := e.plan.scopes[values]
	rows, n := e.spans[s.parent], e.spans[values].Rows()
	p.block, p.at = e.block, sized(p.at, n)
	at := p.at[:0]
	for w, start := rows.Start>>6, rows.Start; start < rows.End; w, start = w+1, (w+1)<<6 {
		word := s.sparse.Valid[w] >> (start & 63)
		for ; word != 0 && len(at) < n; word &= word - 1 {
			at = append(at, uint32(start-rows.Start+bits.TrailingZeros64(word)))
		}
	}
	return at
}

// expand computes a condition on rows from one on the values of a sparse column.
func (e *Evaluator) expand(n *node, dst, values []uint64) {
	at := e.placesOf(n.from)
	clear(dst)
	for w, word := range values {
		for ; word != 0; word &= word - 1 {
			i := at[w<<6+bits.TrailingZeros64(word)]
			dst[i>>6] |= 1 << (i & 63)
		}
	}
}

// slowExpand needs the values of the rows in need.
func (e *Evaluator) slowExpand(n *node, dst, need []uint64) error {
	values := e.borrow(n.from)
	defer e.release(values)
	clear(values)
	for k, i := range e.placesOf(n.from) {
		values[k>>6] |= need[i>>6] >> (i & 63) & 1 << (k & 63)
	}
	if err := e.slow(n.args[0], values); err != nil {
		return err
	}
	e.expand(n, dst, e.known(n.args[0], n.from))
	return nil
}
