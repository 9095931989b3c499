package analysis

import (
	"cmp"
	"strings"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// breakdownOf returns the counts by value, most frequent first, up to as many as are wanted.
func breakdownOf(s Spec, r exec.Result, out *record.Record) *record.Breakdown {
	b := &record.Breakdown{By: s.By, Distinct: r.Distinct, Without: r.Without, Values: []record.ValueCount{}}
	for _, g := range r.Groups[:min(s.top(), len(r.Groups))] {
		b.Values = append(b.Values, record.ValueCount{Value: g.Value, Count: g.Count})
	}
	if len(b.Values) < b.Distinct {
		out.Truncated = append(out.Truncated, "breakdown.values")
	}
	return b
}

// top is how many values of a breakdown are wanted.
func (s Spec) top() int { return cmp.Or(s.Top, redisx.DefaultTop) }

// funnelOf returns the clauses in the words of the text that they are of.
func funnelOf(clauses []exec.Clause, text string) (all []record.Clause) {
	for _, c := range clauses {
		all = append(all, record.Clause{
			Clause: strings.Join(strings.Fields(text[c.At.Start:c.At.End]), " "),
			Alone:  c.Alone, SoFar: c.Cumulative, Cumulative: c.Cumulative, Kept: c.Kept, Without: c.Without, CostsMost: c.CostsMost,
		})
	}
	return all
}

// overlapOf returns what audiences have in common.
func overlapOf(o *exec.Overlap, audiences []Audience, out *record.Record) *record.Overlap {
	all := &record.Overlap{Both: o.Both, Only: o.Only, All: o.All, Any: o.Any, Distinct: o.Distinct, Exact: []record.Intersection{}}
	for i, a := range audiences {
		row := make([]float64, len(audiences))
		for j := range audiences {
			row[j] = o.Jaccard(i, j)
		}
		all.Jaccard = append(all.Jaccard, row)
		all.Names, all.Queries = append(all.Names, a.Name), append(all.Queries, a.Query)
	}
	for _, set := range o.Exact {
		all.Exact = append(all.Exact, record.Intersection(set))
	}
	if len(all.Exact) < all.Distinct {
		out.Truncated = append(out.Truncated, "overlap.exact")
	}
	return all
}
