package resident

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/plan"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// maxPartitions bounds the number of partitions of a table, minPartition their
// size. The number does not depend on the number of processors, so that sums of
// floats are the same everywhere.
const (
	maxPartitions = 64
	minPartition  = 8 << 10
)

// reportEvery is the time between two reports of a partition's progress.
const reportEvery = 100 * time.Millisecond

// run is one batch under way.
type run struct {
	engine  *Engine
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
	// lost says why queries were left without an answer, nil when none was; fault is what
	// went wrong in the work that they share.
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
	parts  []*part
	left   atomic.Int32 // parts that are not finished

	mu      sync.Mutex
	workers []*worker // idle
	job     *job      // nil until it is in line
}

// worker is what one goroutine needs for a turn. It is lent from turn to turn.
type worker struct {
	plan    *plan.Evaluator
	values  map[*query]*eval.Evaluator
	current *query // being evaluated
	stop    func() bool
}

// part is one partition of a run, a task of the scheduler.
type part struct {
	run      *run
	index    int
	rows     column.Range
	blocks   []column.Range // to be scanned, the next one first
	scanned  int            // rows
	matched  []int          // by rule of the plan
	shares   []*share       // by query; nil for those that only count
	reported time.Time
	// portion is up to how many rows of a block have a turn, 0 for all (portion.go).
	portion int
}

func newRun(e *Engine, b exec.Batch) *run {
	r := &run{engine: e, batch: b, start: time.Now(), results: make([]exec.Result, len(b.Queries)), weight: 1}
	r.whole = r
	r.open.Store(int32(len(b.Queries)))
	r.answers.Add(len(b.Queries))
	for i, q := range b.Queries {
		one := &query{Query: q, run: r, index: i, rule: -1, meter: meter{budget: e.budget}}
		if q.By != nil {
			one.by, _ = field(e.snap, q.By) // it was checked before
		}
		r.queries = append(r.queries, one)
	}
	return r
}

// scan answers all queries, and returns when every answer was delivered and no
// goroutine works for the run any more.
func (r *run) scan(ctx context.Context) {
	defer context.AfterFunc(ctx, func() { r.abandon(context.Cause(ctx)) })()
	for _, q := range r.queries {
		q.watch()
	}
	r.begin(ctx)
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
	r.prepare(ctx)
	if len(r.parts) == 0 {
		r.finish()
	}
}

