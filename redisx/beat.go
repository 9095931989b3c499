package redisx

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"
)

// introduce gives the first sign of life. Before it the worker takes nothing: the
// reaper would not find its staging list, and the worker would not know whether
// Redis is still what it was. It ends when that is done or ctx has ended.
func (w *Worker) introduce(ctx context.Context) {
	for ctx.Err() == nil {
		sent := time.Now()
		said := w.data.Load()
		b, err := w.sendBeat(ctx, nil, said, "1")
		if err == nil {
			w.epoch = b.epoch
			w.noteBeat(sent)
			w.heedData(ctx, said, b)
			w.publishSchema(ctx, true)
			w.publishHolding(ctx)
			return
		}
		w.trouble("cannot reach Redis yet", err)
		pause(ctx, 200*time.Millisecond)
	}
}

// beatLoop renews the leases, a fifth of their length apart, and at once when
// somebody asks for a cancellation.
func (w *Worker) beatLoop(ctx context.Context) {
	tick := time.NewTicker(w.options.Lease / 5)
	defer tick.Stop()
	for {
		w.beat(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-w.beatSoon:
		}
	}
}

// beat renews the leases of all tasks and ends those that are lost or should be
// cancelled. When Redis does not answer for two thirds of a lease, the worker
// takes its tasks for lost: somebody else may have them soon.
func (w *Worker) beat(ctx context.Context) {
	tasks := w.running()
	w.findStuck(tasks)
	if err := w.move(ctx); err != nil && ctx.Err() == nil {
		w.trouble("the move to other data is tried again", err)
	}
	sent, said := time.Now(), w.data.Load()
	b, err := w.sendBeat(ctx, tasks, said, w.mayTake())
	if err != nil {
		if ctx.Err() == nil {
			w.trouble("cannot renew leases", err, "tasks", len(tasks))
		}
		for _, t := range tasks {
			if !t.leaseMayHold() {
				t.cancel(ErrLeaseLost)
			}
		}
		return
	}
	w.noteBeat(sent)
	if w.epoch != b.epoch {
		w.settle()
		w.options.Log.Error("Redis has lost its data: jobs that waited are gone, running ones are put back", "tasks", len(tasks))
	}
	w.epoch = b.epoch
	w.heedData(ctx, said, b)
	for i, t := range tasks {
		w.heed(ctx, t, b.epoch, b.tasks[i], sent)
	}
	w.payOwed(ctx)
	w.publishSchema(ctx, false)
	w.publishHolding(ctx)
}

// stuckAfter is how long a task may go on when its context has ended.
const stuckAfter = 10 * time.Second

// findStuck tells the operator, once each, of tasks whose handler does not heed the
// end of their context: their places in the worker are lost until it does.
func (w *Worker) findStuck(tasks []*Task) {
	for _, t := range tasks {
		switch {
		case t.ctx.Err() == nil:
		case t.stopped.IsZero():
			t.stopped = time.Now()
		case !t.toldStuck && time.Since(t.stopped) > stuckAfter:
			t.toldStuck = true
			w.options.Log.Error("a task goes on though it should have ended", "job", t.Command.ID, "cause", context.Cause(t.ctx))
		}
	}
}

// heed does to a task what a beat sent at the moment sent has answered.
func (w *Worker) heed(ctx context.Context, t *Task, epoch string, answer int64, sent time.Time) {
	if answer == 0 && t.epoch != epoch {
		adopted, err := t.adopt(ctx)
		if err != nil {
			return // the next beat tries again
		}
		if adopted {
			answer = 1
		}
	}
	switch answer {
	case 0:
		if t.ctx.Err() == nil && !t.settling() {
			w.options.Log.Warn("lease lost", "job", t.Command.ID)
		}
		t.cancel(ErrLeaseLost)
		return
	case 2:
		t.cancel(ErrCancelled)
	}
	t.epoch = epoch
	t.renewed(sent)
}

// noteBeat notes that Redis has answered a beat that was sent at a moment.
func (w *Worker) noteBeat(sent time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.beaten = sent.Round(0)
	w.relieved(sent)
}

// beaten is what the beat script has answered.
type beaten struct {
	epoch string // of Redis, which changes when Redis loses its data
	queue string // the queue's data
	took  bool   // that has become the worker's
	// standIn is what the script of that name gives.
	standIn string
	tasks   []int64 // an answer for each task
}

// sendBeat runs the beat script for these tasks, saying of the worker's data what was said, and whether
// the queue may get it.
func (w *Worker) sendBeat(ctx context.Context, tasks []*Task, said *standing, may string) (b beaten, err error) {
	args := []any{w.options.Name, w.options.Lease.Milliseconds(), uuid.NewString(), said.serves, said.snapshot, said.moves, may, w.standIn()}
	for _, t := range tasks {
		args = append(args, t.Command.ID, t.token)
	}
	limited, cancel := context.WithTimeout(ctx, w.options.Lease/5)
	defer cancel()
	reply, err := w.client.run(limited, w.client.control, scriptBeat, args...).Slice()
	if err != nil {
		return b, err
	}
	const before = 4 // those of tasks
	ok := len(reply) == len(tasks)+before
	if ok {
		b.epoch, ok = reply[0].(string)
		b.queue, _ = reply[1].(string)
		b.took = reply[2] == int64(1)
		b.standIn, _ = reply[3].(string)
	}
	for i := before; ok && i < len(reply); i++ {
		var n int64
		n, ok = reply[i].(int64)
		b.tasks = append(b.tasks, n)
	}
	if !ok {
		return b, fmt.Errorf("redis answered a beat of %d tasks with %d values", len(tasks), len(reply))
	}
	return b, nil
}

// listen asks for a beat when a cancellation is called out, and when it begins to
// hear: a call may have been missed, and Redis may have lost its data. The call is
// only a hint; the flag that the beat reads is the truth. A worker that answers requests
// hears of them too.
func (w *Worker) listen(ctx context.Context) {
	channels := []string{w.client.keys.hints()}
	if w.options.Answer != nil {
		channels = append(channels, w.client.keys.requests())
	}
	hints := w.client.blocking.Subscribe(ctx, channels...)
	defer hints.Close()
	heard := hints.ChannelWithSubscriptions()
	for {
		select {
		case <-ctx.Done():
			return
		case what, ok := <-heard:
			if !ok {
				return
			}
			if m, ok := what.(*redis.Message); ok && m.Channel == w.client.keys.requests() {
				w.answering.told(m.Payload)
				continue
			}
			signal(w.beatSoon)
		}
	}
}
