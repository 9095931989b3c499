package redisx

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
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
	// Serves is what answers depend on beside the commands: the version of the
	// program and its data. Answers are kept for workers and clients that find the
	// same; with "" none are. [Worker.Serve] changes it.
	Serves string
	// Snapshot names the worker's data. All answers of a queue come from one snapshot: the first
	// worker says which, and one that has another claims nothing until no living worker has
	// the queue's, or until [Worker.Move] moves the queue. A worker with "" takes no part in
	// that, and claims whatever there is.
	Snapshot string
	// Schema is what the worker says of its data, in a form that its clients know; they
	// read it with [Client.Schema]. With nil nothing is published. [Worker.Announce] changes it.
	Schema []byte
	// Holds returns what of its data the worker has in memory, for the figures of the queue;
	// nil if it does not tell. It is called at each beat.
	Holds func() Holding
	// StandsIn is told with each beat what the worker's data stands in for, nil for nothing, so
	// that its answers say so: it claims nothing before. It may call [Worker.Serve].
	StandsIn func(*StandIn)
	// Answer answers a request, which [Client.Request] sends beside the queue, with JSON as it
	// is itself; what it is asked is anybody's. Its context ends when nobody waits for the answer
	// any more. It is called from a few goroutines at a time. With nil requests are left to other
	// workers.
	Answer func(ctx context.Context, op string, body []byte) ([]byte, error)
	// MaxRunning is how many tasks may run at a time; of one with many rules, four count as a
	// task. An eighth of them, rounded down, are interactive ones. Default 4,096. What
	// gets larger with the last claim, of some 128 KiB of commands, runs all the same.
	MaxRunning int
	// TenantRunning is how many tasks of one tenant may run at a time, over all
	// workers. Default 0: as many as there is room for.
	TenantRunning int
	// MaxResult is the most bytes of a result; the rest is cut off and the job
	// ends as Truncated. Default 64 MiB.
	MaxResult int
	// Backoff is how long a job waits after its first try that met an error which
	// may pass; each further wait is twice as long, to a minute. Default 1 s.
	Backoff time.Duration
	// Lease is how long a job stays with a worker that gives no sign of life.
	// Default 15 s.
	Lease time.Duration
	// Grace is how long tasks may go on when the worker is told to stop. Default
	// 10 s.
	Grace time.Duration
	// Log hears what an operator should know. At the level info and above it hears
	// nothing of what commands say, only of what they are. Default: nothing.
	Log *slog.Logger
}

const (
	// maxBatch is the most tasks in one call of the handler, claimSize the most in one
	// call of the claim script, which holds up everybody, and gatherFor how long claims
	// follow each other for one batch.
	maxBatch  = 2048
	claimSize = 64
	gatherFor = 10 * time.Millisecond
	// flushEvery is how often counters are written at most.
	flushEvery = 100 * time.Millisecond
	// defaultTries is how often a job is tried that does not say.
	defaultTries = 2
	// maxCrashes is after how many workers lost while it ran alone a job is given up.
	maxCrashes = 3
	// keepDead is how many dead jobs stay to be read.
	keepDead = 10_000
)

// Worker takes jobs from the queue, gives them to a handler, and sees them to
// their end. Its duties are goroutines of their own: one claims, one admits raw
// commands, one beats, one flushes counters, one sends the ends of tasks, one reaps,
// one listens for cancellations, and one answers requests.
type Worker struct {
	client  *Client
	handler Handler
	options WorkerOptions // without zero values
	data    atomic.Pointer[standing]
	schema  atomic.Pointer[[]byte]

	moving sync.Mutex // of the one move that is on its way

	read func(raw string) (Command, error) // decodeCommand, but in tests

	nonce string    // of the claim in doubt, "" for none; of the claim loop alone
	began time.Time // when the last batch did; of the claim loop alone
	mean  float64   // places of a task that was claimed lately, 0 for none; of the claim loop alone
	epoch string    // what Redis was at the last beat; of the beat loop alone

	reaped serverTime // of the reap loop alone

	ends   chan *ending  // of tasks, to the end loop
	ending atomic.Bool   // the end loop runs
	ended  chan struct{} // closed when it does not run any more

	answering answering

	batches atomic.Int32 // that the handler has, without those of interactive jobs alone

	flush    chan struct{} // asks for a flush before its time
	beatSoon chan struct{} // asks for a beat before its time

	mu     sync.Mutex // guards what follows
	tasks  map[*Task]bool
	load   map[bool]int // places of all tasks, of interactive ones under true
	owed   []*Task      // of whose ends Redis has not heard
	beaten time.Time    // last beat that Redis has answered, without monotonic clock
	agreed agreement
	away   time.Time // since when Redis does not do what it should, zero when it does
	// When that was told last, and whether it has been told that Redis refuses this user.
	toldAway    time.Time
	toldRefusal bool
	full        time.Time     // since when Redis has no memory for what is written, zero when it has
	freed       chan struct{} // signalled when a task ends
	// How many attempts have ended: with an end of their own, and back in the queue.
	settled, givenBack int
}