// split makes the partitions and announces them.
func (r *run) split() {
	snap := r.engine.snap
	ranges := snap.Partitions(min(maxPartitions, snap.Rows()/minPartition+1))
	parts, sizes := make([]part, len(ranges)), make([]int, len(ranges))
	for i, rows := range ranges {
		parts[i] = part{run: r, index: i, rows: rows}
		r.parts = append(r.parts, &parts[i])
		sizes[i] = rows.Rows()
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
				q.answer(exec.Result{Err: err})
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
			q.values = eval.New(q.Typed, r.engine.snap, r.batch.Now)
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
func (r *run) planned(ctx context.Context, queries []*query) (p *plan.Plan, err error) {
	defer ast.Guard(func(f *ast.Fault) { p, err = nil, f })
	typed := make([]*check.Query, len(queries))
	for i, q := range queries {
		typed[i] = q.Typed
	}
	key := planKey(typed)
	if p := r.engine.plans.get(key, r.batch.Now); p != nil {
		return p, nil
	}
	if p, err = r.engine.planner.New(ctx, typed, r.batch.Now); err == nil {
		r.engine.plans.put(key, r.batch.Now, typed, p)
	}
	return p, err
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

// abandon answers whatever is open with the reason why there will be no answer.
func (r *run) abandon(cause error) {
	r.halt()
	err := stopped("batch", cause)
	for _, q := range r.queries {
		q.lose(err)
	}
}

// halt takes the rest of the work away.
func (r *run) halt() {
	r.stop.Store(true)
	r.mu.Lock()
	job := r.job
	r.mu.Unlock()
	if job != nil {
		r.engine.scheduler.drop(job)
	}
}

// halted says whether the evaluation of q should end.
func (r *run) halted(q *query) bool {
	return r.stop.Load() || q != nil && q.answered.Load()
}

// finish answers the queries that are open from what all partitions have seen.
func (r *run) finish() {
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

// borrow lends a worker.
func (r *run) borrow() *worker {
	r.mu.Lock()
	defer r.mu.Unlock()
	if last := len(r.workers) - 1; last >= 0 {
		w := r.workers[last]
		r.workers = r.workers[:last]
		return w
	}
	w := &worker{plan: r.plan.Evaluator(), values: map[*query]*eval.Evaluator{}}
	w.stop = func() bool { return r.halted(w.current) }
	w.plan.Stop = w.stop
	return w
}

func (r *run) release(w *worker) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.workers = append(r.workers, w)
}

// evaluator gives the worker's evaluator of a query's values.
func (w *worker) evaluator(q *query) *eval.Evaluator {
	e := w.values[q]
	if e == nil {
		e = q.values.Evaluator()
		e.Stop = w.stop
		w.values[q] = e
	}
	return e
}

// turn scans one block of the partition. A fault outside of a query's expression
// may be that of any query.
func (p *part) turn() (more bool) {
	defer ast.Guard(func(f *ast.Fault) {
		p.run.broken(f)
		more = false
	})
	return !p.run.stop.Load() && p.scan()
}

// scan scans the next block, and says whether there is more. A worker whose evaluators a
// fault has left in disorder is not given back.
func (p *part) scan() (more bool) {
	r := p.run
	w := r.borrow()
	began, rows := time.Now(), p.next()
	w.plan.Block(rows)
	w.plan.Count(p.matched)
	for _, q := range r.single {
		if r.stop.Load() {
			break
		}
		if !q.answered.Load() && !q.block(w, rows, p) {
			w = r.borrow()
			w.plan.Block(rows)
		}
	}
	r.release(w)
	if r.stop.Load() {
		return false
	}
	p.through(rows, time.Since(began))
	p.scanned += rows.Rows()
	more = len(p.blocks) > 0
	p.report(!more)
	if !more && r.left.Add(-1) == 0 {
		r.finish()
	}
	return more
}

// cut makes the blocks of a partition, and puts them in an order that has nothing to
// do with the data, so that what was counted of it at any time is a fair estimate of
// the rest, however the table is sorted. The order of values matters to a sum of
// floats: where values are gathered it is that of the rows.
func (p *part) cut(plan *plan.Plan) {
	for rest := p.rows; rest.Rows() > 0; {
		block := plan.Block(rest)
		p.blocks = append(p.blocks, block)
		rest.Start = block.End
	}
	for _, q := range p.run.single {
		if q.valued() {
			return
		}
	}
	if len(p.blocks) < 2 {
		return
	}
	rng := rand.New(rand.NewPCG(uint64(p.index), uint64(len(p.blocks))))
	rng.Shuffle(len(p.blocks), func(i, j int) { p.blocks[i], p.blocks[j] = p.blocks[j], p.blocks[i] })
}

// seen gives the number of rows so far for which a query holds.
func (p *part) seen(q *query) int {
	if q.rule < 0 {
		return 0
	}
	return p.matched[q.rule]
}

// report tells the sink how far the partition is: at its end, and in between
// not more often than reportEvery.
func (p *part) report(done bool) {
	sink := p.run.batch.Sink
	if sink == nil {
		return
	}
	if !done {
		now := time.Now()
		if now.Sub(p.reported) < reportEvery {
			return
		}
		p.reported = now
	}
	for _, q := range p.run.queries {
		if !q.answered.Load() {
			sink.Progress(q.ID, p.index, exec.Progress{Rows: p.scanned, Matched: p.seen(q), Done: done})
		}
	}
}
