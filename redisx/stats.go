package redisx

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

var (
	scriptStats = script("stats")
	scriptList  = script("list")
)

// Stats are the figures of a namespace at one moment.
type Stats struct {
	// Classes are the queues by class, most urgent first.
	Classes []ClassStats
	// Pushed are commands that are not jobs yet; Running, Delayed and Suspect jobs in
	// these states; Open all that have not ended; Dead the dead letters that are kept.
	Pushed, Running, Delayed, Suspect, Open, Dead int64
	// Silent is how many of those that run have a worker that has been silent for a lease, with nobody yet who has seen to that; at
	// most 1,000.
	Silent int64
	// HeldBy is the id of a job that runs alone, since a worker was lost with it, where no worker is left for what waits; else "".
	HeldBy string
	// Workers is how many give signs of life.
	Workers int
	// Snapshot names the data that answers come from, "" where no worker says; Others are the workers that
	// have other data, and therefore claim nothing.
	Snapshot string
	Others   []Other
	// StandIn is what that data stands in for, nil for nothing.
	StandIn *StandIn
	// Held is what they have in memory of their data, together.
	Held Holding
	// Troubles are what an operator should know of the data of workers, by their names.
	Troubles map[string]string
	// Counted is what has happened since the namespace began, by name: submitted,
	// cached (answered from the cache), shared (followed another job), claimed,
	// released, retried, lost (with their worker), fenced (refused steps of old
	// attempts; one that is sent twice counts twice), moved (the queue, to another snapshot), the final states, rows (seen
	// by jobs that ended), and run_ms (from the last start to the end, over all jobs).
	Counted map[string]int64
}

// Other is a worker with other data than that of the queue.
type Other struct {
	Worker   string `json:"worker"`
	Snapshot string `json:"snapshot"`
}

// ClassStats are the figures of one class.
type ClassStats struct {
	Class string
	// Depth is how many jobs are queued, and Age how long that has waited which has
	// waited longest of those that are first in their queues.
	Depth int64
	Age   time.Duration
}

// Stats reads the figures of the namespace, in three round trips.
func (c *Client) Stats(ctx context.Context) (Stats, error) {
	lists, err := c.run(ctx, c.control, scriptStats).Slice()
	if err != nil {
		return Stats{}, fmt.Errorf("cannot read the figures of the queue: %w", err)
	}
	if len(lists) != 6 {
		return Stats{}, errors.New("redis returned no figures")
	}
	present := numbers(lists[0])
	s := Stats{
		Pushed: present["pushed"], Running: present["running"], Delayed: present["delayed"],
		Suspect: present["suspect"], Silent: present["silent"], Open: present["open"], Dead: present["dead"], Counted: numbers(lists[1]),
	}
	for _, class := range Classes {
		s.Classes = append(s.Classes, ClassStats{
			Class: class, Depth: present["depth:"+class], Age: time.Duration(present["age:"+class]) * time.Millisecond,
		})
	}
	workers, err := c.Workers(ctx)
	if err != nil {
		return s, err
	}
	s.Workers = len(workers)
	s.Snapshot, s.Others = others(lists[2], lists[3], workers)
	if text, ok := lists[4].(string); ok {
		s.StandIn = readStandIn(text)
	}
	s.HeldBy, _ = lists[5].(string)
	s.Held, s.Troubles, err = c.held(ctx, workers)
	return s, err
}

// others returns the queue's data, and those of workers that have other data.
func others(queue, data any, workers []string) (snapshot string, others []Other) {
	snapshot, _ = queue.(string)
	pairs, _ := texts(data)
	for i := 0; i+1 < len(pairs); i += 2 {
		if _, own, _ := strings.Cut(pairs[i+1], ":"); own != snapshot && slices.Contains(workers, pairs[i]) {
			others = append(others, Other{pairs[i], own})
		}
	}
	slices.SortFunc(others, func(a, b Other) int { return strings.Compare(a.Worker, b.Worker) })
	return snapshot, others
}

// numbers reads a list of names and numbers.
func numbers(list any) map[string]int64 {
	out := map[string]int64{}
	pairs, _ := texts(list)
	for i := 0; i+1 < len(pairs); i += 2 {
		out[pairs[i]], _ = strconv.ParseInt(pairs[i+1], 10, 64)
	}
	return out
}

// RecentOf returns the ids of the newest jobs of a tenant, newest first, at most n, of
// the last 10,000 of all tenants.
func (c *Client) RecentOf(ctx context.Context, tenant string, n int) ([]string, error) {
	if err := validName("tenant", tenant); err != nil {
		return nil, err
	}
	return c.run(ctx, c.control, scriptList, tenant, n).StringSlice()
}

// Serves returns what the worker that beat last said its answers depend on, "" where
// there was none in the last minute.
func (c *Client) Serves(ctx context.Context) (string, error) {
	text, err := c.control.Get(ctx, c.keys.prefix+"serves").Result()
	if isNil(err) {
		return "", nil
	}
	return text, err
}

// Ping says whether Redis answers.
func (c *Client) Ping(ctx context.Context) error { return c.control.Ping(ctx).Err() }

// Accepts says whether Redis takes what is queued: the error is [ErrBusy] where it has no memory for that. Nothing is
// written.
func (c *Client) Accepts(ctx context.Context) error {
	err := c.control.ZAddXX(ctx, c.keys.prefix+"doctor", redis.Z{Member: "1"}).Err()
	if full(err) {
		return ErrMemory
	}
	return err
}

// Errors is how many commands of this client have failed, by the network or by Redis;
// what is not there is no failure.
func (c *Client) Errors() int64 { return c.failures.Load() }

// failures counts the commands of a client that fail.
type failures struct{ atomic.Int64 }

// DialHook leaves connecting as it is.
func (f *failures) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) { return next(ctx, network, addr) }
}

// ProcessHook notes how a command ends.
func (f *failures) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		err := next(ctx, cmd)
		f.note(err)
		return err
	}
}

// ProcessPipelineHook notes how a pipeline ends.
func (f *failures) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		err := next(ctx, cmds)
		f.note(err)
		return err
	}
}

// note counts an error, unless it says that something is not there, that a script is
// to be loaded, or that the caller gave up.
func (f *failures) note(err error) {
	if err == nil || isNil(err) || errors.Is(err, context.Canceled) || strings.HasPrefix(err.Error(), "NOSCRIPT") {
		return
	}
	f.Add(1)
}