// NewWorker returns a worker that is not running yet.
func NewWorker(c *Client, h Handler, o WorkerOptions) *Worker {
	if o.Name == "" {
		host, _ := os.Hostname()
		if validName("host", host) != nil || len(host) > 24 {
			host = "worker"
		}
		o.Name = fmt.Sprintf("%s-%d-%s", host, os.Getpid(), uuid.NewString()[:8])
	}
	o.Lease = cmp.Or(o.Lease, 15*time.Second)
	o.Grace = cmp.Or(o.Grace, 10*time.Second)
	o.Backoff = cmp.Or(o.Backoff, time.Second)
	o.MaxRunning = cmp.Or(o.MaxRunning, 4096)
	o.MaxResult = cmp.Or(o.MaxResult, 64<<20)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	w := &Worker{
		client: c, handler: h, options: o, read: decodeCommand, tasks: map[*Task]bool{}, load: map[bool]int{},
		ends: make(chan *ending), ended: make(chan struct{}),
		flush: make(chan struct{}, 1), beatSoon: make(chan struct{}, 1), freed: make(chan struct{}, 1),
	}
	w.data.Store(&standing{snapshot: o.Snapshot, serves: o.Serves})
	w.schema.Store(&w.options.Schema)
	return w
}

// Run works until ctx ends: then it claims nothing more, lets its tasks finish
// for the time of grace, gives the rest back to the queue at once, and returns nil.
// Redis that is away for a while is waited for.
func (w *Worker) Run(ctx context.Context) error {
	if err := w.options.check(); err != nil {
		return err
	}
	w.client.working.Store(w, true)
	defer w.client.working.Delete(w)
	w.introduce(ctx)
	w.options.Log.Info("working", "worker", w.options.Name, "redis", w.client.Address(), "most", w.options.MaxRunning, "lease", w.options.Lease.String())
	// The duties outlive ctx: tasks that finish in the time of grace need them.
	duties, stop := context.WithCancel(context.WithoutCancel(ctx))
	var running, serving sync.WaitGroup
	running.Go(func() { w.beatLoop(duties) })
	running.Go(func() { w.flushLoop(duties) })
	w.ending.Store(true)
	running.Go(func() { w.endLoop(duties) })
	running.Go(func() { w.listen(duties) })
	serving.Go(func() { w.advise(ctx) })
	serving.Go(func() { w.admitLoop(ctx) })
	serving.Go(func() { w.reapLoop(ctx) })
	serving.Go(func() { w.answerLoop(ctx) })
	w.claimLoop(ctx)
	w.options.Log.Info("stopping", "worker", w.options.Name, "running", w.count(), "grace", w.options.Grace.String())
	w.drain()
	serving.Wait()
	stop()
	running.Wait()
	w.retire()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.options.Log.Info("retired", "worker", w.options.Name, "ended", w.settled, "released", w.givenBack)
	return nil
}

// check says what is wrong with the options.
func (o *WorkerOptions) check() error {
	if o.Snapshot != "" {
		if err := validName("snapshot", o.Snapshot); err != nil {
			return err
		}
	}
	return validName("worker", o.Name)
}

// retire leaves nothing of the worker in Redis. When that fails, the reaper does
// the same in its time.
func (w *Worker) retire() {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	w.forgetHolding(ctx)
	if err := w.client.run(ctx, w.client.control, scriptRetire, w.options.Name).Err(); err != nil {
		w.options.Log.Warn("cannot sign off", "error", err)
	}
}

// handle calls the handler. A panic in it fails its tasks, not the worker.
func (w *Worker) handle(tasks []*Task) {
	defer func() {
		err := errors.New("the worker left the command without an answer")
		if p := recover(); p != nil {
			w.logPanic(p)
			err = fmt.Errorf("the worker failed: %v", p)
		}
		for _, t := range tasks {
			t.Fail(err)
		}
	}()
	w.handler.Handle(tasks)
}

// count is the number of tasks that have not ended.
func (w *Worker) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.tasks)
}

// busy is the number of places of the tasks that have not ended. Those of others than
// interactive ones count to a number at most: that they are more takes no room from these.
func (w *Worker) busy(most int) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.load[true] + min(w.load[false], most)
}

// running returns the tasks that have not ended.
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
	w.load[t.Command.Class == interactive] -= t.places()
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
	deadline := time.Now().Add(w.options.Grace)
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
	var all sync.WaitGroup
	for _, t := range w.running() {
		all.Go(t.release)
	}
	all.Wait()
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
