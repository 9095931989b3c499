package exec

import (
	"context"
	"strconv"
	"time"

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

// Funnel says what each clause of a condition does to its audience, in one scan. The
// audience itself is the Cumulative of the last. The error is that of the run.
func (e *Engine) Funnel(ctx context.Context, q *check.Query, now time.Time) ([]Clause, error) {
	parts := clauses(q.Cond)
	b := Batch{Now: now}
	for i := range parts {
		others := append(append([]check.Node{}, parts[:i]...), parts[i+1:]...)
		b.add(q, parts[i:i+1])
		b.add(q, parts[:i+1])
		b.add(q, others)
	}
	counts, err := e.counts(ctx, b)
	if err != nil {
		return nil, err
	}
	out := make([]Clause, len(parts))
	for i, p := range parts {
		out[i] = Clause{At: p.Span(), Alone: counts[3*i], Cumulative: counts[3*i+1], Without: counts[3*i+2]}
	}
	return out, nil
}

// clauses gives the operands of the and at the top of a condition.
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

// add adds the query for which all of some conditions of q hold.
func (b *Batch) add(q *check.Query, conds []check.Node) {
	b.Queries = append(b.Queries, Query{ID: strconv.Itoa(len(b.Queries)), Typed: joined(check.And, q.Slots, conds)})
}

// joined gives the query that joins conditions, which have slots in common.
func joined(op check.Op, slots int, conds []check.Node) *check.Query {
	cond := check.Node(&check.Call{Info: check.Info{T: check.BoolType}, Op: op, Args: conds})
	switch len(conds) {
	case 0:
		cond = &check.Const{Info: check.Info{T: check.BoolType}, V: op == check.And}
	case 1:
		cond = conds[0]
	}
	return &check.Query{Root: cond, Cond: cond, Slots: slots}
}

// counts runs a batch of which every query must have an answer.
func (e *Engine) counts(ctx context.Context, b Batch) ([]int, error) {
	results, err := e.Run(ctx, b)
	if err != nil {
		return nil, err
	}
	out := make([]int, len(results))
	for i, r := range results {
		if r.Err != nil {
			return nil, r.Err
		}
		out[i] = r.Count
	}
	return out, nil
}
