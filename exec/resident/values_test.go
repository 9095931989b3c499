package resident_test

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/exec/statistic"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// plainValues describes the values of a query that the reference evaluator gives, all at once and
// in the plainest way, but for the bins.
func plainValues(t testing.TB, snap *column.Snapshot, q *check.Query) (*exec.Values, []float64, error) {
	t.Helper()
	cond, e := eval.NewCond(q.Cond, q.Slots, snap, now).Evaluator(), eval.New(q, snap, now).Evaluator()
	out := &exec.Values{}
	kind := q.Root.Type().Kind
	out.Sizes = kind == check.List || kind == check.Map
	out.Numeric = out.Sizes || kind == check.Int || kind == check.Float
	out.Times = kind == check.Timestamp
	var numbers []float64
	counts := map[string]int{}
	for row := range snap.Rows() {
		if is, err := cond.Cond(row); err != nil {
			return nil, nil, err
		} else if !is {
			continue
		}
		v, err := e.Value(row)
		if err != nil {
			return nil, nil, err
		}
		if v.IsNull() {
			continue
		}
		out.Present++
		switch {
		case out.Sizes:
			numbers = append(numbers, float64(v.Len()))
		case out.Numeric:
			if x := v.Float(); math.IsInf(x, 0) {
				out.Infinite++
			} else {
				numbers = append(numbers, x)
			}
		case out.Times:
			numbers = append(numbers, float64(v.Int()))
			counts[v.Text()]++
		case kind != check.Object:
			counts[v.Text()]++
		}
		if (out.Sizes || kind == check.Object) && len(out.Examples) < 3 {
			out.Examples = append(out.Examples, string(v.AppendJSON(nil)))
		}
	}
	out.Distinct = len(counts)
	top := slices.SortedFunc(maps.Keys(counts), func(a, b string) int { return cmp.Or(counts[b]-counts[a], cmp.Compare(a, b)) })
	for _, text := range top[:min(20, len(top))] {
		out.Top = append(out.Top, exec.ValueCount{Value: text, Count: counts[text]})
	}
	if len(numbers) > 0 {
		describeNumbers(out, numbers)
	}
	return out, numbers, nil
}

func describeNumbers(out *exec.Values, numbers []float64) {
	slices.Sort(numbers)
	var sum statistic.Sum
	for _, x := range numbers {
		sum.Add(x)
	}
	n := len(numbers)
	out.Min, out.Max, out.Average = numbers[0], numbers[n-1], sum.Value()/float64(n)
	if out.Times {
		out.Average = math.Floor(out.Average)
	} else {
		out.Sum = sum.Value()
	}
	for _, percent := range []int{0, 1, 5, 25, 50, 75, 95, 99, 100} {
		// Linear between the neighbours, as the language has it.
		at := float64(percent) / 100 * float64(n-1)
		below := int(at)
		x, part := numbers[below], at-float64(below)
		if part > 0 {
			x = math.FMA(x, 1-part, numbers[below+1]*part)
		}
		if out.Times {
			x = math.Floor(x)
		}
		out.Quantiles = append(out.Quantiles, exec.Quantile{At: float64(percent) / 100, Value: x})
	}
}

// expectBins expects bins that have each number once, and are as they should be.
func expectBins(t *testing.T, name string, bins []exec.Bin, numbers []float64, integers bool) {
	t.Helper()
	if len(numbers) == 0 {
		if bins != nil {
			t.Errorf("%s: bins of nothing", name)
		}
		return
	}
	if len(bins) == 0 || len(bins) > 20 {
		t.Fatalf("%s: %d bins", name, len(bins))
	}
	for i, b := range bins {
		n := 0
		for _, x := range numbers {
			if x >= b.Low && (x < b.High || i == len(bins)-1 && x == b.High) {
				n++
			}
		}
		if n != b.Count {
			t.Errorf("%s: %d numbers from %g to %g, not %d", name, b.Count, b.Low, b.High, n)
		}
		if i > 0 && b.Low != bins[i-1].High || integers && (b.Low != math.Trunc(b.Low) || b.High != math.Trunc(b.High)) {
			t.Errorf("%s: a bin from %g to %g", name, b.Low, b.High)
		}
		numbers = slices.DeleteFunc(slices.Clone(numbers), func(x float64) bool { return x >= b.Low && x < b.High || x == b.High && i == len(bins)-1 })
	}
	if len(numbers) > 0 {
		t.Errorf("%s: %g is in no bin", name, numbers[0])
	}
}

