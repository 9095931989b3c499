package redisx

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestStandIn: data that takes the place of other data, for want of a worker that has that, says so in
// its answers, in the figures and to an operator, until somebody says that it is the right one.
func TestStandIn(t *testing.T) {
	onEach(t, func(t *testing.T, c *Client) {
		lost := NewWorker(c, nameOfData(), WorkerOptions{Name: "lost", Snapshot: "new", Lease: time.Second})
		lost.introduce(t.Context())
		var told atomic.Pointer[StandIn]
		h := handlerFunc(func(task *Task) {
			text := task.Snapshot()
			if s := told.Load(); s != nil {
				text += " for " + s.Before
			}
			task.Finish([]byte(text))
		})
		second, _ := working(t, c, WorkerOptions{Name: "second", Snapshot: "old", Lease: time.Second, StandsIn: func(s *StandIn) { told.Store(s) }}, h)
		ask := func(id, want string) {
			t.Helper()
			submit(t, c, query(id))
			eventually(t, id+" ends", func() bool { return status(t, c, id).State.Final() })
			if data, err := c.Result(t.Context(), status(t, c, id)); string(data) != want || err != nil {
				t.Errorf("%s was answered from %q, %v", id, data, err)
			}
		}
		began := time.Now().Add(-time.Second)
		ask("a", "old for new")
		s := figures(t, c).StandIn
		if s == nil || s.Before != "new" || s.Snapshot != "old" || s.Since.Before(began) {
			t.Fatalf("the figures have %+v", s)
		}
		if f := dataSeen(figures(t, c)); f.Level != Works || !strings.HasPrefix(f.Found, s.String()) {
			t.Errorf("an operator sees %+v", f)
		}
		// One that has the data from before is back: nothing changes by itself.
		back := NewWorker(c, nameOfData(), WorkerOptions{Name: "back", Snapshot: "new", Lease: time.Minute})
		back.introduce(t.Context())
		// One that comes with the same as now stands in as well.
		late := NewWorker(c, nameOfData(), WorkerOptions{Name: "late", Snapshot: "old", Lease: time.Minute})
		if tasks, says, err := late.claim(t.Context(), 1, false); len(tasks) > 0 || says != "other" || err != nil {
			t.Errorf("one that has not been told claims %d tasks: %s, %v", len(tasks), says, err)
		}
		ask("b", "old for new")
		if err := second.Affirm(t.Context()); err != nil {
			t.Error(err)
		}
		eventually(t, "it stands in for nothing", func() bool { return told.Load() == nil })
		ask("c", "old")
		if s := figures(t, c); s.StandIn != nil || s.Snapshot != "old" {
			t.Errorf("the figures have %+v of %s", s.StandIn, s.Snapshot)
		}
		audit(t, c)
	})
}

// TestStandInEnds: the worker that has the data from before takes the queue back when it is told to, and one that
// only starts with other data stands in for nothing.
func TestStandInEnds(t *testing.T) {
	onEach(t, func(t *testing.T, c *Client) {
		ctx := t.Context()
		start := func(name, snapshot string) *Worker {
			w := NewWorker(c, nameOfData(), WorkerOptions{Name: name, Snapshot: snapshot, Lease: time.Minute})
			w.introduce(ctx)
			return w
		}
		first, second := start("first", "new"), start("second", "old")
		first.retire()
		second.beat(ctx)
		if s := figures(t, c); s.StandIn == nil || s.Snapshot != "old" {
			t.Fatalf("the figures have %+v of %s", s.StandIn, s.Snapshot)
		}
		third := start("third", "third")
		if err := third.Affirm(ctx); err != nil || figures(t, c).Snapshot != "old" {
			t.Errorf("any other data has the queue: %v", err)
		}
		third.retire()
		back := start("back", "new")
		if err := back.Affirm(ctx); err != nil {
			t.Error(err)
		}
		if s := figures(t, c); s.StandIn != nil || s.Snapshot != "new" {
			t.Errorf("the figures have %+v of %s", s.StandIn, s.Snapshot)
		}
		back.retire()
		second.retire()
		start("next", "next")
		if s := figures(t, c); s.StandIn != nil || s.Snapshot != "next" {
			t.Errorf("the figures have %+v of %s", s.StandIn, s.Snapshot)
		}
	})
}
