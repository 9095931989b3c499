package resident

import (
	"context"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// A batch of the class [exec.Idle] costs others nothing that they would notice. Its turns are
// those that no other batch has a task for (quota.go). It is planned, which may take a search
// through millions of texts, after it was its turn once; its plan is not kept, since nobody asks the
// same again. Of the columns that it reads it is no user: they have to be resident, count as
// not asked for, and go when somebody waits for their memory.

// Busy says whether somebody waits for an answer: a batch is under way that is not of the class
// [exec.Idle].
func (e *Engine) Busy() bool { return e.running.Load() > e.idle.Load() }

// begun counts a batch of a class, until what it returns is called.
func (e *Engine) begun(class exec.Class) (end func()) {
	if class == exec.Idle {
		e.idle.Add(1)
	}
	e.running.Add(1)
	return func() {
		e.ended.Store(time.Now().UnixNano())
		e.running.Add(-1)
		if class == exec.Idle {
			e.idle.Add(-1)
		}
	}
}

// gate is a task with nothing to do.
type gate struct{}

func (gate) turn() (more bool) { return false }

// waitTurn waits until it is the turn of the batch, or ctx is done.
func (r *run) waitTurn(ctx context.Context) {
	s := r.engine.scheduler
	j := s.enter([]task{gate{}}, r.batch.Class, r.batch.Tenant, r.whole, 1)
	select {
	case <-j.done:
	case <-ctx.Done():
		s.drop(j)
	}
}

// keep returns the table if all that the queries read is resident, and lets go of it as soon as
// somebody waits for its memory: then the batch ends.
func (r *run) keep(ctx context.Context) (*column.Snapshot, func(), bool) {
	table := r.engine.table
	snap, reads := table.Snapshot(), &check.Reads{}
	for _, q := range r.queries {
		reads.Add(q.Reads(snap.ID))
	}
	if k, ok := table.(column.Keeper); ok {
		return k.Keep(reads, r.giveWay)
	}
	if !snap.Covers(reads) {
		return nil, nil, false
	}
	snap, release, err := table.Load(ctx, reads, nil) // which has nothing to load
	return snap, release, err == nil
}

// giveWay ends the queries that are open, since others need what they have, or they what is not
// there.
func (r *run) giveWay() {
	for _, q := range r.queries {
		q.fail(exec.ErrGaveWay)
	}
}
