package resident_test

import (
	"testing"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/lang/check"
)

// A batch that was planned before is not planned again, but when it asks for the
// present moment and that has moved.
func TestPlansAreKept(t *testing.T) {
	snap := table(100, 0)
	e := open(t, snap, 1)
	plain := query(test(check.Ge, field("age"), constant(int64(30))))
	year := query(test(check.Gt, &check.Call{Info: check.Info{T: check.IntType}, Op: check.CurrentYear}, constant(int64(2020))))
	count := func(q *check.Query, at time.Time) int {
		t.Helper()
		r, err := e.Run(t.Context(), exec.Batch{Now: at, Queries: []exec.Query{{ID: "q", Typed: q}}})
		if err != nil || r[0].Err != nil {
			t.Fatal(err, r)
		}
		return r[0].Count
	}
	first := count(plain, now)
	if again := count(plain, now.AddDate(-20, 0, 0)); again != first {
		t.Errorf("%d, and then %d", first, again)
	}
	if n := count(year, now.AddDate(2021-now.Year(), 0, 0)); n != 100 {
		t.Errorf("in 2021, %d of 100", n)
	}
	if n := count(year, now.AddDate(2019-now.Year(), 0, 0)); n != 0 {
		t.Errorf("in 2019, %d of 100", n)
	}
}

// BenchmarkPlannedBefore takes the time of a small batch whose plan is kept.
func BenchmarkPlannedBefore(b *testing.B) {
	snap := table(64, 0)
	e := open(b, snap, 0)
	rules, _ := hundred(snap)
	for b.Loop() {
		if _, err := e.Run(b.Context(), rules); err != nil {
			b.Fatal(err)
		}
	}
}
