package exec

import (
	"context"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// NearValues is how many different values a field may have among the profiles of which one is to be chosen by it.
const NearValues = 1 << 16

// Loosened is a condition that holds for more than another one.
type Loosened struct {
	Typed *check.Query
	// By is the path to a field: of the profiles that Typed holds for beside those of the other condition, it is
	// those with one value of it that are added, the most frequent one. Nil for all of them.
	By []string
}

// Near is what keeps profiles just out of an audience.
type Near struct {
	// Count is the number of profiles in the audience, of Total.
	Count, Total int
	Missed       []Missed
	// Added run along the conditions that were given.
	Added []Added
}

// Missed is one operand of the top and of a condition, or the whole of another one.
type Missed struct {
	// At is its place in the text of the query.
	At ast.Span
	// Count is the number of profiles for which it does not hold, and all others do.
	Count int
}

// Added is what a looser condition adds.
type Added struct {
	// Count is the number of profiles in its audience less that of the audience.
	Count int
	// Value is the value of the field that adds most, where one was asked for; Chosen says that there is one.
	Value  string
	Chosen bool
	// ManyValues says that there are more than [NearValues] of them.
	ManyValues bool
}

// NearOf says for each clause of a condition how many profiles it alone keeps out, and what looser conditions
// add, in one scan. The error is that of the run.
func NearOf(ctx context.Context, r Runner, o Operation, q *check.Query, looser []Loosened) (*Near, error) {
	parts := Clauses(q.Cond)
	queries := []Query{{Typed: q}}
	for i := range parts {
		others := append(append([]check.Node{}, parts[:i]...), parts[i+1:]...)
		queries = append(queries, Query{Typed: joined(check.And, q.Slots, others)})
	}
	not := &check.Call{Info: check.Info{T: check.BoolType}, Op: check.Not, Args: []check.Node{q.Cond}}
	for _, l := range looser {
		one := Query{Typed: l.Typed}
		if l.By != nil {
			one = Query{Typed: joined(check.And, max(q.Slots, l.Typed.Slots), []check.Node{l.Typed.Cond, not}), By: l.By, ByMost: NearValues, ByTop: 1}
		}
		queries = append(queries, one)
	}
	results, err := o.run(ctx, r, queries, 0)
	if err != nil {
		return nil, err
	}
	n := &Near{Count: results[0].Count, Total: results[0].Total}
	for i, p := range parts {
		n.Missed = append(n.Missed, Missed{At: p.Span(), Count: results[1+i].Count - n.Count})
	}
	for i, l := range looser {
		n.Added = append(n.Added, addedBy(l, &results[1+len(parts)+i], n.Count))
	}
	return n, nil
}

// addedBy reads what a looser condition adds to an audience.
func addedBy(l Loosened, r *Result, audience int) Added {
	switch {
	case l.By == nil:
		return Added{Count: r.Count - audience}
	case r.ManyValues || len(r.Groups) == 0:
		return Added{ManyValues: r.ManyValues}
	}
	return Added{Count: r.Groups[0].Count, Value: r.Groups[0].Value, Chosen: true}
}
