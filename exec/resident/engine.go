// Package resident is the engine of one machine: it answers batches of typed queries over
// a snapshot that is in memory. It is an [exec.Runner].
//
// The tour: [New] opens an [Engine]; [Engine.Run] answers a batch. The queries of a batch
// are planned together by package plan, so that what they have in common is computed
// once, and then share one scan (run.go) over the partitions of the table. The scans of
// all batches share the engine's goroutines (scheduler.go, quota.go). A query's answer is
// put together in query.go from what its partitions saw: counts, a sample of ids
// (sample.go), groups (groups.go) and, for queries that are not conditions, a summary of
// their values (values.go). The other ways in which it may end are in ending.go. memory.go
// limits the memory that queries hold while they run.
package resident

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/plan"
)

// Options are the knobs of an [Engine].
type Options struct {
	// Threads is how many goroutines scan; 0 means one for each processor.
	Threads int
	// Memory is how many bytes all queries together may hold beside the data, 0 for
	// 2 GiB, QueryMemory how many one of them may, 0 for 512 MiB. It is charged as it
	// grows; a query that would go past it fails with a [exec.MemoryError].
	Memory, QueryMemory int64
}

// Engine answers batches over one snapshot. It is safe for concurrent use: the
// batches of concurrent runs take turns.
type Engine struct {
	snap      *column.Snapshot
	parts     func() []column.Partition // made when they are asked for
	scheduler *scheduler
	planner   *plan.Planner
	budget    *budget
	plans     planCache
	// closing is done once Close was called.
	closing context.Context
	close   context.CancelFunc
}

// New opens an engine over snap and starts its goroutines, which Close ends.
func New(snap *column.Snapshot, o Options) *Engine {
	threads := o.Threads
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	parts := sync.OnceValue(func() []column.Partition { return snap.Partitions(0) })
	e := &Engine{snap: snap, parts: parts, budget: newBudget(o), planner: plan.NewPlanner(snap), scheduler: newScheduler(threads)}
	e.closing, e.close = context.WithCancel(context.Background())
	return e
}

var _ exec.Runner = (*Engine)(nil)

// Snapshot is what the engine answers about.
func (e *Engine) Snapshot() *column.Snapshot { return e.snap }

// Close ends the runs under way with [exec.ErrClosed], and waits for the engine's
// goroutines. It may be called more than once.
func (e *Engine) Close() {
	e.close()
	e.scheduler.close()
}

// Run answers the queries of b, as [exec.Runner] says.
func (e *Engine) Run(ctx context.Context, b exec.Batch) ([]exec.Result, error) {
	if err := checkBatch(&b, e.snap); err != nil {
		return nil, err
	}
	if e.closing.Err() != nil {
		return nil, exec.ErrClosed
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(e.closing, func() { cancel(exec.ErrClosed) })()
	r := newRun(e, b)
	r.scan(ctx)
	if err := r.lost.Load(); err != nil {
		return r.results, *err
	}
	return r.results, nil
}

// checkBatch says what makes a batch impossible to run.
func checkBatch(b *exec.Batch, snap *column.Snapshot) error {
	switch {
	case len(b.Queries) == 0:
		return errors.New("the batch has no queries")
	case b.Now.IsZero():
		return errors.New("the batch does not say what now is")
	}
	ids := make(map[string]bool, len(b.Queries))
	for i, q := range b.Queries {
		switch {
		case q.Typed == nil || q.Typed.Cond == nil:
			return fmt.Errorf("query %d of the batch, %q, has not been checked", i+1, q.ID)
		case ids[q.ID]:
			return fmt.Errorf("the batch has two queries with the id %q", q.ID)
		case q.Sample < 0:
			return fmt.Errorf("query %q asks for a sample of %d ids", q.ID, q.Sample)
		}
		ids[q.ID] = true
		if q.By != nil {
			if _, err := field(snap, q.By); err != nil {
				return fmt.Errorf("cannot count by %s: %w", strings.Join(q.By, "."), err)
			}
		}
	}
	return nil
}
