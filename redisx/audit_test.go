package redisx

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestAuditFinds breaks a namespace in ways that the protocol never should.
func TestAuditFinds(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		for i := range 4 {
			submit(t, c, query(fmt.Sprint("j", i)))
		}
		claimAs(t, c, "w", "n", 1, time.Minute)
		audit(t, c)
		ctx, p := t.Context(), c.keys.prefix
		c.control.HSet(ctx, c.keys.counters("j0", "1-n"), 0, "done:1:1:1:1") // without a TTL
		c.control.ZRem(ctx, c.keys.lease(), "j0")                            // runs, and nobody would notice its loss
		c.control.ZRem(ctx, p+"q:normal:default", "j1")                      // waits where nobody looks
		c.control.SRem(ctx, p+"open", "j2")                                  // not counted
		c.control.HSet(ctx, p+"job:j3", "state", "done")                     // ended, but in its queue and without a TTL
		want := []string{
			"job j0 is running, and among the running: false",
			"job j1 is queued, and among the queued: false",
			"job j2 is queued, and counted as open: false",
			"job j3 is done, and among the queued: true",
			"job j3 is done, and counted as open: true",
			"job:j0:p:1-n has no TTL",
		}
		got, err := c.Audit(ctx)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("found %v\n%s", err, strings.Join(got, "\n"))
		}
	})
}

// TestStuckTasksAreReported: the operator hears once of a handler that does not
// heed its context, and not of one that had no time to.
func TestStuckTasksAreReported(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	w := NewWorker(nil, nil, WorkerOptions{Log: slog.New(slog.NewTextHandler(&log, nil))})
	running, slow, stuck := &Task{ctx: t.Context()}, &Task{}, &Task{}
	ended, end := context.WithCancelCause(t.Context())
	end(ErrCancelled)
	slow.ctx, stuck.ctx = ended, ended
	slow.Command.ID, stuck.Command.ID = "slow", "stuck"
	stuck.stopped = time.Now().Add(-time.Minute)
	for range 3 {
		w.findStuck([]*Task{running, slow, stuck})
	}
	if got := log.String(); strings.Count(got, "job=") != 1 || !strings.Contains(got, "job=stuck") {
		t.Errorf("the log says %s", got)
	}
}
