package redisx

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// All answers of a queue come from one snapshot of its data, so that nobody gets other totals with
// each question. Redis has its name; workers say theirs with each beat, and claim with it. The queue
// gets another when a worker moves it, or when none lives that has the queue's.

// standing is what a worker says of its data from one moment on.
type standing struct {
	snapshot string // of WorkerOptions
	serves   string // of WorkerOptions
	moves    int64  // number of the last move, 0 before the first
	owed     bool   // that move has not reached Redis yet
}

// agreement is what a worker knows of the data of the queue.
type agreement struct {
	queue string // the queue's data, as of the last beat
	other bool   // that is not the worker's
	// since is from when on that is so, and told says that the operator was warned of it.
	since time.Time
	told  bool
	// standIn is what the script of that name gave then. The handler knows of it.
	standIn string
	// calm is when others have had time to say what they have: Redis was away before it, or has
	// lost its data.
	calm time.Time
}

// Serve says what answers depend on from now on, as [WorkerOptions] has it.
func (w *Worker) Serve(what string) {
	w.amend(func(s *standing) { s.serves = what })
	signal(w.beatSoon)
}

// amend changes what the worker says of its data.
func (w *Worker) amend(change func(*standing)) *standing {
	for {
		before := w.data.Load()
		after := *before
		change(&after)
		if w.data.CompareAndSwap(before, &after) {
			return &after
		}
	}
}

// Move says that the worker has other data from now on, and moves the queue to it: snapshot, serves
// and schema are as [WorkerOptions] has them. It is called as soon as the handler answers over
// that data. Tasks that were claimed before it go on over theirs ([Task.Snapshot]), and workers that
// have not the same claim nothing more. Where Redis cannot be reached it returns an error; the
// worker then claims nothing, and moves the queue with its next beat that is answered.
func (w *Worker) Move(ctx context.Context, snapshot, serves string, schema []byte) error {
	if err := validName("snapshot", snapshot); err != nil {
		return err
	}
	w.schema.Store(&schema)
	w.amend(func(s *standing) {
		s.snapshot, s.serves, s.owed = snapshot, serves, true
		// Numbers of earlier workers of this name are smaller.
		s.moves = max(s.moves+1, time.Now().UnixMilli())
	})
	err := w.move(ctx)
	signal(w.beatSoon)
	return err
}

// move moves the queue, if that is owed.
func (w *Worker) move(ctx context.Context) error {
	w.moving.Lock() // an earlier move is not overtaken by a later one
	defer w.moving.Unlock()
	s := w.data.Load()
	if !s.owed {
		return nil
	}
	limited, cancel := context.WithTimeout(ctx, w.options.Lease/5)
	defer cancel()
	answer, err := w.client.run(limited, w.client.control, scriptMove, w.options.Name, s.moves, s.snapshot, s.serves, *w.schema.Load(), w.options.Lease.Milliseconds()).Text()
	if err != nil {
		return fmt.Errorf("cannot move the queue to other data: %w", err)
	}
	last, _ := strconv.ParseInt(answer, 10, 64)
	w.amend(func(now *standing) {
		switch {
		case now.moves != s.moves: // there is a later move
		case answer == "OK", answer == "SAME":
			now.owed = false
		default: // the clock here went back since a worker of this name was here
			now.moves = max(now.moves, last) + 1
		}
	})
	if answer != "OK" && answer != "SAME" {
		return errors.New("cannot move the queue to other data yet: a later move of a worker of this name is known")
	}
	w.mu.Lock()
	w.agreed.queue, w.agreed.other, w.agreed.standIn = s.snapshot, false, ""
	w.mu.Unlock()
	signal(w.freed) // it may claim again
	if answer == "SAME" {
		w.options.Log.Info("the queue has this worker's data already", "snapshot", s.snapshot)
	} else {
		w.options.Log.Info("the queue has moved: answers come from this worker's data", "snapshot", s.snapshot)
	}
	return nil
}

// mayTake says when the queue may get the worker's data, as the beat script has it: where others have
// the queue's, or may have and had no time to say so, it may not.
func (w *Worker) mayTake() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	if now.Round(0).Sub(w.beaten) > w.options.Lease/2 {
		w.agreed.calm = now.Add(w.options.Lease)
	}
	switch {
	case !w.agreed.other:
		return "1"
	case now.Before(w.agreed.calm):
		return "0"
	}
	return w.epoch
}

// settle gives others time to say what they have: Redis has lost it.
func (w *Worker) settle() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.agreed.calm = time.Now().Add(w.options.Lease)
}

// heedData notes what a beat has said of the queue's data, and tells what has changed. said is what the
// worker told of its own.
func (w *Worker) heedData(ctx context.Context, said *standing, b beaten) {
	if said.snapshot == "" || said.owed || w.data.Load().moves != said.moves {
		return
	}
	queue, took := b.queue, b.took
	other := queue != said.snapshot
	w.tellStandIn(b.standIn, other)
	w.mu.Lock()
	before := w.agreed
	w.agreed.queue, w.agreed.other, w.agreed.standIn = queue, other, b.standIn
	w.mu.Unlock()
	w.tellOther(said.snapshot, before)
	log := w.options.Log
	switch {
	case took && before.queue == said.snapshot:
		log.Info("Redis had forgotten what data the queue has: answers come from this worker's as before", "snapshot", said.snapshot)
	case took && before.queue != "":
		log.Warn("no living worker has the data that the queue had: answers come from this worker's from now on", "snapshot", said.snapshot, "before", before.queue)
	case !other && before.other:
		log.Info("the queue has this worker's data again", "snapshot", said.snapshot)
	}
	if !other && (before.other || took) {
		w.publishSchema(ctx, took)
		signal(w.freed)
	}
}

// patience is how long workers may have different data, as they have where each reloads by itself, before an operator
// is warned.
const patience = 5 * time.Second

// tellOther tells that the queue has other data than the worker, which had snapshot and knew what before says; and warns
// where that lasts.
func (w *Worker) tellOther(snapshot string, before agreement) {
	w.mu.Lock()
	now := &w.agreed
	if began := now.other && (!before.other || before.queue != now.queue); began {
		now.since, now.told = time.Now(), false
		w.options.Log.Info("the queue has other data than this worker, which claims nothing until both have the same", "snapshot", snapshot, "queue", now.queue)
	}
	warn := now.other && !now.told && time.Since(now.since) >= patience
	now.told = now.told || warn
	queue := now.queue
	w.mu.Unlock()
	if warn {
		w.options.Log.Warn("the queue has other data than this worker, which claims nothing until both have the same: reload it, or end the workers that have the queue's", "snapshot", snapshot, "queue", queue)
	}
}

// differs says whether the queue has other data than the worker, as far as it knows.
func (w *Worker) differs() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.agreed.other
}

// Snapshot names the data that the worker had when it claimed the task: it is to be answered over
// that, and given back ([Task.Release]) where the worker has it no more.
func (t *Task) Snapshot() string { return t.data.snapshot }

// Release gives the job back to the queue, to be claimed again; that costs it nothing.
func (t *Task) Release() { t.release() }

// ErrSnapshot says that nobody answers over the data that a command asks for. What Submit returns wraps
// it.
var ErrSnapshot = errors.New("the data that was asked for is not there")