func expectValues(t *testing.T, e *resident.Engine, snap *column.Snapshot, name string, q *check.Query) (any bool) {
	t.Helper()
	want, numbers, err := plainValues(t, snap, q)
	if err != nil || q.Root.Type().Kind == check.Bool {
		return false
	}
	results, failed := e.Run(t.Context(), exec.Batch{Now: now, Queries: []exec.Query{{Typed: q, Values: true}}})
	if failed != nil || results[0].Err != nil {
		t.Fatal(failed, results[0].Err)
	}
	got := *results[0].Values
	expectBins(t, name, got.Bins, numbers, q.Root.Type().Kind != check.Float)
	got.Bins = nil
	if diff := gocmp.Diff(want, &got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
	return want.Present > 0
}

// Values of every kind, those that vectors have a form of and others, are described as they are
// when the reference evaluator gives one after another.
func TestValuesOfEveryKind(t *testing.T) {
	for _, n := range []int{0, 1, 63, 3000, 30_000} {
		snap := table(n, 2)
		for i, q := range selected() {
			if n > 3000 && i > 6 {
				continue
			}
			for threads := range 2 {
				expectValues(t, open(t, snap, 1+2*threads), snap, fmt.Sprint(n, " rows, value ", i), q)
			}
		}
	}
}

// Drawn expressions are described alike.
func TestValuesOfDrawnQueries(t *testing.T) {
	snap := table(300, 3)
	kinds := []func(*column.Snapshot) *column.Snapshot{
		func(s *column.Snapshot) *column.Snapshot { return s }, exectest.AsTexts, exectest.AsCompact,
	}
	described, seeds := 0, uint64(1500)
	if testing.Short() {
		seeds = 500
	}
	for seed := range seeds {
		a := exectest.NewAuthor(seed, profileType)
		a.Texts = append(a.Texts, states...)
		text := a.Query()
		if q, ds := lang.Compile(text, column.Catalog{Snapshot: snap}, check.Options{}); !ds.Failed() && expectValues(t, open(t, kinds[seed%3](snap), 3), snap, text, q) {
			described++
		}
	}
	if described < int(seeds)/5 {
		t.Errorf("only %d had values", described)
	}
}

// Numbers of all magnitudes, many and few of them different, around zero and far from it.
func TestDistributions(t *testing.T) {
	const rows = 20_000
	r := rand.New(rand.NewPCG(8, 8))
	draw := map[string]func() float64{
		"uniform":  r.Float64,
		"few":      func() float64 { return float64(r.IntN(50)) / 10 },
		"normal":   func() float64 { return 1e3 + 10*r.NormFloat64() },
		"wide":     func() float64 { return math.Ldexp(r.Float64()-0.5, r.IntN(400)-200) },
		"same":     func() float64 { return 0.1 },
		"far":      func() float64 { return 1e15 + float64(r.IntN(8)) },
		"tiny":     func() float64 { return 1e-310 * float64(1+r.IntN(3000)) },
		"skewed":   func() float64 { return math.Exp(3 * r.NormFloat64()) },
		"negative": func() float64 { return -r.ExpFloat64() },
		"zeros":    func() float64 { return math.Copysign(0, float64(r.IntN(2)*2-1)) },
		"infinite": func() float64 { return math.Inf(r.IntN(3) - 1) },
		"some infinite": func() float64 {
			if r.IntN(4) == 0 {
				return math.Inf(r.IntN(2)*2 - 1)
			}
			return r.NormFloat64()
		},
		"outlier": func() float64 {
			if r.IntN(1000) == 0 {
				return 1e12
			}
			return r.NormFloat64()
		},
		"whole outlier": func() float64 {
			if r.IntN(1000) == 0 {
				return -1e12
			}
			return math.Floor(50 * r.NormFloat64())
		},
		"two":    func() float64 { return float64(1 + r.IntN(2)) },
		"mostly": func() float64 { return float64(max(0, r.IntN(60_000)-50_000)) },
	}
	for name, f := range draw {
		snap := table(rows, 0)
		values := snap.Root.Fields[3].(*column.Floats)
		for i := range values.V {
			values.V[i] = f()
		}
		want, numbers, _ := plainValues(t, snap, query(field("score")))
		e := open(t, snap, 3)
		e.Cut([]int{1, 77, 6000, 6001, 13_000, rows})
		got, err := e.Run(t.Context(), exec.Batch{Now: now, Queries: []exec.Query{{Typed: query(field("score")), Values: true}}})
		if err != nil {
			t.Fatal(err)
		}
		if name != "tiny" {
			expectBins(t, name, got[0].Values.Bins, numbers, false)
		}
		got[0].Values.Bins = nil
		if diff := gocmp.Diff(want, got[0].Values); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Where the numbers take more memory than a query may hold, what needs all of them is not told, and
// the rest is right.
func TestDistributionWithoutMemory(t *testing.T) {
	const rows = 60_000
	snap := table(rows, 0)
	want, numbers, _ := plainValues(t, snap, query(field("score")))
	for memory, told := range map[int64]bool{200 << 10: false, 600 << 10: false, 4 << 20: true} {
		e := resident.New(snap, resident.Options{Threads: 3, QueryMemory: memory})
		e.Cut([]int{100, 5000, 20_000, 40_000, rows})
		results, err := e.Run(t.Context(), exec.Batch{Now: now, Queries: []exec.Query{
			{ID: "score", Typed: query(field("score")), Values: true}, {ID: "age", Typed: query(field("age")), Values: true},
		}})
		e.Close()
		if err != nil || results[0].Err != nil {
			t.Fatal(err, results[0].Err)
		}
		got := *results[0].Values
		if told {
			expectBins(t, "score", got.Bins, numbers, false)
		} else if got.Quantiles != nil || got.Bins != nil {
			t.Errorf("with %d bytes: %+v", memory, got)
		} else {
			got.Quantiles = want.Quantiles
		}
		got.Bins = nil
		if diff := gocmp.Diff(want, &got); diff != "" {
			t.Errorf("with %d bytes (-want +got):\n%s", memory, diff)
		}
		if results[1].Values.Quantiles == nil {
			t.Error("few different numbers take too much memory")
		}
	}
}
