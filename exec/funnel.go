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
}

// FunnelOf says what each clause of a condition does to its audience, in one scan. The
// audience itself is the Cumulative of the last. The error is that of the run.
func FunnelOf(ctx context.Context, r Runner, o Operation, q *check.Query) ([]Clause, error) {
	parts := clauses(q.Cond)
	var conds []*check.Query
	for i := range parts {
		others := append(append([]check.Node{}, parts[:i]...), parts[i+1:]...)
		conds = append(conds, joined(check.And, q.Slots, parts[i:i+1]), joined(check.And, q.Slots, parts[:i+1]), joined(check.And, q.Slots, others))
	}
	counts, err := o.counts(ctx, r, conds, len(conds)-2)
	if err != nil {
		return nil, err
	}
	out := make([]Clause, len(parts))
	for i, p := range parts {
		out[i] = Clause{At: p.Span(), Alone: counts[3*i], Cumulative: counts[3*i+1], Without: counts[3*i+2]}
	}
	return out, nil
}

// clauses returns the operands of the and at the top of a condition.
func clauses(n check.Node) []check.Node {
	call, ok := n.(*check.Call)
	if !ok || call.Op != check.And {
		return []check.Node{n}
	}
	var out []check.Node
	for _, a := range call.Args {
		out = append(out, clauses(a)...)
	}
	return out
}
