// Package resident is the engine of one machine: it answers batches of typed queries over
// a snapshot that is in memory. It is an [exec.Runner].
//
// The tour: [Open] opens an [Engine] over a table, [New] over a snapshot; [Engine.Run]
// answers a batch. What its queries read is made resident first (loading.go). They
// are planned together by package plan, so that what they have in common is computed
// once, and then share one scan (run.go) over the partitions of the table. The scans of
// all batches share the engine's goroutines (scheduler.go, quota.go). A query's answer is
// put together in query.go from what its partitions saw: counts, a sample of ids
// (sample.go), groups (groups.go, counter.go) and, for queries that are not conditions, a summary
// of their values (described.go, values.go, distribution.go). The other ways in which it may end are in ending.go. memory.go
// limits the memory that queries hold while they run. [Engine.Rows] gives the profiles
// themselves, in the order of the data (rows.go, stretch.go, rowvalues.go, sampledrows.go).
package resident

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
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

// Engine answers batches over one table. It is safe for concurrent use: the batches of
// concurrent runs take turns.
type Engine struct {
	table     column.Table
	views     views
	scheduler *scheduler
	budget    *budget
	running   atomic.Int32 // batches under way
	idle      atomic.Int32 // those of them that are of the class Idle
	ended     atomic.Int64 // when the last one ended, in nanoseconds since 1970
	// closing is done once Close was called.
	closing context.Context
	close   context.CancelFunc
}

// New opens an engine over a snapshot and starts its goroutines, which Close ends.
func New(snap *column.Snapshot, o Options) *Engine { return Open(column.Resident(snap), o) }

// Open opens an engine over a table, which the caller closes when the engine is.
func Open(table column.Table, o Options) *Engine {
	threads := o.Threads
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	e := &Engine{table: table, budget: newBudget(o), scheduler: newScheduler(threads)}
	e.closing, e.close = context.WithCancel(context.Background())
	return e
}

var _ exec.Runner = (*Engine)(nil)

// Snapshot is what the engine answers about, with what is resident of it.
func (e *Engine) Snapshot() *column.Snapshot { return e.table.Snapshot() }

// idleApart is how long nobody may have asked for anything for the engine to be idle.
const idleApart = 20 * time.Millisecond

// Idle waits until no batch is under way, and none was for a moment. It fails when ctx is done.
func (e *Engine) Idle(ctx context.Context) error {
	for {
		ended := time.Unix(0, e.ended.Load())
		if e.running.Load() == 0 && time.Since(ended) > idleApart {
			return ctx.Err()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(idleApart):
		}
	}
}

// Close ends the runs under way with [exec.ErrClosed], and waits for the engine's
// goroutines. It may be called more than once.
func (e *Engine) Close() {
	e.close()
	e.scheduler.close()
}

// Run answers the queries of b, as [exec.Runner] says. Those whose columns are not
// resident are answered when they are, and hold up no others.
func (e *Engine) Run(ctx context.Context, b exec.Batch) ([]exec.Result, error) {
	if err := checkBatch(&b, e.table.Snapshot()); err != nil {
		return nil, err
	}
	if e.closing.Err() != nil {
		return nil, exec.ErrClosed
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(e.closing, func() { cancel(exec.ErrClosed) })()
	defer e.begun(b.Class)()
	if b.Class == exec.Idle {
		b.Sink = nil
	}
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
