package plan_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/plan"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// instants holds the moments around the midnights of some years, and a few that
// are far away.
func instants() []int64 {
	at := []int64{math.MinInt32 * 1e6, 0, math.MaxInt32 * 1e6}
	for day := time.Date(2015, 12, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2019; day = day.AddDate(0, 0, 1) {
		at = append(at, day.UnixMilli()-1, day.UnixMilli())
	}
	for hour := now.Add(-100 * time.Hour); hour.Before(now.Add(100 * time.Hour)); hour = hour.Add(time.Hour) {
		at = append(at, hour.UnixMilli()-1, hour.UnixMilli(), hour.UnixMilli()+1)
	}
	return at
}

// windows lists every form of a window over operands of every kind.
func windows() []check.Window {
	call := func(t *check.Type, o check.Op, args ...int64) check.Node {
		c := &check.Call{Info: info(t), Op: o}
		for _, a := range args {
			c.Args = append(c.Args, constant(check.IntType, a))
		}
		return c
	}
	refs := []check.Node{
		call(check.TimestampType, check.Now),
		call(check.IntervalType, check.Date, 2016, 2, 29),
		call(check.IntervalType, check.Date, 2017, 2, 30), // there is none
		&check.Calendar{Info: info(check.IntervalType), Unit: ast.Day},
		&check.Calendar{Info: info(check.IntervalType), Offset: -1, Unit: ast.Month},
	}
	var ws []check.Window
	for _, ref := range refs {
		for _, dir := range []string{"", "before", "after", "from"} {
			ws = append(ws, check.Window{Dir: dir, Ref: ref})
		}
		for _, to := range refs {
			ws = append(ws, check.Window{Ref: ref, To: to})
		}
	}
	for _, ref := range refs {
		for _, o := range []string{"=", "!=", "<", "<=", ">", ">="} {
			for _, dir := range []string{"before", "after", "from"} {
				for i, unit := range []ast.Unit{ast.Hour, ast.Day, ast.Week, ast.Month, ast.Quarter, ast.Year} {
					for _, n := range []int64{0, 1, int64(14 / (i + 1))} {
						ws = append(ws, check.Window{Op: o, N: n, Unit: unit, Dir: dir, Ref: ref})
					}
				}
			}
		}
	}
	return ws
}

// Every window accepts the instants that the reference evaluator accepts, and
// none needs it.
func TestWindows(t *testing.T) {
	at := instants()
	typ := check.ObjectOf(&check.Field{Name: "at", Type: check.TimestampType})
	snap := &column.Snapshot{Schema: typ, Root: &column.Struct{N: len(at), Fields: []column.Column{&column.Timestamps{V: at}}}}
	x := member(&check.Slot{Info: info(typ)}, "at")
	var queries []*check.Query
	all := windows()
	for _, w := range all {
		queries = append(queries, query(&check.Occurs{Info: info(check.BoolType), X: x, Window: w}))
	}
	p, err := plan.New(t.Context(), queries, snap, now)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range p.Explain().Atoms {
		if a.Kind == "fallback" {
			t.Fatalf("a window is asked of the reference evaluator: %+v", a)
		}
	}
	e := p.Evaluator()
	e.Block(column.Range{End: len(at)})
	for i, q := range queries {
		got, err := e.Rule(i)
		if err != nil {
			t.Fatal(err)
		}
		want := eval.New(q, snap, now).Evaluator()
		for row := range at {
			if is, _ := want.Cond(row); got.Get(row) != is {
				w := all[i]
				t.Fatalf("%s, %s %d %s %s: got %v, want %v", time.UnixMilli(at[row]).UTC(),
					w.Op, w.N, w.Unit, w.Dir, !is, is)
			}
		}
	}
}

// By hand: 30 days before 28 August 2018, 12:00 is 29 July, 12:00. A time of that
// very moment is within the 30 days, and so is one a millisecond before now; now
// is not.
func TestWindowByHand(t *testing.T) {
	at := []int64{}
	for _, s := range []string{"2018-07-29T11:59:59.999Z", "2018-07-29T12:00:00Z", "2018-08-28T11:59:59.999Z", "2018-08-28T12:00:00Z"} {
		m, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		at = append(at, m.UnixMilli())
	}
	typ := check.ObjectOf(&check.Field{Name: "at", Type: check.TimestampType})
	snap := &column.Snapshot{Schema: typ, Root: &column.Struct{N: len(at), Fields: []column.Column{&column.Timestamps{V: at}}}}
	w := check.Window{Op: "<=", N: 30, Unit: ast.Day, Dir: "before", Ref: &check.Call{Info: info(check.TimestampType), Op: check.Now}}
	p, err := plan.New(t.Context(), []*check.Query{query(&check.Occurs{Info: info(check.BoolType), X: member(&check.Slot{Info: info(typ)}, "at"), Window: w})}, snap, now)
	if err != nil {
		t.Fatal(err)
	}
	e := p.Evaluator()
	e.Block(column.Range{End: len(at)})
	if got, _ := e.Rule(0); fmt.Sprintf("%04b", got[0]) != "0110" {
		t.Errorf("got %04b", got[0])
	}
}
