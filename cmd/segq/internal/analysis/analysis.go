// Package analysis answers what is asked of audiences beside their size: how they are spread over the
// values of a field, what each clause does, what keeps profiles just out of them, how they differ from everyone, what they have in common.
// A run with the data here and a worker share it, so that an answer is the same at every door.
//
// The tour: a [Spec] says what is asked (spec.go); [Answer] asks an engine (this file), and makes the
// parts of the record (parts.go).
package analysis

import (
	"context"
	"fmt"
	"slices"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx/record"
)

// Audience is a query of which something is asked.
type Audience struct {
	// Name is what it is called: a name, else the text of the query.
	Name string
	// Query is that text.
	Query string
	Typed *check.Query
	// Source is the text in which Typed has its places.
	Source string
	// Compile checks another text as Query was, and Private says whether the values of a field are not to be told
	// to who has not written them. Only near asks.
	Compile func(text string) (*check.Query, ast.Diagnostics)
	Private func(path string) bool
	// Values returns values of a field of elements of a list that may be told, the most frequent first. Nil, and none where the
	// field is not in memory, are no values. Only near asks, after a run that has read the field.
	Values func(path []string) []string
}

// Answer asks a runner, as o says, and fills in the record with the total of profiles: of one
// audience, or for an overlap of several. The error is that of the run, or of a field that
// does not exist or cannot be used so.
func Answer(ctx context.Context, r exec.Runner, o exec.Operation, s Spec, schema *column.Snapshot, audiences []Audience, out *record.Record) error {
	var err error
	switch s.Op {
	case Breakdown:
		err = breakdown(ctx, r, o, s, schema, audiences[0], out)
	case Funnel:
		err = funnel(ctx, r, o, audiences[0], out)
	case Near:
		err = near(ctx, r, o, schema, audiences[0], out)
	case Lift:
		err = lift(ctx, r, o, s, schema, audiences[0], out)
	case Overlap:
		err = overlap(ctx, r, o, audiences, out)
	default:
		err = fmt.Errorf("%q is not an analysis", s.Op)
	}
	if err != nil {
		return err
	}
	total := schema.Rows()
	out.Status, out.Exact, out.Total = record.OK, true, &total
	return nil
}

func breakdown(ctx context.Context, r exec.Runner, o exec.Operation, s Spec, schema *column.Snapshot, a Audience, out *record.Record) error {
	by, err := s.fields(schema)
	if err != nil {
		return err
	}
	results, err := r.Run(ctx, exec.Batch{Now: o.Now, Class: o.Class, Tenant: o.Tenant, Sink: o.Sink, Queries: []exec.Query{
		{ID: o.ID, Typed: a.Typed, By: by[0].path, ByTop: s.top()},
	}})
	if err != nil {
		return err
	}
	if results[0].Err != nil {
		return results[0].Err
	}
	out.Count = &results[0].Count
	out.Breakdown = breakdownOf(s, results[0], out)
	return nil
}

func funnel(ctx context.Context, r exec.Runner, o exec.Operation, a Audience, out *record.Record) error {
	clauses, err := exec.FunnelOf(ctx, r, o, a.Typed)
	if err != nil {
		return err
	}
	out.Count = &clauses[len(clauses)-1].Cumulative
	out.Funnel = funnelOf(clauses, a.Source)
	return nil
}

func overlap(ctx context.Context, r exec.Runner, o exec.Operation, audiences []Audience, out *record.Record) error {
	typed := make([]*check.Query, len(audiences))
	for i, a := range audiences {
		typed[i] = a.Typed
	}
	found, err := exec.OverlapOf(ctx, r, o, typed)
	if err != nil {
		return err
	}
	out.Overlap = overlapOf(found, distinct(audiences), out)
	return nil
}

// distinct gives each audience a name of its own: buyers, buyers (2).
func distinct(audiences []Audience) []Audience {
	out, taken := slices.Clone(audiences), map[string]bool{}
	for _, a := range audiences {
		taken[a.Name] = true
	}
	seen := map[string]int{}
	for i, a := range audiences {
		if seen[a.Name]++; seen[a.Name] == 1 {
			continue
		}
		for out[i].Name = ""; out[i].Name == "" || taken[out[i].Name]; seen[a.Name]++ {
			out[i].Name = fmt.Sprintf("%s (%d)", a.Name, seen[a.Name])
		}
		seen[a.Name]--
		taken[out[i].Name] = true
	}
	return out
}

// Name makes the error of a record about several audiences say which of them is wrong. Its place is
// that in the query of the audience alone.
func Name(r *record.Record, audience int) {
	r.Error.Query = audience + 1
	r.Error.Message = fmt.Sprintf("query %d: %s", audience+1, r.Error.Message)
}
