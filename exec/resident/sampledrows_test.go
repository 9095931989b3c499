package resident_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
)

// The rows of a sample are of the profiles whose ids a query samples with the same seed, with
// the values that they have among all rows.
func TestSampledRows(t *testing.T) {
	for _, n := range sizes(0, 1, 5000, 40_000) {
		snap := table(n, 2)
		for i, where := range append(rules(), query(constant("all"))) {
			columns := selected()
			if n > 5000 {
				columns = columns[:7]
			}
			all, err := plainRows(t, snap, where, columns...)
			if err != nil {
				t.Fatal(err)
			}
			for k, size := range []int{1, 40, 9000, n + 1} {
				e := resident.Open(exectest.Partial(snap), resident.Options{Threads: 1 + 2*k})
				results, err := e.Run(t.Context(), exec.Batch{Now: now, Queries: []exec.Query{{Typed: where, Sample: size, Seed: 9}}})
				if err != nil || results[0].Err != nil {
					t.Fatal(err, results)
				}
				chosen := map[string]bool{}
				for _, id := range results[0].Sample {
					chosen[id] = true
				}
				want := slices.DeleteFunc(slices.Clone(all), func(row string) bool { return !chosen[row[1:len("p0000000")+1]] })
				var got printed
				told := &recorder{}
				q := resident.Rows{Operation: exec.Operation{ID: "q", Sink: told}, Where: where, IDs: true, Select: columns, Sample: size, Seed: 9}
				result, err := got.ask(t.Context(), e, q)
				if err != nil || len(told.illegal) > 0 {
					t.Fatal(err, told.illegal)
				}
				if !slices.Equal(got.rows, want) || len(want) != len(results[0].Sample) || result.Rows != len(want) || result.Matched != len(all) || result.Limited {
					t.Errorf("%d rows, rule %d, a sample of %d: %+v and %d rows, not %d", n, i, size, result, len(got.rows), len(want))
				}
				q.Limit, got.rows = 30, nil
				if result, err := got.ask(t.Context(), e, q); err != nil || !slices.Equal(got.rows, want[:min(30, len(want))]) || result.Limited != (len(want) > 30) {
					t.Errorf("%d rows, rule %d, the first of a sample of %d: %+v and %d rows, %v", n, i, size, result, len(got.rows), err)
				}
				e.Close()
			}
		}
	}
}

// A sample can be cancelled while it is chosen and while its rows are made, and has a limit of
// memory.
func TestSampledRowsEnd(t *testing.T) {
	e := open(t, table(100, 300), 2)
	for _, q := range []resident.Rows{{Where: forever()}, {Where: query(constant("all")), Select: []*check.Query{forever()}}} {
		ctx, cancel := context.WithCancel(t.Context())
		s := started{make(chan struct{})}
		q.Sink, q.Sample = s, 10
		go func() { <-s.ch; cancel() }()
		if _, err := new(printed).ask(ctx, e, q); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	}
	small := resident.New(table(40_000, 0), resident.Options{Threads: 2, QueryMemory: 100 << 10})
	defer small.Close()
	var much *exec.MemoryError
	if _, err := new(printed).ask(t.Context(), small, resident.Rows{Where: query(constant("all")), Sample: 40_000}); !errors.As(err, &much) {
		t.Errorf("got %v", err)
	}
}
