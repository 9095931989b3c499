package resident_test

import (
	"bytes"
	"fmt"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/samples"
)

// What engines over parts of the rows gather of the values adds up to what an engine over all describes, also where there is no memory
// for numbers.
func TestTallies(t *testing.T) {
	r, err := samples.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	whole, _, err := load.Reader(t.Context(), bytes.NewReader(text), "ndjson", "sample", load.Options{})
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(text, []byte("\n"))
	for _, memory := range []int64{0, 20_000} {
		all := resident.New(whole, resident.Options{})
		defer all.Close()
		var parts []*resident.Engine
		for i := range 3 {
			some := bytes.Join(lines[i*len(lines)/3:(i+1)*len(lines)/3], nil)
			snap, _, err := load.Reader(t.Context(), bytes.NewReader(some), "ndjson", "sample", load.Options{Schema: whole.Schema})
			if err != nil {
				t.Fatal(err)
			}
			e := resident.New(snap, resident.Options{QueryMemory: memory})
			defer e.Close()
			parts = append(parts, e)
		}
		author, described := exectest.NewAuthor(7, whole.Schema), 0
		for n := 0; n < 400; n++ {
			text := author.Query()
			q, problems := lang.Compile(text, column.Catalog{Snapshot: whole}, check.Options{})
			if problems.Failed() || q.Root.Type().Kind == check.Bool {
				continue
			}
			want := answer(t, all, q, false)
			if want.Err != nil {
				continue
			}
			sum := resident.NewTallies(q.Root.Type(), 0)
			for _, e := range parts {
				own, problems := lang.Compile(text, column.Catalog{Snapshot: e.Snapshot()}, check.Options{})
				if problems.Failed() {
					t.Fatal(problems)
				}
				one := answer(t, e, own, true)
				if one.Err != nil {
					sum = nil
					break
				}
				if err := sum.Add(one.Tally); err != nil {
					t.Fatal(err)
				}
			}
			if sum == nil && memory > 0 {
				continue
			}
			got, err := sum.Describe()
			if err != nil {
				t.Fatal(err)
			}
			if memory > 0 && len(got.Quantiles) == 0 && len(got.Top) == 0 { // the numbers are lost, and what was told without them is not
				want.Values.Quantiles, want.Values.Bins, want.Values.Top, want.Values.Distinct = nil, nil, nil, 0
			}
			if diff := cmp.Diff(want.Values, got); diff != "" {
				t.Errorf("%s: %s", text, diff)
			}
			described++
		}
		if described < 50 {
			t.Errorf("only %d were described", described)
		}
	}
}

func answer(t *testing.T, e *resident.Engine, q *check.Query, tallied bool) exec.Result {
	t.Helper()
	results, err := e.Run(t.Context(), exec.Batch{Now: now, Queries: []exec.Query{{ID: "q", Typed: q, Values: true, Tallied: tallied}}})
	if err != nil {
		t.Fatal(err)
	}
	return results[0]
}

// Bytes of whatever kind do no harm.
func FuzzTallies(f *testing.F) {
	f.Add([]byte{byte(check.Int), 2, 2, 0, 0, 1, 4, 2}, int(check.Int))
	f.Add([]byte{byte(check.String), 2, 1, 1, 'x', 2}, int(check.String))
	f.Fuzz(func(t *testing.T, b []byte, kind int) {
		if kind < int(check.Int) || kind > int(check.Timestamp) {
			return
		}
		s := resident.NewTallies(&check.Type{Kind: check.Kind(kind)}, 1<<20)
		if s.Add(b) == nil {
			_, err := s.Describe()
			_ = fmt.Sprint(err)
		}
	})
}
