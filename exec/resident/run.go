package resident

import (
	"context"
	"errors"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/plan"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// run is one batch under way.
type run struct {
	engine *Engine
	// snap has all that the queries read, and view what was planned over it; both are nil
	// until then. unpin lets go of snap.
	snap    *column.Snapshot
	view    *view
	unpin   func()
	batch   exec.Batch
	start   time.Time
	queries []*query
	// whole is the run of which this one is a group, or the run itself.
	whole *run
	// results is written by deliver, each place once, and read after answers.
	results []exec.Result
	answers sync.WaitGroup
	open    atomic.Int32 // queries without an answer
	stop    atomic.Bool  // nobody waits for this run any more
	// lost says why queries were abandoned, nil when none was; fault is what went wrong in
	// the work that they share.
	lost  atomic.Pointer[error]
	fault atomic.Pointer[ast.Fault]

	plan *plan.Plan
	// groups are the queries by what they wait for, where that is not the same: each
	// group has a run of its own. Else nil. weight is that of this run among those of its
	// batch.
	groups []group
	weight time.Duration
	// single holds the queries that have more to do than to count what kernels
	// find: they are evaluated one after another.
	single []*query
	cut    []column.Partition
	parts  []*part
	left   atomic.Int32 // parts that are not finished

	mu      sync.Mutex
	workers []*worker // idle
	job     *job      // nil until it is in line
	unload  func()    // ends the loading; nil when nothing is loaded
}

func newRun(e *Engine, b exec.Batch) *run {
	r := &run{engine: e, batch: b, start: time.Now(), results: make([]exec.Result, len(b.Queries)), weight: 1}
	r.whole = r
	r.open.Store(int32(len(b.Queries)))
	r.answers.Add(len(b.Queries))
	for i, q := range b.Queries {
		one := &query{Query: q, run: r, index: i, rule: -1, meter: meter{budget: e.budget}}
		r.queries = append(r.queries, one)
	}
	return r
}

// scan answers all queries, and returns when every answer was delivered and no
// goroutine works for the run any more.
func (r *run) scan(ctx context.Context) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // the data may lie in a file
	defer context.AfterFunc(ctx, func() { r.abandon(context.Cause(ctx)) })()
	for _, q := range r.queries {
		q.watch()
	}
	if r.load(ctx) {
		defer r.unpin()
		r.begin(ctx)
	}
	if r.groups != nil {
		r.scanGroups(ctx)
	} else if job := r.enqueue(); job != nil {
		<-job.done
	}
	if f := r.fault.Load(); f != nil {
		r.apart(ctx, f)
	}
	if r.engine.closing.Err() != nil {
		// The scheduler may have been closed before it took the job.
		r.abandon(exec.ErrClosed)
	}
	r.answers.Wait()
	for _, q := range r.queries {
		if q.unwatch != nil {
			q.unwatch()
		}
	}
}

// begin makes the partitions and plans the queries. Where there is nothing to scan it
// answers them.
func (r *run) begin(ctx context.Context) {
	defer ast.Guard(r.broken)
	r.split()
	if r.batch.Class == exec.Idle {
		r.waitTurn(ctx)
	}
	r.prepare(ctx)
	if len(r.parts) == 0 {
		r.finish()
	}
}

// split makes the partitions and announces them. They are the same in all runs of a batch.
func (r *run) split() {
	if r.cut == nil {
		r.cut = r.whole.cut
	}
	if r.cut == nil {
		r.cut = r.view.partitions(r.snap)
	}
	parts, sizes := make([]part, len(r.cut)), make([]int, len(r.cut))
	for i, p := range r.cut {
		parts[i] = part{run: r, index: i, rows: p.Range}
		r.parts = append(r.parts, &parts[i])
		sizes[i] = p.Rows()
	}
	r.left.Store(int32(len(r.parts)))
	if r.batch.Sink == nil {
		return
	}
	for _, q := range r.queries {
		r.batch.Sink.Start(q.ID, sizes)
	}
}

// prepare plans the queries. When the planner fails on one of them, each is tried
// alone, so that only those on which it fails are lost.
func (r *run) prepare(ctx context.Context) {
	queries := r.queries
	p, err := r.planned(ctx, queries)
	if err != nil && ctx.Err() == nil {
		var sound []*query
		for _, q := range queries {
			if _, err := r.planned(ctx, []*query{q}); err != nil && ctx.Err() == nil {
				q.unplanned(err)
				continue
			}
			sound = append(sound, q)
		}
		queries = sound
		p, err = r.planned(ctx, queries)
	}
	if err != nil {
		var f *ast.Fault
		if errors.As(err, &f) {
			r.broken(f) // each of them can be planned, but not together
		}
		return // else ctx is done, and abandon gives the answers
	}
	if r.groups = r.grouped(queries, p); r.groups != nil {
		return
	}
	r.plan = p
	for i, q := range queries {
		q.rule = i
		if q.valued() {
			q.prepareValues()
		}
		if q.valued() || q.Sample > 0 || q.by != nil || q.IDs != nil || q.Matches != nil || p.Slow(i) {
			r.single = append(r.single, q)
		}
	}
	matched, portion := make([]int, len(queries)*len(r.parts)), firstPortion(queries, p)
	for i, part := range r.parts {
		part.cut(p)
		part.portion = portion
		part.matched = matched[i*len(queries):][:len(queries)]
		if len(r.single) > 0 {
			part.shares = make([]*share, len(r.queries))
		}
		for _, q := range r.single {
			part.shares[q.index] = q.share()
		}
	}
}

// planned plans queries, and gives a fault as an error.
func (r *run) planned(ctx context.Context, queries []*query) (*plan.Plan, error) {
	typed := make([]*check.Query, len(queries))
	for i, q := range queries {
		typed[i] = q.Typed
	}
	return r.view.planned(ctx, typed, r.snap, r.batch.Now, r.batch.Class != exec.Idle)
}

// enqueue hands the partitions to the scheduler, unless nobody waits for them.
func (r *run) enqueue() *job {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.plan == nil || len(r.parts) == 0 || r.stop.Load() {
		return nil
	}
	tasks := make([]task, len(r.parts))
	for i, p := range r.parts {
		tasks[i] = p
	}
	r.job = r.engine.scheduler.enter(tasks, r.batch.Class, r.batch.Tenant, r.whole, r.weight)
	return r.job
}

// halt takes the rest of the work away.
func (r *run) halt() {
	r.stop.Store(true)
	r.mu.Lock()
	job, unload := r.job, r.unload
	r.mu.Unlock()
	if unload != nil {
		unload()
	}
	if job != nil {
		r.engine.scheduler.drop(job)
	}
}

// halted says whether the evaluation of q should end.
func (r *run) halted(q *query) bool {
	return r.stop.Load() || q != nil && q.over()
}

// finish answers the queries that are open from what all partitions have seen, if that was
// the data.
func (r *run) finish() {
	if err := r.gone(nil); err != nil {
		for _, q := range r.queries {
			q.fail(err)
		}
		return
	}
	for i, q := range r.queries {
		count := 0
		var shares []*share
		for _, p := range r.parts {
			count += p.seen(q)
			if p.shares != nil && p.shares[i] != nil {
				shares = append(shares, p.shares[i])
			}
		}
		q.finish(count, shares)
	}
}
