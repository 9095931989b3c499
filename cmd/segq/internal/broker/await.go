package broker

import (
	"context"
	"time"

	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/redisx"
)

const (
	// pollEvery is how long a client waits at most before it asks again for jobs of which
	// none has ended, and pollSoon how long at first.
	pollEvery = 50 * time.Millisecond
	pollSoon  = 2 * time.Millisecond
	// PollWindow is how many jobs it asks for at a time: those that came first. The
	// others end about when these do, or later.
	PollWindow = 256
)

// Await calls done with each job that has ended, and its result, or the error of
// reading that, until all have. When ctx ends first, it gives the ids of those that are
// left with its cause.
func Await(ctx context.Context, c *redisx.Client, ids []string, done func(j redisx.Job, result []byte, err error)) (left []string, err error) {
	return Follow(ctx, c, ids, func([]redisx.Job) {}, done)
}

// Follow is Await that calls seen with the jobs whenever it has looked at them.
func Follow(ctx context.Context, c *redisx.Client, ids []string, seen func([]redisx.Job), done func(j redisx.Job, result []byte, err error)) (left []string, err error) {
	for wait := pollSoon; len(ids) > 0; {
		window := ids[:min(len(ids), PollWindow)]
		jobs, err := Status(ctx, c, window)
		if err != nil && ctx.Err() == nil {
			return ids, exit.Data(err)
		}
		seen(jobs)
		var ended []redisx.Job
		var open []string
		for _, j := range jobs {
			if j.State.Final() {
				ended = append(ended, j)
			} else {
				open = append(open, j.ID)
			}
		}
		if ctx.Err() == nil && len(ended) > 0 {
			results, errs := c.Results(ctx, ended)
			for i, j := range ended {
				done(j, results[i], errs[i])
			}
			ids, wait = append(open, ids[len(window):]...), pollSoon
			continue
		}
		select {
		case <-ctx.Done():
			return ids, context.Cause(ctx)
		case <-time.After(wait):
			wait = min(2*wait, pollEvery)
		}
	}
	return nil, nil
}
