package resident_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// plainMembers are the memberships that the reference evaluator finds, as text, and how many each rule has.
func plainMembers(t testing.TB, snap *column.Snapshot, rules []*check.Query, names []string, all bool) (rows []string, counts []int) {
	t.Helper()
	counts = make([]int, len(rules))
	var conds []*eval.Evaluator
	for _, q := range rules {
		conds = append(conds, eval.New(q, snap, now).Evaluator())
	}
	for row := range snap.Rows() {
		var in []string
		for i, c := range conds {
			is, err := c.Cond(row)
			if err != nil {
				t.Fatal(err)
			}
			if is {
				in = append(in, names[i])
				counts[i]++
			}
		}
		if len(in) == 0 && !all {
			continue
		}
		slices.Sort(in)
		quoted := make([]string, len(in))
		for i, name := range in {
			quoted[i] = fmt.Sprintf("%q", name)
		}
		rows = append(rows, fmt.Sprintf("%s [%s] ", idJSON(snap, row), strings.Join(quoted, ",")))
	}
	return rows, counts
}

// askMembers asks an engine for memberships, as text.
func askMembers(ctx context.Context, e *resident.Engine, q resident.Memberships) ([]string, resident.MembershipsResult, error) {
	_, id := resident.IDColumn(e.Snapshot())
	got := printed{types: []*check.Type{id, check.ListOf(check.StringType)}}
	q.Now, q.Begin = now, got.begin
	result, err := e.Memberships(ctx, q)
	return got.rows, result, err
}

// drawn returns n drawn rules that the reference evaluator can answer, and their names in no order.
func drawn(t testing.TB, snap *column.Snapshot, n int) (rules []*check.Query, names []string) {
	t.Helper()
	for seed := uint64(0); len(rules) < n; seed++ {
		a := exectest.NewAuthor(seed, profileType)
		a.Texts = append(a.Texts, states...)
		q, ds := lang.Compile(a.Query(), column.Catalog{Snapshot: snap}, check.Options{})
		if ds.Failed() {
			continue
		}
		if _, err := (exectest.Reference{}).Match(snap, q, now); err != nil {
			continue
		}
		rules, names = append(rules, q), append(names, fmt.Sprintf("rule %d", seed*7919%1000))
	}
	return rules, names
}

// Memberships are those of the reference evaluator, in the order of the data, for few rules and for more than
// have room in a word, on any number of threads, of a table of which only what is asked for is loaded.
func TestMemberships(t *testing.T) {
	for _, n := range sizes(0, 1, 63, 700, 5000, 40_000) {
		snap := table(n, 2)
		several, names := rules(), []string{"z", "b b", "ä", "a", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n"}
		several = append(several, query(constant("none")), query(constant("all")), several[0])[:min(len(several)+3, len(names))]
		names = names[:len(several)]
		if n == 700 {
			several, names = drawn(t, snap, 150)
		}
		members, _ := plainMembers(t, snap, several, names, false)
		for _, all := range []bool{false, true} {
			want, counts := plainMembers(t, snap, several, names, all)
			for _, threads := range []int{1, 7} {
				e := resident.Open(exectest.Partial(snap), resident.Options{Threads: threads})
				got, result, err := askMembers(t.Context(), e, resident.Memberships{Rules: several, Names: names, All: all})
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(got, want) || result.Rows != len(want) || result.Members != len(members) || result.Total != n {
					t.Errorf("%d rows, %d threads, all %t: %d rows (%d of %d), not %d", n, threads, all, len(got), result.Rows, result.Total, len(want))
				}
				if !slices.Equal(result.Counts, counts) {
					t.Errorf("%d rows, %d threads: the counts are %v, not %v", n, threads, result.Counts, counts)
				}
				e.Close()
			}
		}
	}
}

// However dense the rules are: all lists have all of them.
func TestMembershipsOfAll(t *testing.T) {
	snap := table(3000, 1)
	var many []*check.Query
	var names []string
	for i := range 700 {
		many, names = append(many, query(constant("all"))), append(names, fmt.Sprintf("%03d", i))
	}
	got, result, err := askMembers(t.Context(), open(t, snap, 2), resident.Memberships{Rules: many, Names: names})
	if err != nil || len(got) != 3000 || result.Counts[699] != 3000 {
		t.Fatal(len(got), err)
	}
	want, _ := plainMembers(t, snap, many, names, false)
	if !slices.Equal(got, want) {
		t.Error("some are missing")
	}
}

// The error of a rule says which it was, and that of who takes the rows ends it.
func TestMembershipsEnd(t *testing.T) {
	snap := table(20_000, 2)
	e := open(t, snap, 2)
	q := resident.Memberships{Rules: rules(), Names: strings.Split("abcdefghijklmnopqrstuvwxyz", "")[:len(rules())]}
	failed := errors.New("no room")
	got := printed{types: []*check.Type{check.StringType, check.ListOf(check.StringType)}, emitted: func(int) error { return failed }}
	q.Operation, q.Begin = exec.Operation{Now: now}, got.begin
	if _, err := e.Memberships(t.Context(), q); !errors.Is(err, failed) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	got.emitted = func(int) error { cancel(); return nil }
	if _, err := e.Memberships(ctx, q); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
