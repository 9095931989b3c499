package peek_test

import (
	"context"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/peek"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// clauses are conditions over the fields of flat-10000000.parquet.
var clauses = []string{
	`loyalty.tier = "gold"`, `person.age >= 30`, `address.country = "US"`, `churnScore < 0.5`, `optInOut.email = "in"`,
}

// long is a query that takes long.
const long = `ltv * churnScore + person.age * 50 > loyalty.points + lastSeenDays`

// BenchmarkPeek tells how long the count of one and of five clauses takes once their columns are there, with what the
// clause at the cursor does, and how long an ordinary count of the same, planned anew: while nothing else runs, and
// while five of the same, or five long ones, are asked again and again ("shown" is how many of the counts were there in
// time). Without counts beside them ("unpeeked") the five should be no quicker. SEGQ_PROFILES names a file with the
// fields of clauses.
//
//	SEGQ_PROFILES=flat.parquet go test ./cmd/segq/internal/peek -run - -bench Peek -benchtime 300x
func BenchmarkPeek(b *testing.B) {
	file := os.Getenv("SEGQ_PROFILES")
	if file == "" {
		b.Skip("SEGQ_PROFILES names no file")
	}
	d, err := dataset.Open(b.Context(), []string{file}, dataset.Options{}, runtime.NumCPU(), b.Output())
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(runtime.NumCPU() + 1))
	all := strings.Join(clauses, " and ")
	compile := func(text string) *check.Query {
		q, ds := lang.Compile(text, d.Catalog, check.Options{})
		if ds.Failed() {
			b.Fatal(ds)
		}
		return q
	}
	if err := d.Load(b.Context(), check.ReadsOf(compile(all+" and "+long).Cond)); err != nil {
		b.Fatal(err)
	}
	c := peek.New(b.Context(), d)
	for _, text := range []string{clauses[0], all} {
		name := []string{"one", "five"}[min(1, strings.Count(text, " and "))]
		q := peek.Question{Text: text, Cursor: len(text), Now: reference}
		run := func(ctx context.Context, text string) time.Duration {
			began := time.Now()
			if _, err := d.Engine.Run(ctx, exec.Batch{Now: reference, Queries: []exec.Query{{ID: "q", Typed: compile(text)}}}); err != nil && ctx.Err() == nil {
				b.Error(err)
			}
			return time.Since(began)
		}
		b.Run(name+"/quiet", func(b *testing.B) {
			var peeks, runs []time.Duration
			for b.Loop() {
				c.Forget()
				began := time.Now()
				if r := c.Count(b.Context(), q); r.Total > 0 {
					peeks = append(peeks, time.Since(began))
				}
				runs = append(runs, run(b.Context(), text))
			}
			report(b, peeks, runs)
		})
		beside := func(b *testing.B, other string, peeked bool) {
			ctx, end := context.WithCancel(b.Context())
			var others sync.WaitGroup
			runs := make([][]time.Duration, 5)
			for i := range runs {
				others.Go(func() {
					for ctx.Err() == nil {
						runs[i] = append(runs[i], run(ctx, other))
					}
				})
			}
			var peeks []time.Duration
			for b.Loop() {
				c.Forget()
				began := time.Now()
				if !peeked {
					time.Sleep(20 * time.Millisecond)
				} else if r := c.Count(b.Context(), q); r.Total > 0 {
					peeks = append(peeks, time.Since(began))
				}
			}
			end()
			others.Wait()
			report(b, peeks, slices.Concat(runs...))
		}
		b.Run(name+"/busy", func(b *testing.B) { beside(b, text, true) })
		b.Run(name+"/busy-unpeeked", func(b *testing.B) { beside(b, text, false) })
		b.Run(name+"/long", func(b *testing.B) { beside(b, long, true) })
	}
}

// report tells percentiles of counts in time, of ordinary runs, and the ratio.
func report(b *testing.B, peeks, runs []time.Duration) {
	of := func(all []time.Duration, percent int) float64 {
		slices.Sort(all)
		return float64(all[(len(all)-1)*percent/100].Microseconds()) / 1000
	}
	b.ReportMetric(of(runs, 50), "ms/run-p50")
	b.ReportMetric(of(runs, 99), "ms/run-p99")
	b.ReportMetric(float64(len(peeks))/float64(b.N), "shown")
	if len(peeks) > 0 {
		b.ReportMetric(of(peeks, 50), "ms/p50")
		b.ReportMetric(of(peeks, 99), "ms/p99")
		b.ReportMetric(of(peeks, 50)/of(runs, 50), "of-run-p50")
	}
}
