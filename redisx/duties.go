package redisx

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/redis/go-redis/v9"
)

func isNil(err error) bool { return errors.Is(err, redis.Nil) }

// beatLoop renews the leases, a fifth of their length apart, and at once when
// somebody asks for a cancellation.
func (w *Worker) beatLoop(ctx context.Context) {
	tick := time.NewTicker(w.lease / 5)
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
	args := []any{w.name, w.lease.Milliseconds()}
	for _, t := range tasks {
		args = append(args, t.Command.ID, t.token)
	}
	sent := time.Now()
	limited, cancel := context.WithTimeout(ctx, w.lease/5)
	defer cancel()
	answers, err := w.client.run(limited, w.client.control, scriptBeat, args...).Int64Slice()
	if err != nil || len(answers) != len(tasks) {
		if ctx.Err() == nil {
			w.log.Warn("cannot renew leases", "tasks", len(tasks), "error", err)
		}
		for _, t := range tasks {
			if !t.leaseMayHold() {
				t.cancel(ErrLeaseLost)
			}
		}
		return
	}
	for i, t := range tasks {
		switch answers[i] {
		case 0:
			w.log.Warn("lease lost", "job", t.Command.ID)
			t.cancel(ErrLeaseLost)
			continue
		case 2:
			t.cancel(ErrCancelled)
		}
		t.renewed(sent)
	}
}

// listen asks for a beat when a cancellation is called out, and when it begins to
// hear: a call may have been missed. The call is only a hint; the flag that the
// beat reads is the truth.
func (w *Worker) listen(ctx context.Context) {
	hints := w.client.blocking.Subscribe(ctx, w.client.keys.hints())
	defer hints.Close()
	heard := hints.ChannelWithSubscriptions()
	for {
		select {
		case <-ctx.Done():
			return
		case _, ok := <-heard:
			if !ok {
				return
			}
			signal(w.beatSoon)
		}
	}
}

// wakeFlusher asks for a flush at once, so that the first counters of a job are
// there when it starts.
func (w *Worker) wakeFlusher() { signal(w.flush) }

// flushLoop writes counters at most every flushEvery, and all counters of a task
// every tenth time, in case Redis forgot some.
func (w *Worker) flushLoop(ctx context.Context) {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for n := 1; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-w.flush:
		}
		w.flushAll(ctx, n%10 == 0)
	}
}

// flushAll writes the counters of all tasks in one pipeline. An error is not
// retried: the next flush has newer numbers.
func (w *Worker) flushAll(ctx context.Context, whole bool) {
	p := w.client.bulk.Pipeline()
	for _, t := range w.running() {
		pairs := t.pending(whole)
		if len(pairs) == 0 {
			continue
		}
		key := w.client.keys.counters(t.Command.ID, t.token)
		p.HSet(ctx, key, pairs...)
		p.PExpire(ctx, key, countersTTL)
	}
	if p.Len() == 0 {
		return
	}
	if _, err := p.Exec(ctx); err != nil && ctx.Err() == nil {
		w.log.Warn("cannot write counters", "error", err)
	}
}

// reapLoop runs the reaper every two seconds, give or take, beside those of
// other workers.
func (w *Worker) reapLoop(ctx context.Context) {
	for ctx.Err() == nil {
		moved, err := w.client.run(ctx, w.client.control, scriptReap, maxCrashes, 2*w.lease.Milliseconds()).Int()
		switch {
		case err != nil && ctx.Err() == nil:
			w.log.Warn("cannot reap", "error", err)
		case moved > 0:
			w.log.Info("reaped jobs of lost workers", "jobs", moved)
		}
		base := min(2*time.Second, w.lease/4)
		pause(ctx, base+rand.N(base/4))
	}
}

// admitLoop makes jobs of the commands that clients push to the ingress list.
func (w *Worker) admitLoop(ctx context.Context) {
	staging := w.client.keys.staging(w.name)
	for ctx.Err() == nil {
		raw, err := w.client.blocking.BLMove(ctx, w.client.keys.ingress(), staging, "RIGHT", "LEFT", time.Second).Result()
		if isNil(err) || ctx.Err() != nil && err != nil {
			continue
		}
		if err != nil {
			w.log.Warn("cannot take commands in", "error", err)
			pause(ctx, 500*time.Millisecond)
			continue
		}
		w.admit(ctx, staging, raw)
	}
}

// admit makes a job of one raw command, or sets it aside with the reason. While
// the queue is full it waits: the list of commands is the place to pile up. What
// is not queued when ctx ends goes back to that list.
func (w *Worker) admit(ctx context.Context, staging, raw string) {
	settled := context.WithoutCancel(ctx)
	c, err := decodeCommand(raw)
	if err != nil {
		w.reject(settled, staging, raw, err)
		return
	}
	for {
		if err = w.admitCommand(settled, &c, staging, raw); err == nil {
			return
		}
		if ctx.Err() != nil {
			break
		}
		w.log.Warn("cannot queue a command yet", "job", c.ID, "error", err)
		pause(ctx, 200*time.Millisecond)
	}
	// In this order a crash leaves two of it, of which its id makes one job.
	p := w.client.control.Pipeline()
	p.RPush(settled, w.client.keys.ingress(), raw)
	p.LRem(settled, staging, 1, raw)
	if _, err := p.Exec(settled); err != nil {
		w.log.Warn("a command stays with this worker until it is reaped", "job", c.ID, "error", err)
	}
}

// admitCommand does what a raw command asks of the queue itself, and takes it out
// of the staging list.
func (w *Worker) admitCommand(ctx context.Context, c *Command, staging, raw string) error {
	if c.Op == "cancel" {
		if _, err := w.client.Cancel(ctx, c.Target); err != nil {
			return err
		}
		return w.client.control.LRem(ctx, staging, 1, raw).Err()
	}
	payload, err := json.Marshal(c)
	if err != nil {
		return err
	}
	_, err = w.client.enqueue(ctx, c, payload, staging, raw)
	return err
}

// reject sets a raw command aside for people to look at.
func (w *Worker) reject(ctx context.Context, staging, raw string, reason error) {
	w.log.Warn("rejected a command", "reason", reason)
	note, err := json.Marshal(map[string]string{"command": raw, "reason": reason.Error()})
	if err != nil {
		return
	}
	p := w.client.control.Pipeline()
	p.LPush(ctx, w.client.keys.rejected(), note)
	p.LTrim(ctx, w.client.keys.rejected(), 0, 999)
	p.LRem(ctx, staging, 1, raw)
	if _, err := p.Exec(ctx); err != nil {
		w.log.Warn("cannot set a command aside", "error", err)
	}
}
