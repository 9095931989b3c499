package redisx

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/redis/go-redis/v9"
)

// loading makes Redis answer some pipelines as it does while it reads its data after a
// start.
type loading struct {
	redis.Hook
	left atomic.Int32
}

// loadingError is what Redis answers then.
type loadingError struct{}

func (loadingError) Error() string { return "LOADING Redis is loading the dataset in memory" }
func (loadingError) RedisError()   {}

func (l *loading) DialHook(next redis.DialHook) redis.DialHook { return next }

func (l *loading) ProcessHook(next redis.ProcessHook) redis.ProcessHook { return next }

func (l *loading) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		last := slices.ContainsFunc(cmds, func(c redis.Cmder) bool { return strings.Contains(c.String(), "-end") })
		if last && l.left.Add(-1) >= 0 {
			for _, c := range cmds {
				c.SetErr(loadingError{})
			}
			return loadingError{}
		}
		return next(ctx, cmds)
	}
}

// TestLastCountersOutliveARestart: a Redis that has just been started refuses for a
// while. The last counters are written all the same.
func TestLastCountersOutliveARestart(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		l := &loading{}
		l.left.Store(2)
		c.bulk.AddHook(l)
		work(t, c, WorkerOptions{}, handlerFunc(func(task *Task) {
			task.Start([]int{10})
			task.Progress(0, 10, 5, true)
			task.Finish([]byte("5"))
		}))
		submit(t, c, query("a"))
		eventually(t, "it is done", func() bool { return status(t, c, "a").State == Done })
		if p := status(t, c, "a").Partitions; len(p) != 1 || timeless(p[0]) != (Partition{Done: true, Rows: 10, Total: 10, Matched: 5}) {
			t.Errorf("the last counters are %v", p)
		}
		if l.left.Load() > 0 {
			t.Error("Redis was never loading")
		}
	})
}
