package resident

import (
	"math/rand/v2"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/plan"
	"github.com/segq/segq/lang/ast"
)

// reportEvery is the time between two reports of a partition's progress.
const reportEvery = 100 * time.Millisecond

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
	// portion is up to how many rows and events of a block have a turn, 0 for all
	// (portion.go); took is the time of all turns.
	portion int64
	took    time.Duration
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
		if !q.over() && !q.block(w, rows, p) {
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
	if !more {
		for _, q := range r.single {
			q.gather(p.shares[q.index])
		}
	}
	p.report(!more)
	if !more && r.left.Add(-1) == 0 {
		r.finish()
	}
	return more
}

// cut makes the blocks of a partition, and puts them in an order that has nothing to
// do with the data, so that what was counted of it at any time is a fair estimate of
// the rest, however the table is sorted. Where values are gathered it is that of the rows,
// of which the first are examples.
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

// seen returns the number of rows so far for which a query holds.
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
		if !q.over() {
			sink.Progress(q.ID, p.index, exec.Progress{Rows: p.scanned, Matched: p.seen(q), Done: done})
		}
	}
}
