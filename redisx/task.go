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
// one Finish, Reject, Expire, Retry or Fail; later ones do nothing. Its methods may be called from many
// goroutines, and Start, Load and Progress never block.
type Task struct {
	// Command is what to do. The handler changes nothing of it, but fills in what it names and does not bring: the
	// Queries and Names of its Set, and Segments with their versions.
	Command Command

	asked     Command // as it was
	ctx       context.Context
	cancel    context.CancelCauseFunc
	stopClock context.CancelFunc // ends the timer of a deadline
	worker    *Worker
	token     string
	began     time.Time // when it was claimed
	deadline  time.Time // by this machine's clock; zero for none
	alone     bool      // a suspect: nothing else runs in this worker
	epoch     string    // what Redis was when it had the job; of the beat loop
	data      *standing // of the worker when it claimed the job
	keep      []string  // keys of the cache for its result
	stopped   time.Time // when the beat loop saw that ctx had ended; of the beat loop
	toldStuck bool      // of the beat loop

	mu         sync.Mutex // guards what follows
	started    time.Time  // when Start was called
	partitions []Partition
	changed    map[int]bool // partitions to flush
	load       Load
	loadTold   bool // load was flushed as it is
	ended      bool
	beat       time.Time // last time that the lease was known to hold
}

// newTask makes a task of a job that was claimed by a request sent at the moment
// sent, with so much time left, 0 for any.
func newTask(w *Worker, c Command, token string, left time.Duration, alone bool, sent time.Time) *Task {
	t := &Task{Command: c, asked: c, worker: w, token: token, alone: alone, changed: map[int]bool{}, data: w.data.Load(), loadTold: true, beat: sent, began: sent, stopClock: func() {}}
	t.ctx, t.cancel = context.WithCancelCause(context.Background())
	if left > 0 {
		t.deadline = time.Now().Add(left)
		t.ctx, t.stopClock = context.WithDeadline(t.ctx, t.deadline)
	}
	return t
}

// cancelled ends the attempts of the worker at a job whose end was asked for.
func (w *Worker) cancelled(id string) {
	for _, t := range w.running() {
		if t.Command.ID == id {
			t.cancel(ErrCancelled)
		}
	}
}

// Context ends when the task should: with ErrCancelled, ErrLeaseLost, ErrReleased
// or context.DeadlineExceeded as its cause.
func (t *Task) Context() context.Context { return t.ctx }

// places is how many of a worker's places the task takes up.
func (t *Task) places() int {
	if t.asked.Op == "rules" && t.asked.Set == "" {
		return (len(t.asked.Queries) + rulesAPlace - 1) / rulesAPlace
	}
	return 1
}

// Start tells how many rows each partition has. Counters before it are ignored.
func (t *Task) Start(rows []int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.started = time.Now()
	t.partitions = make([]Partition, len(rows))
	for i, n := range rows {
		t.partitions[i].Total = n
		t.changed[i] = true
	}
	t.worker.wakeFlusher()
}

// Load tells how far the data is loaded that the task waits for, in absolute numbers.
func (t *Task) Load(l Load) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.load, t.loadTold = l, false
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
	p.Elapsed = time.Since(t.started).Truncate(time.Millisecond)
	t.changed[partition] = true
}

// pending returns the counters that have changed since the last call, as fields
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
	if !t.loadTold || whole && t.load.Total > 0 {
		out = append(out, loadField, t.load.String())
		t.loadTold = true
	}
	return out
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
	return time.Since(t.beat) < t.worker.options.Lease*2/3
}
