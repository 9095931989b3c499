package redisx

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/google/uuid"
)

// Handler does what commands ask for.
type Handler interface {
	// Handle works on the tasks that were drained from the queue together, and
	// returns when each has ended. It is called from a goroutine of its own, many
	// at a time. Tasks that it leaves without an end are failed.
	Handle(tasks []*Task)
}

// WorkerOptions steer a [Worker]. The zero value is usable.
type WorkerOptions struct {
	// Name tells workers apart. Default: host, process and a random part.
	Name string
	// MaxRunning is how many tasks may run at a time. Default 256.
	MaxRunning int
	// Lease is how long a job stays with a worker that gives no sign of life.
	// Default 15 s.
	Lease time.Duration
	// Grace is how long tasks may go on when the worker is told to stop. Default
	// 10 s.
	Grace time.Duration
	// Log hears what an operator should know, without texts of commands. Default:
	// nothing.
	Log *slog.Logger
}

const (
	// maxBatch is the most tasks in one call of the handler.
	maxBatch = 64
	// flushEvery is how often counters are written at most.
	flushEvery = 100 * time.Millisecond
	// maxCrashes is after how many lost workers a job is given up.
	maxCrashes = 3
)

// Worker takes jobs from the queue, gives them to a handler, and sees them to
// their end. Its duties are goroutines of their own: one claims, one admits raw
// commands, one beats, one flushes counters, one reaps and one listens for
// cancellations.
type Worker struct {
	client  *Client
	handler Handler
	name    string
	lease   time.Duration
	grace   time.Duration
	most    int
	log     *slog.Logger

	flush    chan struct{} // asks for a flush before its time
	beatSoon chan struct{} // asks for a beat before its time

	mu    sync.Mutex // guards what follows
	tasks map[*Task]bool
	freed chan struct{} // signalled when a task ends
}

// NewWorker gives a worker that is not running yet.
func NewWorker(c *Client, h Handler, o WorkerOptions) *Worker {
	w := &Worker{
		client: c, handler: h, name: o.Name, lease: o.Lease, grace: o.Grace, most: o.MaxRunning, log: o.Log,
		flush: make(chan struct{}, 1), beatSoon: make(chan struct{}, 1), freed: make(chan struct{}, 1),
		tasks: map[*Task]bool{},
	}
	if w.name == "" {
		host, _ := os.Hostname()
		if validName("host", host) != nil || len(host) > 24 {
			host = "worker"
		}
		w.name = fmt.Sprintf("%s-%d-%s", host, os.Getpid(), uuid.NewString()[:8])
	}
	if w.lease == 0 {
		w.lease = 15 * time.Second
	}
	if w.grace == 0 {
		w.grace = 10 * time.Second
	}
	if w.most == 0 {
		w.most = 256
	}
	if w.log == nil {
		w.log = slog.New(slog.DiscardHandler)
	}
	return w
}

// Run works until ctx ends: then it claims nothing more, lets its tasks finish
// for the time of grace, gives the rest back to the queue, and returns nil. Redis
// that is away for a while is waited for.
func (w *Worker) Run(ctx context.Context) error {
	if err := validName("worker", w.name); err != nil {
		return err
	}
	// The duties outlive ctx: tasks that finish in the time of grace need them.
	duties, stop := context.WithCancel(context.WithoutCancel(ctx))
	var running, serving sync.WaitGroup
	running.Go(func() { w.beatLoop(duties) })
	running.Go(func() { w.flushLoop(duties) })
	running.Go(func() { w.listen(duties) })
	serving.Go(func() { w.admitLoop(ctx) })
	serving.Go(func() { w.reapLoop(ctx) })
	w.claimLoop(ctx)
	w.drain()
	serving.Wait()
	stop()
	running.Wait()
	return nil
}

// claimLoop claims jobs and hands them over until ctx ends.
func (w *Worker) claimLoop(ctx context.Context) {
	for ctx.Err() == nil {
		free := min(w.most-w.count(), maxBatch)
		if free == 0 {
			w.await(ctx, time.Second)
			continue
		}
		tasks, err := w.claim(ctx, free)
		switch {
		case err != nil && ctx.Err() == nil:
			w.log.Warn("cannot claim", "error", err)
			pause(ctx, 500*time.Millisecond)
		case len(tasks) > 0:
			go w.handle(tasks)
		default:
			w.awaitBell(ctx)
		}
	}
}

