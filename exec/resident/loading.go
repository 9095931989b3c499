package resident

import (
	"context"
	"sync"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/plan"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// view is what was planned over the snapshots of an epoch, and a part.
type view struct {
	epoch   int
	part    int
	planner *plan.Planner
	plans   planCache

	mu   sync.Mutex
	cuts [2][]column.Partition // by whether the offsets of the events tell
}

// partitions returns those of a snapshot.
func (v *view) partitions(snap *column.Snapshot) []column.Partition {
	v.mu.Lock()
	defer v.mu.Unlock()
	cut := &v.cuts[0]
	if snap.Cost == nil {
		cut = &v.cuts[1]
	}
	if *cut == nil {
		*cut = snap.Partitions(0)
	}
	return *cut
}

// planned plans queries, keeps the plan if somebody may ask them again, and gives a fault as an error.
func (v *view) planned(ctx context.Context, typed []*check.Query, snap *column.Snapshot, now time.Time, keep bool) (p *plan.Plan, err error) {
	defer ast.Guard(func(f *ast.Fault) { p, err = nil, f })
	key := planKey(typed)
	if p := v.plans.get(key, now); p != nil {
		return p, nil
	}
	if p, err = v.planner.New(ctx, typed, snap, now); err == nil && keep {
		v.plans.put(key, now, typed, p)
	}
	return p, err
}

// views holds the view of the last epoch.
type views struct {
	mu   sync.Mutex
	last *view
}

// of returns the view of a snapshot. That of an epoch which is over is used by nobody else.
func (v *views) of(snap *column.Snapshot) *view {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.last != nil && v.last.epoch == snap.Epoch && v.last.part == snap.Part {
		return v.last
	}
	own := &view{epoch: snap.Epoch, part: snap.Part}
	if v.last != nil && v.last.epoch == snap.Epoch {
		own.planner = v.last.planner
	} else {
		own.planner = plan.NewPlanner()
	}
	if v.last == nil || v.last.epoch < snap.Epoch || v.last.epoch == snap.Epoch && v.last.part < snap.Part {
		v.last = own
	}
	return own
}

// forget drops the view of an epoch before that of a snapshot, so that what it has made of columns that
// were evicted does not keep them.
func (v *views) forget(before int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.last != nil && v.last.epoch < before {
		v.last = nil
	}
}

// load makes resident what the queries read, and says whether they can be planned. Where
// it is resident for some of them and not for others, or cannot be loaded for all, it
// makes groups of them instead. Those for which it fails are ended.
func (r *run) load(ctx context.Context) bool {
	r.unpin = func() {}
	snap := r.engine.table.Snapshot()
	switch {
	case r.batch.Class == exec.Idle:
		kept, unpin, ok := r.keep(ctx)
		if !ok {
			r.giveWay()
			return false
		}
		snap, r.unpin = kept, unpin
	case snap.Partial:
		if r.parted(snap) {
			return false
		}
		loaded, unpin, err := r.fetch(ctx)
		if err != nil {
			r.unloadable(err)
			return false
		}
		snap, r.unpin = loaded, unpin
	}
	r.snap, r.view = snap, r.engine.views.of(snap)
	for _, q := range r.queries {
		if q.By != nil {
			q.by, _ = field(snap, q.By) // it was checked before
		}
	}
	return true
}

// parted makes groups of the queries whose columns are resident and of the others, unless
// all are one.
func (r *run) parted(snap *column.Snapshot) bool {
	var ready, waiting []*query
	for _, q := range r.queries {
		if snap.Covers(q.Reads(snap.ID)) {
			ready = append(ready, q)
		} else {
			waiting = append(waiting, q)
		}
	}
	if len(ready) == 0 || len(waiting) == 0 {
		return false
	}
	r.groups = []group{{queries: ready, apart: true}, {queries: waiting, apart: true}}
	r.cut = r.engine.views.of(snap).partitions(snap) // of both
	return true
}

// fetch loads what the open queries read. It ends when there are none.
func (r *run) fetch(ctx context.Context) (*column.Snapshot, func(), error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r.mu.Lock()
	r.unload = cancel
	r.mu.Unlock()
	if r.stop.Load() {
		cancel()
	}
	reads, snap := &check.Reads{}, r.engine.table.Snapshot()
	for _, q := range r.queries {
		if !q.over() {
			reads.Add(q.Reads(snap.ID))
		}
	}
	columns := snap.Missing(reads)
	return r.engine.table.Load(ctx, reads, func(done, total int64) {
		r.engine.views.forget(r.engine.table.Snapshot().Epoch)
		for _, q := range r.queries {
			if r.batch.Sink != nil && !q.over() {
				r.batch.Sink.Load(q.ID, exec.Loading{Done: done, Total: total, Columns: columns})
			}
		}
	})
}

// unloadable ends the query whose columns cannot be loaded. Several are tried apart.
func (r *run) unloadable(err error) {
	var left []*query
	for _, q := range r.queries {
		if !q.over() {
			left = append(left, q)
		}
	}
	if r.stop.Load() || len(left) == 0 {
		return // who has stopped it gives the answers
	}
	if len(r.queries) == 1 {
		left[0].fail(err)
		return
	}
	snap := r.engine.table.Snapshot()
	r.cut = r.engine.views.of(snap).partitions(snap)
	for _, q := range left {
		r.groups = append(r.groups, group{queries: []*query{q}, apart: true})
	}
}
