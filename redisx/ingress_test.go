package redisx

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// push does what a client without this package does.
func push(t *testing.T, c *Client, raw string) {
	t.Helper()
	if err := c.control.LPush(t.Context(), c.keys.ingress(), raw).Err(); err != nil {
		t.Fatal(err)
	}
}

func finishAll() Handler {
	return handlerFunc(func(task *Task) { task.Finish([]byte(task.Command.Query)) })
}

// TestAFullTenantHoldsUpNobody: a's queue is at its cap and nothing of it runs, so
// that it stays there. What was pushed for a becomes jobs nevertheless, and b is
// served.
func TestAFullTenantHoldsUpNobody(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		c.queueCap = 2
		block := make(chan struct{})
		work(t, c, WorkerOptions{TenantRunning: 1}, handlerFunc(func(task *Task) {
			if task.Command.Tenant == "a" {
				<-block
			}
			task.Finish([]byte("r"))
		}))
		for i := range 10 {
			push(t, c, fmt.Sprintf(`{"id":"a%d","tenant":"a","op":"query","query":"q%d"}`, i, i))
		}
		push(t, c, `{"id":"b","tenant":"b","op":"query","query":"q"}`)
		eventually(t, "b is done", func() bool { return status(t, c, "b").State == Done })
		if got := status(t, c, "a9"); got.State != Queued {
			t.Errorf("the last command of a is %s", got.State)
		}
		push(t, c, `{"op":"cancel","target":"a9"}`)
		eventually(t, "a queued command is cancelled through the ingress list", func() bool {
			return status(t, c, "a9").State == Cancelled
		})
		close(block)
		eventually(t, "a is done", func() bool { return status(t, c, "a8").State == Done })
		audit(t, c)
	})
}

// TestCommandsOfLostWorkers leaves commands in the staging lists of a worker that
// is gone and of one that comes back under its name.
func TestCommandsOfLostWorkers(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		stage := func(worker, id string) {
			raw := fmt.Sprintf(`{"id":%q,"op":"query","query":"q of %s"}`, id, id)
			if err := c.control.LPush(t.Context(), c.keys.staging(worker), raw).Err(); err != nil {
				t.Fatal(err)
			}
		}
		stage("gone", "g0")
		stage("gone", "g1")
		c.control.ZAdd(t.Context(), c.keys.workers(), redis.Z{Member: "gone", Score: 1})
		reap(t, c)
		if got := c.control.LRange(t.Context(), c.keys.ingress(), 0, -1).Val(); len(got) != 2 {
			t.Errorf("the reaper gave back %v", got)
		}
		stage("again", "g2")
		work(t, c, WorkerOptions{Name: "again"}, finishAll())
		for _, id := range []string{"g0", "g1", "g2"} {
			eventually(t, id+" is done", func() bool { return status(t, c, id).State == Done })
		}
		audit(t, c)
	})
}

// TestRetiredWorkersLeaveNothing: what a worker has taken in and not made a job of
// is first in line again.
func TestRetiredWorkersLeaveNothing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		submit(t, c, query("a"))
		claimAs(t, c, "w", "n", 1, time.Minute)
		push(t, c, "third")
		c.control.LPush(t.Context(), c.keys.staging("w"), "first", "second")
		for range 2 {
			if err := c.run(t.Context(), c.control, scriptRetire, "w").Err(); err != nil {
				t.Fatal(err)
			}
		}
		if got := c.control.LRange(t.Context(), c.keys.ingress(), 0, -1).Val(); fmt.Sprint(got) != "[third second first]" {
			t.Errorf("the list is %v; its right end is served first", got)
		}
		if n := c.control.Exists(t.Context(), c.keys.prefix+"claim:w", c.keys.staging("w")).Val(); n != 0 {
			t.Errorf("%d keys of the worker are left", n)
		}
		stop := work(t, c, WorkerOptions{Name: "x"}, finishAll())
		eventually(t, "the worker is known", func() bool {
			names, err := c.Workers(t.Context())
			return err == nil && fmt.Sprint(names) == "[x]"
		})
		stop()
		if names, err := c.Workers(t.Context()); err != nil || len(names) != 0 {
			t.Errorf("after the worker, %v are known (%v)", names, err)
		}
	})
}

// TestLongCommandsArePushed: what a client may push becomes a job that runs, also when it
// is longer with what the client left out, and full of what JSON may escape.
func TestLongCommandsArePushed(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		work(t, c, WorkerOptions{}, handlerFunc(func(task *Task) { task.Finish([]byte(task.Command.Queries[1])) }))
		raw := func(id string, n int) string {
			before := `{"id":"` + id + `","op":"rules","queries":["a","`
			return before + strings.Repeat("<", n-len(before)-len(`"]}`)) + `"]}`
		}
		push(t, c, raw("fits", MaxCommand))
		push(t, c, raw("long", MaxCommand+1))
		eventually(t, "it is done", func() bool { return status(t, c, "fits").State == Done })
		eventually(t, "the other is rejected", func() bool { return c.control.LLen(t.Context(), c.keys.rejected()).Val() == 1 })
		if s := status(t, c, "long"); s.State != Lost {
			t.Errorf("the other is %v", s.State)
		}
	})
}

// TestRejectedCommandsGo: what is set aside goes after a day, and has no profile in it.
func TestRejectedCommandsGo(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		work(t, c, WorkerOptions{}, handlerFunc(func(task *Task) { task.Finish(nil) }))
		push(t, c, `{"id":"a b","op":"qualify","queries":["true"],"document":"{\"mail\":\"a@example.com\"}"}`)
		push(t, c, `{"id":"c d","op":"qualify","queries":["true"],"Document":{"mail":"a@example.com"}}`)
		eventually(t, "they are set aside", func() bool { return c.control.LLen(t.Context(), c.keys.rejected()).Val() == 2 })
		kept := c.control.LRange(t.Context(), c.keys.rejected(), 0, -1).Val()
		if text := strings.Join(kept, ""); strings.Contains(text, "example.com") || !strings.Contains(text, "a b") {
			t.Error(text)
		}
		if ttl := c.control.TTL(t.Context(), c.keys.rejected()).Val(); ttl <= 0 || ttl > rejectedFor {
			t.Errorf("they stay for %v", ttl)
		}
	})
}
