package resident_test

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// keyEvery is how often a key is pressed in BenchmarkScreen.
const keyEvery = 5 * time.Millisecond

// BenchmarkScreen tells how long a goroutine waits for a processor that handles keys, which wake a thread of its own
// every five milliseconds, while nothing runs and while the engine answers five long queries on all threads,
// with as many processors in Go as there are threads and with one more. SEGQ_PROFILES names a file; else there are a
// million rows in memory.
//
//	SEGQ_PROFILES=flat.parquet go test ./exec/resident -run - -bench Screen -benchtime 2000x
func BenchmarkScreen(b *testing.B) {
	threads := runtime.NumCPU()
	table, queries := heavy(b)
	for _, c := range []struct {
		name    string
		extra   int
		queries []*check.Query
	}{{"quiet", 0, nil}, {"busy", 0, queries}, {"busy+1", 1, queries}} {
		b.Run(c.name, func(b *testing.B) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(threads + c.extra))
			e := resident.Open(table, resident.Options{Threads: threads})
			defer e.Close()
			ctx, end := context.WithCancel(b.Context())
			var all sync.WaitGroup
			runs := make([]int, len(c.queries))
			for i, q := range c.queries {
				all.Go(func() {
					for ctx.Err() == nil {
						results, err := e.Run(ctx, exec.Batch{Now: now, Queries: []exec.Query{{ID: "q", Typed: q}}})
						if err == nil && results[0].Err != nil {
							b.Error(results[0].Err)
							return
						}
						if err == nil {
							runs[i]++
						}
					}
				})
			}
			began := time.Now()
			waits := keys(b, b.N)
			took := time.Since(began)
			end()
			all.Wait()
			slices.Sort(waits)
			b.ReportMetric(float64(waits[len(waits)/2].Microseconds()), "µs/p50")
			b.ReportMetric(float64(waits[len(waits)*99/100].Microseconds()), "µs/p99")
			b.ReportMetric(float64(waits[len(waits)-1].Microseconds()), "µs/most")
			sum := 0
			for _, n := range runs {
				sum += n
			}
			b.ReportMetric(float64(sum)/took.Seconds(), "queries/s")
		})
	}
}

// heavy opens a table, with five queries over it that take long.
func heavy(b *testing.B) (column.Table, []*check.Query) {
	name := os.Getenv("SEGQ_PROFILES")
	if name == "" {
		var queries []*check.Query
		for i := range 5 {
			queries = append(queries, query(summed(float64(500+i))))
		}
		return column.Resident(table(1_000_000, 10)), queries
	}
	t, _, err := load.OpenTable(b.Context(), []string{name}, load.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = t.Close() })
	var queries []*check.Query
	for i := range 5 {
		text := fmt.Sprintf(`ltv * churnScore + person.age * %d > loyalty.points + lastSeenDays`, 50+i)
		q, ds := lang.Compile(text, column.Catalog{Snapshot: t.Snapshot()}, check.Options{})
		if ds.Failed() {
			b.Fatal(ds)
		}
		queries = append(queries, q)
	}
	all := &check.Reads{}
	for _, q := range queries {
		all.Add(check.ReadsOf(q.Cond))
	}
	if _, _, err := t.Load(b.Context(), all, nil); err != nil {
		b.Fatal(err)
	}
	return t, queries
}

// keys has a thread of the system woken n times, which hands over to another goroutine as the session's reader of
// keys does, and returns how long after its time each was there.
func keys(b *testing.B, n int) []time.Duration {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, 0)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = unix.Close(fd) }()
	every := unix.NsecToTimespec(int64(keyEvery))
	first := monotonic() + keyEvery
	if err := unix.TimerfdSettime(fd, unix.TFD_TIMER_ABSTIME, &unix.ItimerSpec{Interval: every, Value: unix.NsecToTimespec(int64(first))}, nil); err != nil {
		b.Fatal(err)
	}
	pressed := make(chan int)
	go func() {
		defer close(pressed)
		var count [8]byte
		for i := 0; i < n; {
			if _, err := unix.Read(fd, count[:]); err != nil {
				return
			}
			pressed <- i
			i += int(count[0]) + int(count[1])<<8 // those that were missed
		}
	}()
	waits := make([]time.Duration, 0, n)
	for i := range pressed {
		waits = append(waits, monotonic()-first-time.Duration(i)*keyEvery)
	}
	return waits
}

func monotonic() time.Duration {
	var now unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &now)
	return time.Duration(now.Nano())
}
