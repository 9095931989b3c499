package redisx

import (
	"context"
	"errors"
	"sync"
	"time"
)

// The causes with which the context of a [Task] may end before the task does.
var (
	// ErrCancelled says that the job's client asked for its end.
	ErrCancelled = errors.New("the command was cancelled")
	// ErrLeaseLost says that another attempt may have the job by now: whatever
	// this one does, nobody sees it.
	ErrLeaseLost = errors.New("the lease on the command was lost")
	// ErrReleased says that the worker shuts down and gives the job back.
	ErrReleased = errors.New("the worker is shutting down")
)

// Task is one attempt at a job, in the hands of a [Handler]. It ends by exactly
// one Finish or Fail; later ones do nothing. Its methods may be called from many
// goroutines, and Start and Progress never block.
type Task struct {
	// Command is what to do. The handler does not change it.
	Command Command

	ctx       context.Context
	cancel    context.CancelCauseFunc
	stopClock context.CancelFunc // ends the timer of a deadline
	worker    *Worker
	token     string

	mu         sync.Mutex // guards what follows
	partitions []Partition
	changed    map[int]bool // partitions to flush
	ended      bool
	beat       time.Time // last time that the lease was known to hold
}

// Context ends when the task should: with ErrCancelled, ErrLeaseLost or
// ErrReleased as its cause.
func (t *Task) Context() context.Context { return t.ctx }

// Start tells how many rows each partition has. Counters before it are ignored.
func (t *Task) Start(rows []int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.partitions = make([]Partition, len(rows))
	for i, n := range rows {
		t.partitions[i].Total = n
		t.changed[i] = true
	}
	t.worker.wakeFlusher()
}

// Progress tells how far one partition is, in absolute numbers: only the last
// report counts. Reports that come faster than they are flushed are skipped.
func (t *Task) Progress(partition, rows, matched int, done bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if partition < 0 || partition >= len(t.partitions) {
		return
	}
	p := &t.partitions[partition]
	p.Rows, p.Matched, p.Done = rows, matched, done
	t.changed[partition] = true
}

// pending gives the counters that have changed since the last call, as fields
// and values; all of them when whole is set.
func (t *Task) pending(whole bool) []any {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out []any
	for i, p := range t.partitions {
		if whole || t.changed[i] {
			out = append(out, i, p.String())
		}
	}
	clear(t.changed)
	return out
}

// Finish ends the task with its result, which may be empty and which others can
// read before Finish returns. It blocks until Redis has it, or until the lease is
// lost.
func (t *Task) Finish(result []byte) {
	if result == nil {
		result = []byte{}
	}
	t.end(Done, "", result)
}

// Reject ends the task as failed, with a result that says more than the reason.
func (t *Task) Reject(reason string, result []byte) { t.end(Failed, reason, result) }

// Fail ends the task without a result. Where its client has asked for the end,
// the job is cancelled; where its worker shuts down, it goes back to the queue.
func (t *Task) Fail(err error) {
	switch {
	case errors.Is(context.Cause(t.ctx), ErrCancelled):
		t.end(Cancelled, "", nil)
	case errors.Is(context.Cause(t.ctx), ErrReleased):
		t.release()
	case errors.Is(err, context.DeadlineExceeded):
		t.end(Expired, err.Error(), nil)
	default:
		t.end(Failed, err.Error(), nil)
	}
}

// claimEnd says whether this call is the one that ends the task.
func (t *Task) claimEnd() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	first := !t.ended
	t.ended = true
	return first
}

// maxError is the most bytes of an error that Redis keeps.
const maxError = 1 << 10

// end writes the result, the last counters and the final state, in this order: a
// job that is done has a result, whole counters and nothing left to come. What
// fails is tried again until the lease must have run out.
func (t *Task) end(state State, reason string, result []byte) {
	if !t.claimEnd() {
		return
	}
	defer t.worker.forget(t)
	if len(reason) > maxError {
		reason = reason[:maxError]
	}
	for wait := 10 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		if t.tryEnd(state, reason, result) || !t.leaseMayHold() {
			return
		}
		time.Sleep(wait)
	}
}

// tryEnd says whether the job's end is settled, one way or the other.
func (t *Task) tryEnd(state State, reason string, result []byte) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	w := t.worker
	frames, err := w.client.writeResult(ctx, t.Command.ID, t.token, result)
	if err != nil {
		return false
	}
	// Counters are a courtesy: their loss must not hold up the end.
	_ = w.client.writeCounters(ctx, t.Command.ID, t.token, t.pending(true))
	answer, err := w.client.run(ctx, w.client.control, scriptFinish, t.Command.ID, t.token,
		string(state), reason, frames, int(retention.Seconds())).Text()
	return err == nil && answer != "NORESULT"
}

// release gives the job back to the queue.
func (t *Task) release() {
	if !t.claimEnd() {
		return
	}
	defer t.worker.forget(t)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	// When this fails, the lease runs out and the reaper does the same.
	_ = t.worker.client.run(ctx, t.worker.client.control, scriptRelease, t.Command.ID, t.token).Err()
}

// renewed notes that the lease held at the moment at, before which the beat was
// sent.
func (t *Task) renewed(at time.Time) {
	t.mu.Lock()
	t.beat = at
	t.mu.Unlock()
}

// leaseMayHold says whether nobody else can have the job yet, by this machine's
// clock, with a third of the lease to spare.
func (t *Task) leaseMayHold() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return time.Since(t.beat) < t.worker.lease*2/3
}
