// Package exec answers typed queries over a resident snapshot.
//
// The tour: [New] opens an [Engine]; [Engine.Run] answers a [Batch]. The queries
// of a batch are planned together by package plan, so that what they have in
// common is computed once, and then share one scan (run.go) over the partitions
// of the table. The scans of all batches share the engine's goroutines
// (scheduler.go). A query's answer is put together in query.go from what its
// partitions saw: counts, a sample of ids (sample.go) and, for queries that are no
// conditions, a summary of their values (values.go).
package exec

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/plan"
)

// ErrClosed is the error of a run that met a closed engine, or whose engine was
// closed under it.
var ErrClosed = errors.New("the engine is closed")

// Options are the knobs of an [Engine].
type Options struct {
	// Threads is how many goroutines scan; 0 means one for each processor.
	Threads int
	// Memory is how many bytes all queries together may hold beside the data, 0 for
	// 2 GiB, QueryMemory how many one of them may, 0 for 512 MiB. It is charged as it
	// grows; a query that would go past it fails with a [MemoryError].
	Memory, QueryMemory int64
}

// Engine answers batches over one snapshot. It is safe for concurrent use: the
// batches of concurrent runs take turns.
type Engine struct {
	snap      *column.Snapshot
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
	e := &Engine{snap: snap, budget: newBudget(o), planner: plan.NewPlanner(snap), scheduler: newScheduler(threads)}
	e.closing, e.close = context.WithCancel(context.Background())
	return e
}

// Snapshot is what the engine answers about.
func (e *Engine) Snapshot() *column.Snapshot { return e.snap }

// Close ends the runs under way with [ErrClosed], and waits for the engine's
// goroutines. It may be called more than once.
func (e *Engine) Close() {
	e.close()
	e.scheduler.close()
}

// Run answers the queries of b, in their order. A query that fails, or that its
// own context cancels, has the reason in its Result and does not disturb the
// others. The error is for the batch as a whole: it makes no sense, or ctx was
// done, or the engine closed, before all was answered; then the results, if there
// are any, hold what was known by then.
func (e *Engine) Run(ctx context.Context, b Batch) ([]Result, error) {
	if err := b.check(e.snap); err != nil {
		return nil, err
	}
	if e.closing.Err() != nil {
		return nil, ErrClosed
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(e.closing, func() { cancel(ErrClosed) })()
	r := newRun(e, b)
	r.scan(ctx)
	if err := r.lost.Load(); err != nil {
		return r.results, *err
	}
	return r.results, nil
}

// stopped words what a context has ended.
func stopped(what string, cause error) error {
	var fault *PanicError
	switch {
	case errors.Is(cause, ErrClosed), errors.As(cause, &fault):
		return cause
	case errors.Is(cause, context.DeadlineExceeded):
		return fmt.Errorf("the time for the %s is over: %w", what, cause)
	}
	return fmt.Errorf("the %s was cancelled: %w", what, cause)
}

// check says what makes a batch impossible to run.
func (b *Batch) check(snap *column.Snapshot) error {
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
				return fmt.Errorf("query %q counts by a field: %w", q.ID, err)
			}
		}
	}
	return nil
}
