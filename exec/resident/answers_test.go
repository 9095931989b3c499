package resident_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/lang/check"
)

// holds returns the rows of the table for which a plain test holds.
func holds(snap *column.Snapshot, f func(row int) bool) []int {
	var rows []int
	for row := range snap.Rows() {
		if f(row) {
			rows = append(rows, row)
		}
	}
	return rows
}

func ageOf(snap *column.Snapshot) *column.Ints { return snap.Root.Fields[2].(*column.Ints) }

func stateOf(snap *column.Snapshot) *column.Strings { return snap.Root.Fields[1].(*column.Strings) }

func old(least int64) check.Node { return test(check.Ge, field("age"), constant(least)) }

func from(state string) check.Node { return test(check.Eq, field("state"), constant(state)) }

func TestAllIDs(t *testing.T) {
	snap := table(30_000, 0)
	e := open(t, snap, 2)
	age := ageOf(snap)
	var mu sync.Mutex
	var got []string
	results, err := e.Run(t.Context(), exec.Batch{Now: now, Queries: []exec.Query{{
		ID: "q", Typed: query(old(30)), IDs: func(ids []string) error {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, ids...)
			return nil
		},
	}}})
	if err != nil || results[0].Err != nil {
		t.Fatal(err, results)
	}
	var want []string
	for _, row := range holds(snap, func(row int) bool { return !age.Null(row) && age.At(row) >= 30 }) {
		want = append(want, fmt.Sprint(column.Value(snap.Root.Fields[snap.ID.Index], row, snap.ID.Type)))
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) || results[0].Count != len(want) {
		t.Errorf("%d ids and a count of %d, want %d", len(got), results[0].Count, len(want))
	}
}

func TestAllMatches(t *testing.T) {
	snap := table(30_011, 0)
	e := open(t, snap, 2)
	age := ageOf(snap)
	var mu sync.Mutex
	var got []int
	results, err := e.Run(t.Context(), exec.Batch{Now: now, Queries: []exec.Query{{
		ID: "q", Typed: query(old(30)), Matches: func(start int, matched []uint64) error {
			mu.Lock()
			defer mu.Unlock()
			if start%64 != 0 {
				t.Errorf("a block starts at %d", start)
			}
			for i := range 64 * len(matched) {
				if matched[i/64]>>(i%64)&1 == 1 {
					got = append(got, start+i)
				}
			}
			return nil
		},
	}}})
	if err != nil || results[0].Err != nil {
		t.Fatal(err, results)
	}
	want := holds(snap, func(row int) bool { return !age.Null(row) && age.At(row) >= 30 })
	slices.Sort(got)
	if !slices.Equal(got, want) || results[0].Count != len(want) {
		t.Errorf("%d profiles and a count of %d, want %d", len(got), results[0].Count, len(want))
	}
}

func TestIDsThatNobodyTakes(t *testing.T) {
	e := open(t, table(30_000, 0), 2)
	full := errors.New("the disk is full")
	results, err := e.Run(t.Context(), exec.Batch{Now: now, Queries: []exec.Query{
		{ID: "q", Typed: query(old(1)), IDs: func([]string) error { return full }},
		{ID: "other", Typed: query(old(1))},
	}})
	if err != nil || !errors.Is(results[0].Err, full) || results[1].Err != nil {
		t.Errorf("%v, %v", err, results)
	}
}

