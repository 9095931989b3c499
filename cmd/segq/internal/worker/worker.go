package worker

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/live"
	"github.com/segq/segq/cmd/segq/internal/store"
	"github.com/segq/segq/redisx"
)

// Options say how a worker goes through a queue.
type Options struct {
	redisx.WorkerOptions
	// Exports is the folder below which exports may go to files, "" for none, and
	// ExportLimit the most bytes of one.
	Exports     string
	ExportLimit int64
	// Deliver says where the profiles of an export go, or with what a diff compares, by the id of the job, and whether it knows; nil knows none. It is of
	// who runs the worker in his own process: what comes through the queue names no place outside of Exports.
	Deliver func(job string) (Delivery, bool)
	// Store is where segments are kept that are saved or compared, and stays the caller's; nil for Redis.
	Store store.Opener
	// Publish says that the worker tells those without data what its data is, and answers what they ask
	// while they type.
	Publish bool
}

// Worker works through a queue with data that may be replaced meanwhile: what was begun goes on over the data that
// it began with.
type Worker struct {
	client  *redisx.Client
	options Options
	exports *exportRoot // where files go, nil for nowhere
	queue   *redisx.Worker
	now     *live.Value[*service]
	sets    sets

	telling sync.Mutex // held by who tells the queue of the data
	told    *service   // of whose data it is told

	ctx  context.Context // of what is done beside the queue
	stop context.CancelFunc

	reloads, failed atomic.Int64 // how often newer data came, and could not be loaded
}

// New returns a worker over a dataset, which it keeps as long as it needs it. It works when [Worker.Run] is called.
func New(ctx context.Context, client *redisx.Client, d *dataset.Dataset, o Options) (w *Worker, err error) {
	w = &Worker{client: client, options: o}
	if o.Exports != "" {
		if w.exports, err = openExportRoot(o.Exports, o.ExportLimit); err != nil {
			return nil, exit.Data(err)
		}
	}
	if o.Publish {
		if o.Schema, err = d.Publish(nil); err != nil {
			return nil, err
		}
		o.Answer = w.answer
	}
	o.Serves, o.Snapshot, o.Holds, o.StandsIn = serves(d, client), d.Snapshot.Fingerprint, w.holds, w.standsIn
	w.ctx, w.stop = context.WithCancel(ctx)
	w.told = w.newService(d)
	w.now = live.New(w.told, (*service).end)
	w.queue = redisx.NewWorker(client, w, o.WorkerOptions)
	return w, nil
}

// Run works through the queue of client with a dataset, until ctx ends.
func Run(ctx context.Context, client *redisx.Client, d *dataset.Dataset, o Options) error {
	w, err := New(ctx, client, d, o)
	if err != nil {
		return err
	}
	return w.Run(ctx)
}

// Run works through the queue until ctx ends. It is called once.
func (w *Worker) Run(ctx context.Context) error {
	s, release := w.now.Hold()
	s.begin(w)
	release()
	defer w.now.Close()
	defer w.stop()
	return w.queue.Run(ctx)
}

// Replace has the worker go on with other data. gone is closed when nothing of it needs what it had before any
// more. An error says that the queue has not heard of it yet.
func (w *Worker) Replace(ctx context.Context, d *dataset.Dataset) (gone <-chan struct{}, err error) {
	var schema []byte
	if w.options.Publish {
		if schema, err = d.Publish(nil); err != nil {
			return nil, err
		}
	}
	before, release := w.now.Hold()
	before.stop() // what it says of itself is not true any more
	w.telling.Lock()
	defer w.telling.Unlock()
	s := w.newService(d)
	w.told = s
	w.reloads.Add(1)
	gone = w.now.Replace(s)
	time.AfterFunc(lingers, release)
	err = w.queue.Move(ctx, d.Snapshot.Fingerprint, serves(d, w.client), schema)
	s.begin(w)
	return gone, err
}

// tell has a service tell the queue something about its data, unless it has been replaced.
func (w *Worker) tell(s *service, what func() error) error {
	w.telling.Lock()
	defer w.telling.Unlock()
	if w.told != s { // which is not held here: who tells may be what its end waits for
		return nil
	}
	return what()
}

// Stale has all answers say that newer data could not be loaded, and why; nil is the error of data that is as new as it
// can be.
func (w *Worker) Stale(err error) {
	s, release := w.now.Hold()
	defer release()
	if err != nil {
		w.failed.Add(1)
	}
	s.Stale(err)
	_ = w.tell(s, func() error { w.queue.Serve(serves(s.Dataset, w.client)); return nil })
}

// lingers is how long replaced data stays for tasks that were claimed over it, and are still on their way.
const lingers = 250 * time.Millisecond

// Handle runs tasks over the data that they were claimed for. Where that is no more, they go back to the queue, at
// no cost.
func (w *Worker) Handle(tasks []*redisx.Task) {
	of := map[string][]*redisx.Task{}
	for _, t := range tasks {
		of[t.Snapshot()] = append(of[t.Snapshot()], t)
	}
	var all sync.WaitGroup
	for snapshot, own := range of {
		s, release, ok := w.now.HoldThat(func(s *service) bool { return s.Snapshot.Fingerprint == snapshot })
		if !ok {
			for _, t := range own {
				t.Release()
			}
			continue
		}
		all.Go(func() {
			defer release()
			s.Handle(own)
		})
	}
	all.Wait()
}

// answer answers what is asked beside the queue.
func (w *Worker) answer(ctx context.Context, op string, body []byte) ([]byte, error) {
	s, release := w.now.Hold()
	defer release()
	return s.beside.answer(ctx, op, body)
}

// holds tells what is in memory.
func (w *Worker) holds() redisx.Holding {
	s, release := w.now.Hold()
	defer release()
	h := s.Holds()
	h.Reloads, h.Failed = w.reloads.Load(), w.failed.Load()
	return h
}
