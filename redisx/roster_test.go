package redisx

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// TestRoster: who works is told with what it has, until it has left; one that gives no sign of life is told of as silent, and
// then not any more.
func TestRoster(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		roster := func() Roster {
			t.Helper()
			r, err := c.Roster(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		if r := roster(); len(r.Workers) != 0 || r.Listening != 0 || r.Snapshot != "" {
			t.Fatalf("nobody works: %+v", r)
		}
		since := time.UnixMilli(1_700_000_000_000)
		stop := work(t, c, WorkerOptions{
			Name: "a", Snapshot: "s", Lease: 5 * time.Second,
			Holds: func() Holding {
				return Holding{Columns: 9, Loaded: 3, Since: since, Dataset: "a: profiles.parquet", Rows: 5_000_000, Trouble: "old: for a reason"}
			},
			Answer: func(context.Context, string, []byte) ([]byte, error) { return nil, errors.New("nothing is asked") },
		}, handlerFunc(func(task *Task) { <-task.Context().Done() }))
		eventually(t, "it works and listens", func() bool { r := roster(); return len(r.Workers) == 1 && r.Listening == 1 && r.Workers[0].Rows > 0 })
		submit(t, c, query("a"))
		eventually(t, "it runs a job", func() bool { return roster().Workers[0].Running == 1 })
		r := roster()
		w := r.Workers[0]
		if w.Name != "a" || w.Every != time.Second || w.Silent() || w.Snapshot != "s" || r.Snapshot != "s" || r.Epoch == "" {
			t.Errorf("%+v", r)
		}
		if w.Dataset != "a: profiles.parquet" || w.Rows != 5_000_000 || w.Loaded != 3 || !w.Since.Equal(since) || w.Trouble != "old: for a reason" {
			t.Errorf("it has %+v", w.Holding)
		}
		now, err := c.control.Time(t.Context()).Result()
		if err != nil {
			t.Fatal(err)
		}
		for name, ago := range map[string]time.Duration{"silent": 20 * time.Second, "gone": time.Minute} {
			if err := c.control.ZAdd(t.Context(), c.keys.workers(), redis.Z{Member: name, Score: float64(now.Add(-ago).UnixMilli())}).Err(); err != nil {
				t.Fatal(err)
			}
		}
		if r := roster(); len(r.Workers) != 2 || r.Workers[1].Name != "silent" || !r.Workers[1].Silent() || r.Workers[1].Every != 3*time.Second {
			t.Errorf("%+v", r.Workers)
		}
		if _, err := c.Cancel(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
		stop()
		if r := roster(); len(r.Workers) != 1 || r.Workers[0].Name != "silent" {
			t.Errorf("it has left: %+v", r)
		}
		eventually(t, "nobody listens", func() bool { return roster().Listening == 0 })
	})
}

// TestMissing: a worker that was killed is missed at once, since its connection has ended, one that hangs when it gives no sign
// of life; one that does not say what data it has is of an older version, and need not be connected.
func TestMissing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		work(t, c, WorkerOptions{
			Name: "here", Lease: 5 * time.Second, Holds: func() Holding { return Holding{Columns: 9, Dataset: "a.parquet"} },
			Answer: func(context.Context, string, []byte) ([]byte, error) { return nil, errors.New("nothing is asked") },
		}, handlerFunc(func(*Task) {}))
		eventually(t, "it listens", func() bool {
			r, err := c.Roster(t.Context())
			return err == nil && r.Listening == 1 && len(r.Workers) == 1 && r.Workers[0].Dataset != ""
		})
		seen := func(name string, ago time.Duration) {
			now := c.control.Time(t.Context()).Val()
			c.control.ZAdd(t.Context(), c.keys.workers(), redis.Z{Member: name, Score: float64(now.Add(-ago).UnixMilli())})
		}
		seen("older", 3*time.Second)
		if quiet, cut, err := c.Missing(t.Context()); err != nil || len(quiet)+len(cut) != 0 {
			t.Errorf("nobody is missing: %v, %v, %v", quiet, cut, err)
		}
		seen("hangs", 10*time.Second)
		seen("killed", 3*time.Second)
		c.control.HSet(t.Context(), c.keys.holdings(), dataOf("killed"), "9:a.parquet", "killed", "9:1:1:1:0")
		quiet, cut, err := c.Missing(t.Context())
		if err != nil || len(quiet) != 2 || quiet["hangs"] < 10*time.Second || !cut["killed"] || quiet["killed"] == 0 || cut["hangs"] {
			t.Errorf("missing: %v, %v, %v", quiet, cut, err)
		}
	})
}

// TestOpenOf: a tenant's open jobs are those that run, and those that wait with their places; nobody else's.
func TestOpenOf(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		put(t, c, "a", "batch", 0, 3)
		put(t, c, "a", "interactive", 0, 1)
		put(t, c, "b", "interactive", 0, 1)
		claimAs(t, c, "w", "n", 2, time.Minute)
		leader := Command{ID: "leader", Op: "query", Query: "same", Tenant: "a", Class: "batch"}
		submit(t, c, leader)
		leader.ID = "follower"
		submit(t, c, leader)
		o, err := c.OpenOf(t.Context(), "a", 10)
		if err != nil {
			t.Fatal(err)
		}
		if o.Running != 1 || o.Waiting != 4 || len(o.Jobs) != 6 {
			t.Fatalf("%d run, %d wait, %d are listed: %+v", o.Running, o.Waiting, len(o.Jobs), o.Jobs)
		}
		for i, want := range []int{0, 1, 2, 3, 4, 4} {
			if o.Jobs[i].Place != want || o.Jobs[i].Tenant != "a" || (i == 0) != (o.Jobs[i].State == Running) {
				t.Errorf("%d: place %d of %+v", i, o.Jobs[i].Place, o.Jobs[i])
			}
		}
		if o, err := c.OpenOf(t.Context(), "a", 2); err != nil || len(o.Jobs) != 2 || o.Waiting != 4 {
			t.Errorf("at most two: %+v, %v", o, err)
		}
		if o, err := c.OpenOf(t.Context(), "nobody", 2); err != nil || len(o.Jobs) != 0 {
			t.Errorf("of nobody: %+v, %v", o, err)
		}
		if _, err := c.OpenOf(t.Context(), "a b", 2); err == nil {
			t.Error("that is no tenant")
		}
	})
}
