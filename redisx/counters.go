package redisx

import (
	"context"
	"slices"
	"time"
)

// countersTTL is how long counters stay after their last write. Each write sets
// it: a late one would otherwise make a key that never goes.
const countersTTL = retention

// wakeFlusher asks for a flush at once, so that the first counters of a job are
// there when it starts.
func (w *Worker) wakeFlusher() { signal(w.flush) }

const (
	// flushApart is how far apart flushes are at least, however many jobs start.
	flushApart = 500 * time.Microsecond
	// flushMost is the most counters of one flush, and flushRest how long the next waits
	// for each: thousands of jobs over hundreds of partitions must not take up Redis with
	// how far they are.
	flushMost = 50_000
	flushRest = 4 * time.Microsecond
	// flushWhole is how often all counters are written, in case Redis forgot some.
	flushWhole = time.Second
)

// flushLoop writes counters every flushEvery, and sooner when a job starts.
func (w *Worker) flushLoop(ctx context.Context) {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for whole := time.Now(); ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-w.flush:
		}
		all := time.Since(whole) >= flushWhole
		if all {
			whole = time.Now()
		}
		n := w.flushAll(ctx, all)
		pause(ctx, flushApart+time.Duration(n)*flushRest)
	}
}

// flushAll writes counters of the tasks in one pipeline, and gives their number. What is
// left over comes with the next. An error is not retried: the next flush has newer
// numbers.
func (w *Worker) flushAll(ctx context.Context, whole bool) (n int) {
	p := w.client.bulk.Pipeline()
	for _, t := range urgentFirst(w.running()) {
		if n > flushMost {
			break
		}
		pairs := t.pending(whole)
		if len(pairs) == 0 {
			continue
		}
		n += len(pairs) / 2
		key := w.client.keys.counters(t.Command.ID, t.token)
		p.HSet(ctx, key, pairs...)
		p.PExpire(ctx, key, countersTTL)
	}
	if p.Len() == 0 {
		return n
	}
	if _, err := p.Exec(ctx); err != nil && ctx.Err() == nil {
		w.trouble("cannot write counters", err)
	}
	return n
}

// urgentFirst puts the tasks before the others that somebody waits for.
func urgentFirst(tasks []*Task) []*Task {
	slices.SortStableFunc(tasks, func(a, b *Task) int {
		return slices.Index(Classes, a.Command.Class) - slices.Index(Classes, b.Command.Class)
	})
	return tasks
}

// writeCounters writes fields and values of an attempt's counters.
func (c *Client) writeCounters(ctx context.Context, id, token string, pairs []any) error {
	if len(pairs) == 0 {
		return nil
	}
	p := c.bulk.Pipeline()
	key := c.keys.counters(id, token)
	p.HSet(ctx, key, pairs...)
	p.PExpire(ctx, key, countersTTL)
	_, err := p.Exec(ctx)
	return err
}