// claim takes up to k jobs. A claim whose reply is lost is sent again with the
// same nonce, and then gives the same jobs.
func (w *Worker) claim(ctx context.Context, k int) ([]*Task, error) {
	nonce := uuid.NewString()
	sent := time.Now()
	for attempt := 0; ; attempt++ {
		// What was claimed must be known, also while the worker is told to stop.
		limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
		fields, err := w.client.run(limited, w.client.control, scriptClaim, w.name, nonce, k, w.lease.Milliseconds()).StringSlice()
		cancel()
		if err == nil {
			return w.accept(fields, sent)
		}
		if attempt == 2 {
			return nil, err
		}
		pause(ctx, 50*time.Millisecond)
	}
}

// accept makes tasks of what the claim script gave.
func (w *Worker) accept(fields []string, sent time.Time) ([]*Task, error) {
	if len(fields)%3 != 0 {
		return nil, errors.New("redis gave a claim that cannot be read")
	}
	var tasks []*Task
	for i := 0; i < len(fields); i += 3 {
		c, err := decodeCommand(fields[i+2])
		c.ID = fields[i]
		t := &Task{Command: c, worker: w, token: fields[i+1], changed: map[int]bool{}, beat: sent, stopClock: func() {}}
		t.ctx, t.cancel = context.WithCancelCause(context.Background())
		if c.DeadlineMS > 0 {
			t.ctx, t.stopClock = context.WithTimeout(t.ctx, time.Duration(c.DeadlineMS)*time.Millisecond)
		}
		w.mu.Lock()
		w.tasks[t] = true
		w.mu.Unlock()
		switch {
		case err != nil:
			go t.Fail(err)
		case c.Op == "ping":
			go t.Finish([]byte(`{"pong":true}`))
		default:
			tasks = append(tasks, t)
		}
	}
	return tasks, nil
}

// handle calls the handler. A panic in it fails its tasks, not the worker.
func (w *Worker) handle(tasks []*Task) {
	defer func() {
		err := errors.New("the worker left the command without an answer")
		if p := recover(); p != nil {
			w.log.Error("the handler panicked", "panic", p)
			err = fmt.Errorf("the worker failed: %v", p)
		}
		for _, t := range tasks {
			t.Fail(err)
		}
	}()
	w.handler.Handle(tasks)
}

// awaitBell waits until there may be work, at most a second.
func (w *Worker) awaitBell(ctx context.Context) {
	err := w.client.blocking.BLPop(ctx, time.Second, w.client.keys.bell()).Err()
	if err != nil && !isNil(err) && ctx.Err() == nil {
		w.log.Warn("cannot wait for work", "error", err)
		pause(ctx, 500*time.Millisecond)
	}
}

// count is the number of tasks that have not ended.
func (w *Worker) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.tasks)
}

// running gives the tasks that have not ended.
func (w *Worker) running() []*Task {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := make([]*Task, 0, len(w.tasks))
	for t := range w.tasks {
		out = append(out, t)
	}
	return out
}

// forget drops a task that has ended.
func (w *Worker) forget(t *Task) {
	t.cancel(nil)
	t.stopClock()
	w.mu.Lock()
	delete(w.tasks, t)
	w.mu.Unlock()
	signal(w.freed)
}

// await waits until a task ends, at most for d.
func (w *Worker) await(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-w.freed:
	case <-time.After(d):
	}
}

// drain lets the tasks finish for the time of grace, and releases the rest.
func (w *Worker) drain() {
	deadline := time.Now().Add(w.grace)
	for w.count() > 0 && time.Now().Before(deadline) {
		w.await(context.Background(), time.Until(deadline))
	}
	for _, t := range w.running() {
		t.cancel(ErrReleased)
	}
	// A handler that does not heed its context loses its tasks all the same.
	for end := time.Now().Add(time.Second); w.count() > 0 && time.Now().Before(end); {
		w.await(context.Background(), time.Until(end))
	}
	for _, t := range w.running() {
		t.release()
	}
}

// signal wakes who waits on c; one signal is enough.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// pause waits for d or the end of ctx.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