// Texts in the order of the rows are counted as by a dictionary.
func TestBreakdownOfTexts(t *testing.T) {
	snap := table(20_000, 0)
	ask := func(snap *column.Snapshot) []exec.Result {
		b := exec.Batch{Now: now, Queries: []exec.Query{
			{ID: "state", Typed: query(old(30)), By: []string{"state"}}, {ID: "id", Typed: query(old(90)), By: []string{"id"}},
		}}
		results, err := open(t, snap, 2).Run(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		return results
	}
	want := ask(snap)
	for i, r := range ask(exectest.AsTexts(snap)) {
		if r.Without != want[i].Without || !slices.Equal(r.Groups, want[i].Groups) || len(r.Groups) == 0 {
			t.Errorf("%s: %d groups and %d without, want %d and %d", r.ID, len(r.Groups), r.Without, len(want[i].Groups), want[i].Without)
		}
	}
}

func TestBreakdown(t *testing.T) {
	snap := table(20_000, 0)
	e := open(t, snap, 2)
	age, state := ageOf(snap), stateOf(snap)
	results, err := e.Run(t.Context(), exec.Batch{Now: now, Queries: []exec.Query{
		{ID: "state", Typed: query(old(30)), By: []string{"state"}},
		{ID: "age", Typed: query(from("CA")), By: []string{"age"}},
		{ID: "vip", Typed: query(old(30)), By: []string{"vip"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range results {
		if r.Err != nil {
			t.Fatal(r.Err)
		}
		counts := map[string]int{}
		without := 0
		for row := range snap.Rows() {
			in := !age.Null(row) && age.At(row) >= 30
			if i == 1 {
				in = !state.Null(row) && state.At(row) == "CA"
			}
			if !in {
				continue
			}
			col := snap.Root.Fields[snap.Schema.Field(r.ID).Index]
			if col.Null(row) {
				without++
				continue
			}
			counts[fmt.Sprint(column.Value(col, row, snap.Schema.Field(r.ID).Type))]++
		}
		if without != r.Without || len(counts) != len(r.Groups) {
			t.Errorf("%s: %d values and %d without, want %d and %d", r.ID, len(r.Groups), r.Without, len(counts), without)
		}
		for k, g := range r.Groups {
			if counts[g.Value] != g.Count {
				t.Errorf("%s: %s has %d, want %d", r.ID, g.Value, g.Count, counts[g.Value])
			}
			if k > 0 && g.Count > r.Groups[k-1].Count {
				t.Errorf("%s: %s is behind a less frequent one", r.ID, g.Value)
			}
		}
	}
	if _, err := e.Run(t.Context(), exec.Batch{Now: now, Queries: []exec.Query{{ID: "q", Typed: query(old(1)), By: []string{"nowhere"}}}}); err == nil {
		t.Error("a breakdown by a field that there is not")
	}
}

func share(part, whole int) float64 { return float64(part) / float64(whole) }

func TestFunnel(t *testing.T) {
	snap := table(20_000, 0)
	e := open(t, snap, 2)
	age, state, vip := ageOf(snap), stateOf(snap), snap.Root.Fields[4].(*column.Bools)
	clauses, err := exec.FunnelOf(t.Context(), e, exec.Operation{Now: now}, query(test(check.And, test(check.And, old(30), from("CA")), test(check.Truth, field("vip")))))
	if err != nil {
		t.Fatal(err)
	}
	tests := []func(row int) bool{
		func(row int) bool { return !age.Null(row) && age.At(row) >= 30 },
		func(row int) bool { return !state.Null(row) && state.At(row) == "CA" },
		func(row int) bool { return !vip.Null(row) && vip.Bits.Get(row) },
	}
	all := func(which ...int) int {
		return len(holds(snap, func(row int) bool {
			for _, w := range which {
				if !tests[w](row) {
					return false
				}
			}
			return true
		}))
	}
	want := []exec.Clause{
		{Alone: all(0), Cumulative: all(0), Without: all(1, 2), Kept: share(all(0), snap.Rows())},
		{Alone: all(1), Cumulative: all(0, 1), Without: all(0, 2), Kept: share(all(0, 1), all(0)), CostsMost: true},
		{Alone: all(2), Cumulative: all(0, 1, 2), Without: all(0, 1), Kept: share(all(0, 1, 2), all(0, 1))},
	}
	if !slices.Equal(clauses, want) {
		t.Errorf("got %v, want %v", clauses, want)
	}
}

func TestOverlap(t *testing.T) {
	snap := table(20_000, 0)
	e := open(t, snap, 2)
	e.Cut([]int{1, 100, 4097, 9999, 20_000})
	age, state := ageOf(snap), stateOf(snap)
	in := []func(row int) bool{
		func(row int) bool { return !age.Null(row) && age.At(row) >= 30 },
		func(row int) bool { return !state.Null(row) && state.At(row) == "CA" },
		func(row int) bool { return !age.Null(row) && age.At(row) >= 50 },
	}
	o, err := exec.OverlapOf(t.Context(), e, exec.Operation{Now: now}, []*check.Query{query(old(30)), query(from("CA")), query(old(50))})
	if err != nil {
		t.Fatal(err)
	}
	count := func(f func(row int) bool) int { return len(holds(snap, f)) }
	for i := range in {
		for j := range in {
			if want := count(func(row int) bool { return in[i](row) && in[j](row) }); o.Both[i][j] != want {
				t.Errorf("%d are in %d and %d, want %d", o.Both[i][j], i, j, want)
			}
		}
		if want := count(func(row int) bool { return in[i](row) && !in[(i+1)%3](row) && !in[(i+2)%3](row) }); o.Only[i] != want {
			t.Errorf("%d are only in %d, want %d", o.Only[i], i, want)
		}
	}
	if want := count(func(row int) bool { return in[0](row) && in[1](row) && in[2](row) }); o.All != want {
		t.Errorf("%d are in all, want %d", o.All, want)
	}
	if want := count(func(row int) bool { return in[0](row) || in[1](row) || in[2](row) }); o.Any != want {
		t.Errorf("%d are in any, want %d", o.Any, want)
	}
	inSets := 0
	for k, x := range o.Exact {
		want := count(func(row int) bool {
			for i, f := range in {
				if f(row) != slices.Contains(x.In, i) {
					return false
				}
			}
			return true
		})
		if inSets += x.Count; x.Count != want || k > 0 && x.Count > o.Exact[k-1].Count {
			t.Errorf("%d are exactly in %d, want %d", x.Count, x.In, want)
		}
	}
	if inSets != o.Any || o.Distinct != len(o.Exact) || o.Total != snap.Rows() {
		t.Errorf("%d are in %d sets, %d in any", inSets, o.Distinct, o.Any)
	}
	if j := o.Jaccard(0, 2); j != float64(o.Both[2][2])/float64(o.Both[0][0]) {
		t.Errorf("of one audience in another the Jaccard index is %v", j)
	}
}

// The state has nothing to do with itself being CA, but everything.
func TestLift(t *testing.T) {
	snap := table(20_000, 0)
	e := open(t, snap, 2)
	lifts, err := exec.LiftOf(t.Context(), e, exec.Operation{Now: now}, query(from("CA")), [][]string{{"state"}, {"id"}})
	if err != nil {
		t.Fatal(err)
	}
	own := 0
	for _, l := range lifts.Values {
		own += l.Count
	}
	if own != lifts.Count || lifts.Total != 20_000 {
		t.Errorf("%d of all values, and %d in the audience of %d", own, lifts.Count, lifts.Total)
	}
	if top := lifts.Values[0]; top.Value != "CA" || top.Share != 1 || top.P > 1e-9 || math.Abs(top.Index-100/top.Base) > 1e-9 {
		t.Errorf("first comes %+v", top)
	}
	if !slices.EqualFunc(lifts.LeftOut, [][]string{{"id"}}, slices.Equal) {
		t.Errorf("left out were %q", lifts.LeftOut)
	}
}
