// Package plan turns the queries of a batch into one shared piece of work over a
// snapshot.
//
// The tour: [New] compiles every condition, in cond.go and the files it leads to,
// into nodes of one graph. A node is a bitmap to compute: a leaf is one column
// against constants, the rest are the connectives and the step between the
// rows of a table and the elements of its lists (scope.go). Nodes are
// hash-consed (graph.go): the same question asked by a hundred rules is one
// node, and two equal rules share one. What has no form here is a separate leaf
// that the other evaluators answer (fallback.go).
//
// An [Evaluator] computes the graph for one block of rows at a time. Each node
// is computed once per block, cheap ones first, and a fallback only for the rows
// that the cheap ones have left undecided.
package plan

import (
	"context"
	"runtime/debug"
	"sort"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/vector"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// Plan is the work of a batch over one snapshot at one moment. It is immutable
// and safe for concurrent use.
type Plan struct {
	snap   *column.Snapshot
	now    time.Time
	nodes  []node
	scopes []scope
	// roots holds the node of each rule's condition.
	roots   []id
	vectors *vector.Program
	// shown says that the bitmaps of all rules are read, and not only counted.
	shown bool
	// slow says that some rule needs vectors or the reference evaluator, and plain
	// that one needs the latter; asked holds, for each rule, the nodes for which it
	// does.
	slow, plain bool
	asked       [][]id
	// layout is what is done for a block.
	layout *layout
	// rows is the usual number of rows of a block, elements how many the lists that it
	// reads may have.
	rows, elements int
}

// New plans the conditions of queries, which were checked against the schema of
// snap. now is what they mean by now. String conditions are answered for whole
// dictionaries here, which takes time where these are large (a [Planner] remembers the
// answers); New ends early with the error of ctx. What goes wrong inside is an
// [ast.Fault].
func New(ctx context.Context, queries []*check.Query, snap *column.Snapshot, now time.Time) (*Plan, error) {
	return newPlan(ctx, queries, snap, NewPlanner(), now, false)
}

func newPlan(ctx context.Context, queries []*check.Query, snap *column.Snapshot, planner *Planner, now time.Time, shown bool) (p *Plan, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // the data may lie in a file
	defer ast.Guard(func(f *ast.Fault) { p, err = nil, f })
	c := newCompiler(ctx, snap, now, planner)
	roots, err := c.queries(queries)
	if err != nil {
		return nil, err
	}
	p = &Plan{snap: snap, now: now, nodes: c.graph.nodes, scopes: c.scopes, vectors: c.vectors, roots: roots, shown: shown, asked: make([][]id, len(roots))}
	for i, r := range roots {
		if p.nodes[r].slow {
			p.slow = true
			p.asked[i] = p.fallbacks(r)
			for _, n := range p.asked[i] {
				p.plain = p.plain || p.nodes[n].op == opCond
			}
		}
	}
	p.lay()
	p.size()
	return p, nil
}

// Rules is the number of rules, which are known by the index of their query.
func (p *Plan) Rules() int { return len(p.roots) }

// Slow says whether more than kernels have a part in a rule.
func (p *Plan) Slow(rule int) bool { return p.nodes[p.roots[rule]].slow }

// Program tells rules apart by what they compute: rules with equal programs have
// equal answers.
func (p *Plan) Program(rule int) int { return int(p.roots[rule]) }

// fallbacks returns the nodes below root that no kernel answers.
func (p *Plan) fallbacks(root id) []id {
	seen := map[id]bool{}
	p.mark(root, seen)
	var found []id
	for i := range seen {
		if op := p.nodes[i].op; op == opCond || op == opVector {
			found = append(found, i)
		}
	}
	return found
}

// How much one block may hold: bitmaps of up to areaBytes together, so that they
// stay in the second-level cache, of a number of rows between leastRows and
// mostRows: with fewer, what a step costs beside its rows is more than the cache saves. The reference evaluator takes so much longer per row that its blocks
// are small, to keep turns short.
const (
	areaBytes = 1 << 20
	leastRows = 4 << 10
	mostRows  = 64 << 10
	slowRows  = 1 << 10
	// What vectors take for a row is not known beforehand.
	vectorRows = 4 << 10
	// A few rows may have as many events as all others together. A block whose rows have
	// more than so many elements has fewer rows.
	elementsPerRow = 16
)

// Block returns the first block of rows: as many as one call of
// [Evaluator.Block] should take, one at least. It ends at a multiple of 64 or at the end of
// rows, unless so many rows have too many elements in their lists.
func (p *Plan) Block(rows column.Range) column.Range {
	rows.End = min(rows.End, rows.Start&^63+p.rows)
	if p.slow {
		// The lists that vectors and the reference evaluator read are no scopes.
		rows = p.snap.Within(rows, int64(p.elements))
	}
	if p.holds(rows) {
		return rows
	}
	end := rows.Start + 1 + sort.Search(rows.Rows()-1, func(k int) bool {
		return !p.holds(column.Range{Start: rows.Start, End: rows.Start + k + 2})
	})
	if whole := end &^ 63; whole > rows.Start {
		end = whole
	}
	return column.Range{Start: rows.Start, End: end}
}

// holds says whether rows are not too many for a block.
func (p *Plan) holds(rows column.Range) bool {
	bytes, elements := p.bytes(rows)
	return bytes <= 4*areaBytes && elements <= p.elements
}

// size chooses the number of rows of a block.
func (p *Plan) size() {
	switch {
	case p.plain:
		p.rows, p.elements = slowRows, elementsPerRow*slowRows
		return
	case p.slow:
		p.rows, p.elements = vectorRows, elementsPerRow*vectorRows
		return
	}
	p.rows, p.elements = leastRows, elementsPerRow*mostRows
	all := p.snap.Rows()
	bytes, _ := p.bytes(column.Range{End: all})
	if perRow := bytes * 1024 / max(all, 1); perRow > 0 {
		p.rows = min(max(areaBytes*1024/perRow&^511, leastRows), mostRows)
	}
}

// bytes returns the size of the bitmaps of a block, and the number of elements in the
// lists that it reads.
func (p *Plan) bytes(rows column.Range) (n, elements int) {
	spans := make([]column.Range, len(p.scopes))
	for i, s := range p.scopes {
		spans[i] = s.span(rows, spans)
		n += p.layout.slots[i] * spans[i].Rows() / 8
		if s.list != nil {
			elements += spans[i].Rows()
		}
	}
	return n, elements
}
