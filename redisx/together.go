package redisx

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
)

// Jobs of one scan end at one time. Each end by itself would wait for Redis three times:
// for its result, its counters and its state. So they go together: what waits while
// one pipeline is on its way goes with the next.

const (
	// endsAtOnce and endBytes bound a pipeline of ends.
	endsAtOnce = 64
	endBytes   = 4 << 20
)

// ending is the end of a task on its way to Redis.
type ending struct {
	task     *Task
	state    State
	reason   string
	result   []byte // nil for none
	counters []any  // fields and values
	answer   chan string
}

// endTogether ends a task with others. It gives the answer of the finish script, "" when
// the task must be ended by itself: its result is long, the worker does not run, or
// something went wrong.
func (t *Task) endTogether(state State, reason string, result []byte) string {
	w := t.worker
	if !w.ending.Load() || len(result) > frameSize {
		return ""
	}
	e := &ending{t, state, reason, result, t.pending(true), make(chan string, 1)}
	if t.Command.Class == interactive {
		w.sendEnds([]*ending{e}) // waiting for nobody
	} else {
		select {
		case w.ends <- e:
		case <-w.ended:
			return ""
		}
	}
	switch answer := <-e.answer; answer {
	case "OK", "OK-REPLAY", "FENCED", "GONE":
		return answer
	}
	return ""
}

// endLoop sends the ends of tasks until ctx ends.
func (w *Worker) endLoop(ctx context.Context) {
	// A pipeline does not load scripts. Where this fails, ends go by themselves, which does.
	_ = scriptFinish().Load(ctx, w.client.bulk).Err()
	defer close(w.ended)
	for {
		select {
		case <-ctx.Done():
			w.ending.Store(false)
			return
		case first := <-w.ends:
			w.sendEnds(w.gatherEnds(first))
		}
	}
}

// gatherEnds returns an end and those that wait after it.
func (w *Worker) gatherEnds(first *ending) []*ending {
	batch, size := []*ending{first}, len(first.result)
	for len(batch) < endsAtOnce && size < endBytes {
		select {
		case e := <-w.ends:
			batch = append(batch, e)
			size += len(e.result)
		default:
			return batch
		}
	}
	return batch
}

// sendEnds sends ends in one pipeline, each in the order that it has by itself: the
// result, the counters, the state.
func (w *Worker) sendEnds(batch []*ending) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	p := w.client.bulk.Pipeline()
	answers := make([]*redis.Cmd, len(batch))
	for i, e := range batch {
		answers[i] = e.queue(ctx, p)
	}
	_, _ = p.Exec(ctx) // each end has its own error
	for i, e := range batch {
		answer, _ := answers[i].Text()
		e.answer <- answer
	}
}

// queue puts the commands of an end into a pipeline, and gives the one that ends it.
func (e *ending) queue(ctx context.Context, p redis.Pipeliner) *redis.Cmd {
	t, c := e.task, e.task.worker.client
	frames, sum, counters := 0, "", ""
	if e.result != nil {
		frames, sum = 1, checksum(e.result)
		p.Set(ctx, c.keys.frame(t.Command.ID, t.token, 0), e.result, retention)
	}
	if len(e.counters) > 0 {
		counters = t.lastToken()
		key := c.keys.counters(t.Command.ID, counters)
		p.HSet(ctx, key, e.counters...)
		p.PExpire(ctx, key, countersTTL)
	}
	if e.state == Done {
		c.cache(ctx, p, t.keep, sum, e.result)
	}
	return scriptFinish().EvalSha(ctx, p, []string{c.keys.ingress()}, c.keys.prefix, t.Command.ID, t.token,
		string(e.state), brief(e.reason), frames, sum, counters, t.rows(), len(e.result))
}
