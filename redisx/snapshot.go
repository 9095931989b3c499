package redisx

import (
	"context"
)

// standing is what a worker says of its data from one moment on.
type standing struct {
	snapshot string // of WorkerOptions
	serves   string // of WorkerOptions
}

// Serve says what answers depend on from now on, as [WorkerOptions] has it.
func (w *Worker) Serve(what string) {
	for {
		now := w.data.Load()
		if w.data.CompareAndSwap(now, &standing{snapshot: now.snapshot, serves: what}) {
			break
		}
	}
	signal(w.beatSoon)
}

// Move says that the worker has other data from now on, and moves the queue to it: snapshot, serves
// and schema are as [WorkerOptions] has them. It is called as soon as the handler answers over
// that data. Tasks that were claimed before it go on over theirs ([Task.Snapshot]), and workers that
// have not the same claim nothing more. Where Redis cannot be reached it returns an error; the
// worker then claims nothing, and moves the queue with its next beat that is answered.
func (w *Worker) Move(ctx context.Context, snapshot, serves string, schema []byte) error {
	w.data.Store(&standing{snapshot: snapshot, serves: serves})
	signal(w.beatSoon)
	return w.Announce(ctx, schema)
}

// Snapshot names the data that the worker had when it claimed the task: it is to be answered over
// that, and given back ([Task.Release]) where the worker has it no more.
func (t *Task) Snapshot() string { return t.data.snapshot }

// Release gives the job back to the queue, to be claimed again; that costs it nothing.
func (t *Task) Release() { t.release() }
