package main

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// segq is the engine over one table.
type segq struct {
	*resident.Engine
	loaded time.Duration
}

// openSegq loads a file as a session does, and does what that does while nobody waits; loaded is the
// time until all columns were there.
func openSegq(ctx context.Context, file string, threads int) (*segq, error) {
	began := time.Now()
	table, report, err := load.OpenTable(ctx, []string{file}, load.Options{Threads: threads})
	if err != nil {
		return nil, err
	}
	if report.Rejected > 0 {
		return nil, fmt.Errorf("%s: %d rows rejected, the first: %s", file, report.Rejected, report.Rejects[0])
	}
	_, release, err := table.Load(ctx, &check.Reads{All: true}, nil)
	if err != nil {
		return nil, err
	}
	loaded := time.Since(began)
	release()
	if err := table.LoadRest(ctx, func(ctx context.Context) error { return ctx.Err() }); err != nil {
		return nil, err
	}
	debug.FreeOSMemory()
	return &segq{Engine: resident.New(table.Snapshot(), resident.Options{Threads: threads}), loaded: loaded}, nil
}

// withThreads returns another engine over the same table.
func (s *segq) withThreads(n int) *segq {
	return &segq{Engine: resident.New(s.Snapshot(), resident.Options{Threads: n})}
}

// compile parses and checks rules.
func (s *segq) compile(rules []statement) (exec.Batch, error) {
	b := exec.Batch{Now: now}
	for i, r := range rules {
		q, ds := lang.Compile(r.pql, column.Catalog{Snapshot: s.Snapshot()}, check.Options{})
		if q == nil {
			return b, fmt.Errorf("%s", lang.Render(ds[0], "", r.pql))
		}
		b.Queries = append(b.Queries, exec.Query{ID: strconv.Itoa(i), Typed: q})
	}
	return b, nil
}

// counts parses, checks, plans and runs rules as one batch.
func (s *segq) counts(ctx context.Context, rules []statement) ([]int, error) {
	b, err := s.compile(rules)
	if err != nil {
		return nil, err
	}
	results, err := s.Run(ctx, b)
	if err != nil {
		return nil, err
	}
	out := make([]int, len(results))
	for i, r := range results {
		if r.Err != nil {
			return nil, fmt.Errorf("%s: %w", rules[i].pql, r.Err)
		}
		out[i] = r.Count
	}
	return out, nil
}

// answer times each work.
func (s *segq) answer(ctx context.Context, works []work, repeat int) ([]answer, error) {
	out := make([]answer, len(works))
	for i, w := range works {
		fmt.Fprintln(os.Stderr, "segq:", w.name)
		var times []time.Duration
		most, longest := patience(w, repeat)
		for begun := time.Now(); len(times) < most && (len(times) == 0 || time.Since(begun) < longest); {
			start := time.Now()
			counts, err := s.counts(ctx, w.statements)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", w.name, err)
			}
			times = append(times, time.Since(start))
			out[i].counts = counts
		}
		out[i].time = summary(w, times)
	}
	return out, nil
}
