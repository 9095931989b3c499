package resident_test

import (
	"errors"
	"testing"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// damaged is a table whose ages end too early: whoever reads them meets a fault.
func damaged(rows int) *column.Snapshot {
	snap := table(rows, 1)
	age := ageOf(snap)
	age.I8, age.I16, age.I32, age.I64 = short(age.I8), short(age.I16), short(age.I32), short(age.I64)
	return snap
}

func short[T any](s []T) []T { return s[: len(s)/2 : len(s)/2] }

func internal(err error) bool {
	var fault *exec.InternalError
	return errors.As(err, &fault)
}

// A fault in the scan that all queries of a batch share is the error of those that
// bring it about, and of no other.
func TestFaultOfTheScanIsContained(t *testing.T) {
	const rows = 30_000
	snap := damaged(rows)
	e := open(t, snap, 2)
	state := stateOf(snap)
	want := len(holds(snap, func(row int) bool { return !state.Null(row) && state.At(row) == "CA" }))
	b := exec.Batch{Now: now}
	for _, q := range []struct {
		id    string
		typed *check.Query
	}{{"a", query(from("CA"))}, {"b", query(old(30))}, {"c", query(from("CA"))}, {"d", query(test(check.And, from("CA"), old(7)))}, {"e", query(from("CA"))}} {
		b.Queries = append(b.Queries, exec.Query{ID: q.id, Typed: q.typed})
	}
	told := map[string]int{}
	b.Done = func(r exec.Result) { told[r.ID]++ }
	results, err := e.Run(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range results {
		if broken := i == 1 || i == 3; broken != internal(r.Err) || !broken && r.Count != want || told[r.ID] != 1 {
			t.Errorf("%s: %d, %v, told %d times; %d hold", r.ID, r.Count, r.Err, told[r.ID], want)
		}
	}
	if results, err = e.Run(t.Context(), batch(query(from("CA")))); err != nil || results[0].Err != nil || results[0].Count != want {
		t.Errorf("afterwards: %v, %v", results, err)
	}
}

// brokenSink is one whose progress is a fault.
type brokenSink struct{}

func (brokenSink) Start(string, []int)       {}
func (brokenSink) Load(string, exec.Loading) { panic("the sink is broken") }

func (brokenSink) Progress(string, int, exec.Progress) { panic("the sink is broken") }

func TestFaultOfWhoListensIsContained(t *testing.T) {
	snap := table(30_000, 0)
	e := open(t, snap, 2)
	b := batch(query(old(30)), query(from("CA")))
	b.Sink = brokenSink{}
	b.Done = func(r exec.Result) {
		if r.ID == b.Queries[0].ID {
			panic("nobody takes the answer")
		}
	}
	results, err := e.Run(t.Context(), b)
	if err != nil || !internal(results[0].Err) || results[1].Err != nil {
		t.Errorf("%v, %v", results, err)
	}
	b = batch(query(old(30)), query(old(30)))
	b.Queries[0].IDs = func([]string) error { panic("nobody takes the ids") }
	results, err = e.Run(t.Context(), b)
	if err != nil || !internal(results[0].Err) || results[1].Err != nil {
		t.Errorf("%v, %v", results, err)
	}
}
