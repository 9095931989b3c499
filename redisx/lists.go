package redisx

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Recent returns the ids of the newest jobs, newest first, at most n.
func (c *Client) Recent(ctx context.Context, n int) ([]string, error) {
	return c.newest(ctx, c.keys.recent(), n)
}

// DeadLetters returns the ids of the jobs that were given up, newest first, at most n.
// Status shows them. The last 10,000 are kept, each for thirty days.
func (c *Client) DeadLetters(ctx context.Context, n int) ([]string, error) {
	return c.newest(ctx, c.keys.dead(), n)
}

// newest returns the members of a sorted set with the highest scores.
func (c *Client) newest(ctx context.Context, key string, n int) ([]string, error) {
	if n <= 0 {
		return nil, nil
	}
	return c.control.ZRangeArgs(ctx, redis.ZRangeArgs{Key: key, Start: 0, Stop: n - 1, Rev: true}).Result()
}

// Forgotten says whether a job of a tenant, which Redis does not know any more, ended within
// the last day and was forgotten to make room.
func (c *Client) Forgotten(ctx context.Context, tenant, id string) (bool, error) {
	err := c.control.ZScore(ctx, c.keys.gone(), tenant+":"+id).Err()
	if isNil(err) {
		return false, nil
	}
	return err == nil, err
}

// ErrNotDead says that a job cannot be queued again.
var ErrNotDead = errors.New("only dead jobs are queued again")

// Requeue returns a job that is Dead another life, with all its tries, and gives its
// state after that: Queued, or Suspect when it was lost with its workers. It is an
// error when the job is not Dead.
func (c *Client) Requeue(ctx context.Context, id string) (State, error) {
	if err := validName("id", id); err != nil {
		return Lost, err
	}
	answer, err := c.run(ctx, c.control, scriptRequeue, id).Text()
	if err != nil {
		return Lost, fmt.Errorf("cannot queue job %s again: %w", id, err)
	}
	if state, ok := strings.CutPrefix(answer, "OK:"); ok {
		return State(state), nil
	}
	state := State(answer)
	if answer == "GONE" {
		state = Lost
	}
	return state, fmt.Errorf("job %s is %s: %w", id, state, ErrNotDead)
}

// silent is how long a worker gives no sign of life before it counts as gone.
const silent = 15 * time.Second

// Workers returns the names of the workers that have given a sign of life lately.
func (c *Client) Workers(ctx context.Context) ([]string, error) {
	now, err := c.control.Time(ctx).Result()
	if err != nil {
		return nil, err
	}
	since := strconv.FormatInt(now.Add(-silent).UnixMilli(), 10)
	return c.control.ZRangeArgs(ctx, redis.ZRangeArgs{Key: c.keys.workers(), Start: since, Stop: "+inf", ByScore: true}).Result()
}
