//go:build linux

package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/cluster"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// equalRows compares the profiles that both engines give. ordered says that the cluster reads the files in the same order.
func equalRows(t *testing.T, table *taskTable, here *resident.Engine, c *cluster.Cluster, ordered bool) {
	t.Helper()
	selected := []string{"homeAddress.city", "xEvent", "xEvent.count() / 3", "loyalty"}
	for name, q := range map[string]resident.Rows{"ids": {IDs: true}, "all": {}, "limited": {IDs: true, Limit: 7}, "sample": {IDs: true, Sample: 40, Seed: 3}} {
		if name == "limited" && !ordered {
			continue
		}
		given := func(snap *column.Snapshot, rows func(resident.Rows) (resident.RowsResult, error)) (all []string, result resident.RowsResult) {
			own := q
			own.Operation = exec.Operation{ID: "q", Now: taskNow}
			_, id := resident.IDColumn(snap)
			types := []*check.Type{id}
			if !own.IDs {
				types = nil
			}
			for i, text := range append([]string{"xEvent.count() > 2"}, selected...) {
				typed, problems := lang.Compile(text, column.Catalog{Snapshot: snap}, check.Options{})
				if problems.Failed() {
					t.Fatal(problems)
				}
				if i == 0 {
					own.Where = typed
					continue
				}
				own.Select, types = append(own.Select, typed), append(types, typed.Root.Type())
			}
			own.Begin = func() resident.Stretch { return &rowLines{types: types, all: &all} }
			result, err := rows(own)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			return all, result
		}
		want, wanted := given(table.snap, func(q resident.Rows) (resident.RowsResult, error) { return here.Rows(t.Context(), q) })
		got, result := given(c.Snapshot(), func(q resident.Rows) (resident.RowsResult, error) { return c.Rows(t.Context(), q) })
		if result != wanted {
			t.Errorf("%s: %+v, and not %+v", name, result, wanted)
		}
		if name == "sample" {
			for _, line := range got {
				if strings.Count(line, "\t") != 5 {
					t.Errorf("%q", line)
				}
			}
			again, _ := given(c.Snapshot(), func(q resident.Rows) (resident.RowsResult, error) { return c.Rows(t.Context(), q) })
			if !slices.Equal(got, again) {
				t.Error("another sample was drawn with the same seed")
			}
			continue
		}
		if !ordered {
			slices.Sort(want)
			slices.Sort(got)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %d rows, and not %d", name, len(got), len(want))
		}
	}
}

// equalMemberships compares the rules that profiles are in.
func equalMemberships(t *testing.T, asked exec.Batch, here *resident.Engine, c *cluster.Cluster) {
	t.Helper()
	given := func(snap *column.Snapshot, memberships func(resident.Memberships) (resident.MembershipsResult, error)) (all []string, result resident.MembershipsResult) {
		_, id := resident.IDColumn(snap)
		q := resident.Memberships{Operation: exec.Operation{ID: "q", Now: taskNow}}
		for i, one := range asked.Queries {
			typed, problems := lang.Compile(one.Typed.Canonical, column.Catalog{Snapshot: snap}, check.Options{})
			if problems.Failed() {
				t.Fatal(problems)
			}
			q.Rules, q.Names = append(q.Rules, typed), append(q.Names, fmt.Sprintf("rule %d", 40-i))
		}
		q.Begin = func() resident.Stretch {
			return &rowLines{types: []*check.Type{id, check.ListOf(check.StringType)}, all: &all}
		}
		result, err := memberships(q)
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(all)
		return all, result
	}
	want, wanted := given(here.Snapshot(), func(q resident.Memberships) (resident.MembershipsResult, error) {
		return here.Memberships(t.Context(), q)
	})
	got, result := given(c.Snapshot(), func(q resident.Memberships) (resident.MembershipsResult, error) { return c.Memberships(t.Context(), q) })
	if !slices.Equal(got, want) || fmt.Sprint(result) != fmt.Sprint(wanted) {
		t.Errorf("%d profiles are in rules, and not %d: %v and not %v", len(got), len(want), result, wanted)
	}
}
