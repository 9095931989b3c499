package exec

import (
	"context"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// Clause is one operand of the top and of a condition, or the whole of another one.
type Clause struct {
	// At is its place in the text of the query.
	At ast.Span
	// Alone is the number of profiles that it holds for; Cumulative that for which it
	// and all before it hold; Without that for which all others do.
	Alone, Cumulative, Without int
	// Kept is the share of the profiles for which all before it hold, of all profiles for the
	// first, that it leaves; 0 of none.
	Kept float64
	// CostsMost says that without this one the audience would grow most: the first of those
	// that cost as much, none where the audience would not grow.
	CostsMost bool
}

// FunnelOf says what each clause of a condition does to its audience, in one scan. The
// audience itself is the Cumulative of the last. The error is that of the run.
func FunnelOf(ctx context.Context, r Runner, o Operation, q *check.Query) ([]Clause, error) {
	parts := Clauses(q.Cond)
	var queries []Query
	for i := range parts {
		others := append(append([]check.Node{}, parts[:i]...), parts[i+1:]...)
		for _, conds := range [][]check.Node{parts[i : i+1], parts[:i+1], others} {
			queries = append(queries, Query{Typed: joined(check.And, q.Slots, conds)})
		}
	}
	results, err := o.run(ctx, r, queries, len(queries)-2)
	if err != nil {
		return nil, err
	}
	out := make([]Clause, len(parts))
	before, audience := results[0].Total, results[len(results)-2].Count
	most, costs := -1, 0
	for i, p := range parts {
		c := Clause{At: p.Span(), Alone: results[3*i].Count, Cumulative: results[3*i+1].Count, Without: results[3*i+2].Count}
		if before > 0 {
			c.Kept = float64(c.Cumulative) / float64(before)
		}
		if c.Without-audience > costs {
			most, costs = i, c.Without-audience
		}
		out[i], before = c, c.Cumulative
	}
	if most >= 0 {
		out[most].CostsMost = true
	}
	return out, nil
}

// Clauses returns the operands of the and at the top of a condition, or the whole of another one.
func Clauses(n check.Node) []check.Node {
	call, ok := n.(*check.Call)
	if !ok || call.Op != check.And {
		return []check.Node{n}
	}
	var out []check.Node
	for _, a := range call.Args {
		out = append(out, Clauses(a)...)
	}
	return out
}
