package exec_test

import (
	"slices"
	"testing"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// clause is a condition at a place.
func clause(at int) check.Node {
	return &check.Const{Info: check.Info{T: check.BoolType, At: ast.Span{Start: at, End: at + 1}}, V: true}
}

// Of each clause is known what it keeps, of nobody nothing, and one costs most where the audience
// can grow.
func TestFunnelAtTheEdges(t *testing.T) {
	and := func(clauses ...check.Node) *check.Query {
		cond := &check.Call{Info: check.Info{T: check.BoolType}, Op: check.And, Args: clauses}
		return &check.Query{Root: cond, Cond: cond, Slots: 1}
	}
	at := func(i int) ast.Span { return ast.Span{Start: i, End: i + 1} }
	for name, c := range map[string]struct {
		q      *check.Query
		counts []int // alone, so far, without
		want   []exec.Clause
	}{
		"one": {
			&check.Query{Cond: clause(0), Slots: 1}, []int{25, 25, 100},
			[]exec.Clause{{At: at(0), Alone: 25, Cumulative: 25, Without: 100, Kept: 0.25, CostsMost: true}},
		},
		"all": {
			and(clause(0), clause(1)), []int{100, 100, 100, 100, 100, 100},
			[]exec.Clause{{At: at(0), Alone: 100, Cumulative: 100, Without: 100, Kept: 1}, {At: at(1), Alone: 100, Cumulative: 100, Without: 100, Kept: 1}},
		},
		"nobody": {
			and(clause(0), clause(1)), []int{0, 0, 40, 40, 0, 0},
			[]exec.Clause{{At: at(0), Without: 40, CostsMost: true}, {At: at(1), Alone: 40}},
		},
		"as much": {
			and(clause(0), and(clause(1), clause(2)).Cond), []int{60, 60, 20, 50, 30, 30, 40, 10, 30},
			[]exec.Clause{
				{At: at(0), Alone: 60, Cumulative: 60, Without: 20, Kept: 0.6}, {At: at(1), Alone: 50, Cumulative: 30, Without: 30, Kept: 0.5, CostsMost: true},
				{At: at(2), Alone: 40, Cumulative: 10, Without: 30, Kept: 1.0 / 3},
			},
		},
	} {
		var r answers
		for _, n := range c.counts {
			r = append(r, exec.Result{Count: n, Total: 100})
		}
		got, err := exec.FunnelOf(t.Context(), r, exec.Operation{Now: time.Now()}, c.q)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}
