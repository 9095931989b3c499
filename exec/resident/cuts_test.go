package resident_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// zipf makes a table in which row r of a random order has so many events, divided by r, and
// scores are of all magnitudes, so that their sum depends on the order in which it is rounded.
func zipf(n, most int) *column.Snapshot {
	r := rand.New(rand.NewPCG(3, uint64(n)))
	order := r.Perm(n)
	snap := tableOf(n, func(row int) int { return most / (1 + order[row]) })
	for i := range n {
		snap.Root.Fields[3].(*column.Floats).V[i] = math.Ldexp(r.Float64()-0.5, r.IntN(120))
	}
	return snap
}

// asked is what depends on every row: sums, groups, samples, ids and bits.
func asked(bits column.Bitmap, ids *[]string) exec.Batch {
	b := batch(rules()...)
	for i, root := range []check.Node{field("score"), field("age"), field("xEvent"), purchases(100)} {
		b.Queries = append(b.Queries, exec.Query{ID: fmt.Sprint("values ", i), Typed: query(root), Values: true})
	}
	b.Queries[0].Sample, b.Queries[1].By = 20, []string{"state"}
	b.Queries[2].IDs = func(some []string) error { *ids = append(*ids, some...); return nil }
	b.Queries[4].Matches = func(start int, matched []uint64) error {
		for i, w := range matched {
			bits[start/64+i] |= w
		}
		return nil
	}
	return b
}

// Answers, to the last bit of a sum, do not depend on where the table is cut, on how many
// goroutines scan it, or on how much they do at a time.
func TestAnswersDoNotDependOnCuts(t *testing.T) {
	const rows = 3011
	snap := zipf(rows, 8000)
	r := rand.New(rand.NewPCG(7, 8))
	var want []exec.Result
	var wantBits column.Bitmap
	var wantIDs []string
	for range 25 {
		e := open(t, snap, 1+r.IntN(4))
		ends := []int{rows}
		if want != nil {
			for range r.IntN(20) {
				ends = append(ends, 1+r.IntN(rows-1))
			}
			slices.Sort(ends)
			ends = slices.Compact(ends)
		}
		e.Cut(ends)
		bits, ids := column.NewBitmap(rows), []string(nil)
		got, err := e.Run(t.Context(), asked(bits, &ids))
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(ids)
		if want == nil {
			want, wantBits, wantIDs = got, bits, ids
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(exec.Result{}, "Elapsed")); diff != "" {
			t.Fatalf("cut at %v: %s", ends, diff)
		}
		if !slices.Equal(bits, wantBits) || !slices.Equal(ids, wantIDs) {
			t.Fatalf("cut at %v: other ids or bits", ends)
		}
	}
	if got := matching(t, snap, rules()[2]); !slices.Equal(got, wantIDs) {
		t.Errorf("%d ids, want %d", len(wantIDs), len(got))
	}
	if got := matching(t, snap, rules()[4]); wantBits.Ones() != len(got) {
		t.Errorf("%d bits, want %d", wantBits.Ones(), len(got))
	}
}

// The partitions of the engine are those of the table.
func TestPartitionsOfSkewedEvents(t *testing.T) {
	snap := zipf(50_000, 100_000)
	e := open(t, snap, 2)
	if !slices.Equal(e.Parts(), snap.Partitions(0)) || len(e.Parts()) < 8 {
		t.Errorf("%v", e.Parts())
	}
	var told recorder
	b := batch(rules()[2])
	b.Sink = &told
	if _, err := e.Run(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	for i, p := range e.Parts() {
		if got := told.sizes[b.Queries[0].ID][i]; got != p.Rows() {
			t.Errorf("partition %d has %d rows, it was announced with %d", i, p.Rows(), got)
		}
	}
}

// BenchmarkSkew scans a million profiles whose events follow Zipf's law, up to 100,000 of
// one profile, and tells the slowest partition next to the median, each the best of the runs.
// SEGQ_ZIPF names a file to take instead, as exec/peers/tables.py writes them.
func BenchmarkSkew(b *testing.B) {
	snap := zipf(1_000_000, 100_000)
	queries := map[string]*check.Query{
		"kernels": query(test(check.Ge, purchases(100), constant(int64(2)))),
		"vectors": query(summed(700)),
	}
	if file := os.Getenv("SEGQ_ZIPF"); file != "" {
		var err error
		if snap, _, err = load.Open(b.Context(), []string{file}, load.Options{}); err != nil {
			b.Fatal(err)
		}
		for name, text := range map[string]string{
			"kernels": `xEvent[type = "purchase" and total > 100].count() >= 2`,
			"vectors": `xEvent.sum(total) > 700`,
		} {
			q, ds := lang.Compile(text, column.Catalog{Snapshot: snap}, check.Options{})
			if q == nil {
				b.Fatal(ds)
			}
			queries[name] = q
		}
	}
	e := resident.New(snap, resident.Options{Threads: 2})
	defer e.Close()
	for name, q := range queries {
		b.Run(name, func(b *testing.B) { reportSkew(b, e, batch(q)) })
	}
}

func reportSkew(b *testing.B, e *resident.Engine, asked exec.Batch) {
	var best []float64
	for b.Loop() {
		for i, took := range e.Times(b.Context(), asked) {
			if len(best) <= i {
				best = append(best, math.Inf(1))
			}
			best[i] = min(best[i], float64(took.Nanoseconds()))
		}
	}
	slices.Sort(best)
	b.ReportMetric(float64(len(best)), "partitions")
	b.ReportMetric(best[len(best)-1]/best[len(best)/2], "slowest/median")
}
