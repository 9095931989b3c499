package redisx

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// claimLoop claims jobs and hands them over until ctx ends. It alone adds tasks.
func (w *Worker) claimLoop(ctx context.Context) {
	for ctx.Err() == nil {
		free, urgent := w.places()
		if free <= 0 {
			w.await(ctx, time.Second)
			continue
		}
		tasks, drain, err := w.gather(ctx, min(free, maxBatch), urgent)
		switch {
		case err != nil && ctx.Err() == nil:
			w.trouble("cannot claim", err)
			pause(ctx, 500*time.Millisecond)
		case len(tasks) > 0:
			w.logTaken(tasks)
			go w.handle(tasks)
		case urgent:
			// The others wait for a place. Meanwhile the interactive ones are asked for.
			w.await(ctx, urgentEvery)
		case drain:
			// The bell is left to the others.
			w.await(ctx, time.Second)
		default:
			w.awaitBell(ctx)
		}
	}
}

const (
	// urgentEvery is how often a full worker asks for interactive jobs.
	urgentEvery = 5 * time.Millisecond
	// roomFor is how long a worker that was full waits for more places.
	roomFor = 50 * time.Millisecond
)

// places gives how many tasks the worker has room for. An eighth of the places is for
// interactive jobs: a worker that is full of others has these left. One that was full
// takes nothing else until a quarter of its places is free, or a while has passed: the
// tasks of one scan end one after the other, and jobs that were claimed so would run
// one after the other too, and share nothing.
func (w *Worker) places() (free int, urgent bool) {
	most, running := w.options.MaxRunning, w.count()
	free = most - most/8 - running
	if free <= 0 {
		w.full = time.Now()
	}
	if free <= 0 || free < most/4 && time.Since(w.full) < roomFor {
		return most - running, true
	}
	return free, false
}

// gather claims until there is nothing left or the batch is full, so that what waits
// together runs together. The first jobs do not wait long for the last.
func (w *Worker) gather(ctx context.Context, k int, urgent bool) (tasks []*Task, drain bool, err error) {
	for began := time.Now(); len(tasks) < k && time.Since(began) < gatherFor; {
		ask := min(claimSize, k-len(tasks))
		more, drain, err := w.claim(ctx, ask, urgent)
		tasks = append(tasks, more...)
		if len(tasks) > 0 && err != nil {
			return tasks, false, nil // the claim in doubt is repeated with the next
		}
		if err != nil || drain || len(more) < ask {
			return tasks, drain && len(tasks) == 0, err
		}
	}
	return tasks, false, nil
}

// claim takes up to k jobs. A claim whose reply is lost is sent again with the same
// nonce, also by the next call, and then gives the same jobs: they would run for
// nobody else. drain says that the worker should claim nothing until its tasks have
// ended; urgent claims interactive jobs alone.
func (w *Worker) claim(ctx context.Context, k int, urgent bool) (tasks []*Task, drain bool, err error) {
	if w.nonce == "" {
		w.nonce = uuid.NewString()
	}
	sent, alone := time.Now(), 0
	if urgent {
		alone = 1
	}
	// What was claimed must be known, also while the worker is told to stop.
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	fields, err := w.client.run(limited, w.client.control, scriptClaim, w.options.Name, w.nonce, k,
		w.options.Lease.Milliseconds(), w.count(), w.options.TenantRunning, alone).StringSlice()
	if err != nil {
		return nil, false, err
	}
	w.nonce = ""
	if len(fields)%5 != 2 {
		return nil, false, errors.New("redis gave a claim that cannot be read")
	}
	return w.accept(fields[2:], fields[1], sent), fields[0] == "drain", nil
}

// accept makes tasks of what the claim script gave: id, token, payload, time left
// and whether it runs alone. Pings, and what cannot be read, it answers itself.
func (w *Worker) accept(fields []string, epoch string, sent time.Time) []*Task {
	var tasks []*Task
	for ; len(fields) > 0; fields = fields[5:] {
		c, err := decodeCommand(fields[2])
		c.ID = fields[0]
		left, _ := strconv.ParseInt(fields[3], 10, 64)
		t := newTask(w, c, fields[1], time.Duration(left)*time.Millisecond, fields[4] == "1", sent)
		t.epoch = epoch
		w.mu.Lock()
		w.tasks[t] = true
		w.mu.Unlock()
		switch {
		case err != nil:
			go t.Fail(fmt.Errorf("the command cannot be read: %w", err))
		case c.Op == "ping":
			go t.Finish([]byte(`{"pong":true}`))
		default:
			tasks = append(tasks, t)
		}
	}
	return tasks
}

// awaitBell waits until there may be work, at most a second.
func (w *Worker) awaitBell(ctx context.Context) {
	err := w.client.blocking.BLPop(ctx, time.Second, w.client.keys.bell()).Err()
	if err != nil && !isNil(err) && ctx.Err() == nil {
		w.trouble("cannot wait for work", err)
		pause(ctx, 500*time.Millisecond)
	}
}
