package resident_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// hundred makes 100 different rules of three atoms each, and the counts that a
// plain loop over the columns finds.
func hundred(snap *column.Snapshot) (b exec.Batch, want []int) {
	b.Now = now
	age := snap.Root.Fields[2].(*column.Ints)
	state := snap.Root.Fields[1].(*column.Strings)
	vip := snap.Root.Fields[4].(*column.Bools)
	for i := range 100 {
		least, in := int64(i%50), states[i%len(states)]
		b.Queries = append(b.Queries, exec.Query{ID: fmt.Sprint(i), Typed: query(test(check.And,
			test(check.Ge, field("age"), constant(least)),
			test(check.Or, test(check.Eq, field("state"), constant(in)), test(check.Truth, field("vip")))))})
		n := 0
		for row := range snap.Rows() {
			if !age.Null(row) && age.At(row) >= least && (state.At(row) == in || vip.Bits.Get(row)) {
				n++
			}
		}
		want = append(want, n)
	}
	return b, want
}

func BenchmarkHundredRules(b *testing.B) {
	snap := table(1_000_000, 0)
	e := open(b, snap, 0)
	rules, want := hundred(snap)
	var results []exec.Result
	for b.Loop() {
		var err error
		if results, err = e.Run(b.Context(), rules); err != nil {
			b.Fatal(err)
		}
	}
	for i, r := range results {
		if r.Count != want[i] {
			b.Fatalf("rule %d: got %d, want %d", i, r.Count, want[i])
		}
	}
	b.ReportMetric(float64(snap.Rows())*100*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "rule-rows/ns")
}

func BenchmarkEventRules(b *testing.B) {
	snap := table(200_000, 10)
	e := open(b, snap, 0)
	var rules exec.Batch
	rules.Now = now
	for i := range 20 {
		rules.Queries = append(rules.Queries, exec.Query{ID: fmt.Sprint(i), Typed: query(test(check.Ge, purchases(float64(10*i)), constant(int64(2))))})
	}
	for b.Loop() {
		results, err := e.Run(b.Context(), rules)
		if err != nil {
			b.Fatal(err)
		}
		// The higher the price, the fewer have paid it.
		for i := 1; i < len(results); i++ {
			if results[i].Count > results[i-1].Count || results[0].Count == 0 {
				b.Fatalf("rule %d: %d after %d", i, results[i].Count, results[i-1].Count)
			}
		}
	}
}

// BenchmarkCancel takes the time from the cancellation of a query that would
// never end, inside one profile, to the return of its run.
func BenchmarkCancel(b *testing.B) {
	e := open(b, table(100_000, 10), 0)
	var longest, sum time.Duration
	for b.Loop() {
		ctx, cancel := context.WithCancel(b.Context())
		running := started{make(chan struct{})}
		ended := make(chan time.Time)
		go func() {
			if _, err := e.Run(ctx, exec.Batch{Now: now, Sink: running, Queries: []exec.Query{{ID: "q", Typed: forever()}}}); !errors.Is(err, context.Canceled) {
				b.Errorf("the run ended with %v", err)
			}
			ended <- time.Now()
		}()
		<-running.ch
		asked := time.Now()
		cancel()
		took := (<-ended).Sub(asked)
		longest, sum = max(longest, took), sum+took
	}
	b.ReportMetric(float64(sum.Microseconds())/float64(b.N), "µs/cancel")
	b.ReportMetric(float64(longest.Microseconds()), "µs-longest")
}

// BenchmarkPause takes the longest time that the garbage collector has stopped a scan,
// with a collection forced in the middle of each.
func BenchmarkPause(b *testing.B) {
	snap := table(1_000_000, 3)
	e := open(b, snap, 0)
	rules, want := hundred(snap)
	var before, after debug.GCStats
	debug.ReadGCStats(&before)
	for b.Loop() {
		collected := make(chan struct{})
		go func() { runtime.GC(); close(collected) }()
		results, err := e.Run(b.Context(), rules)
		if err != nil || results[0].Count != want[0] {
			b.Fatal(err, results[0])
		}
		<-collected
	}
	after.Pause = make([]time.Duration, 0, 256)
	debug.ReadGCStats(&after)
	longest := time.Duration(0)
	for _, p := range after.Pause[:min(int64(len(after.Pause)), after.NumGC-before.NumGC)] {
		longest = max(longest, p)
	}
	b.ReportMetric(float64(longest.Microseconds()), "µs/longest")
}
