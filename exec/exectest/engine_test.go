package exectest_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// engine is the resident engine as the scripts see it. A partial one has no column that is
// not asked for.
type engine struct {
	threads int
	partial bool
}

// Match asks for a sample as large as the table, which holds every match.
func (r engine) Match(snap *column.Snapshot, q *check.Query, now time.Time) ([]string, error) {
	table := column.Resident(snap)
	if r.partial {
		table = exectest.Partial(snap)
	}
	e := resident.Open(table, resident.Options{Threads: r.threads})
	defer e.Close()
	results, err := e.Run(context.Background(), exec.Batch{
		Now:     now,
		Queries: []exec.Query{{ID: "script", Typed: q, Sample: snap.Rows()}},
	})
	if err != nil {
		return nil, err
	}
	a := results[0]
	switch {
	case a.Err != nil:
		return nil, a.Err
	case a.Count != len(a.Sample) || a.Total != snap.Rows():
		return nil, fmt.Errorf("counted %d of %d, but listed %d of %d", a.Count, a.Total, len(a.Sample), snap.Rows())
	}
	return a.Sample, nil
}

func TestScriptsOnTheEngine(t *testing.T) {
	exectest.RunKinds(t, "testdata", engine{threads: 2})
}

// What a query is said to read is all that it reads.
func TestScriptsOnPartialTables(t *testing.T) {
	exectest.Run(t, "testdata", engine{threads: 2, partial: true})
}

// TestEngineAgreesWithTheReference asks both for the same drawn queries.
func TestEngineAgreesWithTheReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		snap := profiles(t)
		for range 8 {
			text := conditions(t, 3)
			want := matched(t, snap, text)
			for _, kind := range []*column.Snapshot{snap, exectest.AsTexts(snap), exectest.AsCompact(snap), exectest.AsCompact(exectest.AsTexts(snap))} {
				got, err := engine{threads: 1, partial: true}.Match(kind, compile(t, snap, text), lawNow)
				if err != nil {
					t.Fatalf("%s: %v", text, err)
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s\nfinds %v, the reference %v", text, got, want)
				}
			}
		}
	})
}

// What is remembered of the texts of a dictionary is right for its moment alone.
func TestEngineAnswersForEveryNow(t *testing.T) {
	snap, _, err := load.Reader(t.Context(), strings.NewReader(`{"_id":"a","s":"x"}`+"\n"+`{"_id":"b","s":"y"}`), "ndjson", "d", load.Options{})
	if err != nil {
		t.Fatal(err)
	}
	q, ds := lang.Compile(`if(currentYear() > 2024, s, "y") = "x"`, column.Catalog{Snapshot: snap}, check.Options{})
	if ds.Failed() {
		t.Fatal(ds)
	}
	e := resident.New(snap, resident.Options{Threads: 1})
	defer e.Close()
	for year, want := range map[int]int{2023: 0, 2024: 0, 2025: 1, 2026: 1} {
		now := time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC)
		results, err := e.Run(t.Context(), exec.Batch{Now: now, Queries: []exec.Query{{ID: "q", Typed: q}}})
		if err != nil || results[0].Err != nil || results[0].Count != want {
			t.Errorf("in %d: %+v, %v; want %d", year, results, err, want)
		}
	}
}
