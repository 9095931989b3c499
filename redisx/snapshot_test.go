package redisx

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"
)

// heard is a log that a test reads while it is written.
type heard struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (h *heard) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.Write(p)
}

func (h *heard) says(what string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.Contains(h.text.String(), what)
}

func (h *heard) log() *slog.Logger { return slog.New(slog.NewTextHandler(h, nil)) }

// working runs a worker that answers with the name of its data.
func working(t *testing.T, c *Client, o WorkerOptions, h Handler) (w *Worker, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	w = NewWorker(c, h, o)
	go func() {
		defer close(done)
		if err := w.Run(ctx); err != nil {
			t.Error(err)
		}
	}()
	stop = sync.OnceFunc(func() { cancel(); <-done })
	t.Cleanup(stop)
	return w, stop
}

// nameOfData answers each task with the name of the data that it was claimed over.
func nameOfData() Handler {
	return handlerFunc(func(t *Task) { t.Finish([]byte(t.Snapshot())) })
}

// answerOf waits for the answer to a command.
func answerOf(t *testing.T, c *Client, id string) string {
	t.Helper()
	eventually(t, id+" ends", func() bool { return status(t, c, id).State.Final() })
	j := status(t, c, id)
	data, err := c.Result(t.Context(), j)
	if err != nil {
		t.Fatal(err)
	}
	if j.State == Done && j.Snapshot != string(data) {
		t.Errorf("%s was answered by %s, and its job says %s", id, data, j.Snapshot)
	}
	return string(data)
}

func figures(t *testing.T, c *Client) Stats {
	t.Helper()
	s, err := c.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestQueueHasOneSnapshot: of workers with different data only those answer that have the data of the
// first. Another is named, and takes over when none of these is left.
func TestQueueHasOneSnapshot(t *testing.T) {
	onEach(t, func(t *testing.T, c *Client) {
		lease := time.Second
		_, stop := working(t, c, WorkerOptions{Name: "first", Snapshot: "one", Lease: lease, Schema: []byte("1"), Serves: "v one"}, nameOfData())
		eventually(t, "the first has said its data", func() bool { return figures(t, c).Snapshot == "one" })
		var log heard
		other, _ := working(t, c, WorkerOptions{Name: "other", Snapshot: "two", Lease: lease, Schema: []byte("2"), Serves: "v two", Log: log.log()}, nameOfData())
		eventually(t, "the other says that it differs", func() bool { return log.says("claims nothing") })
		working(t, c, WorkerOptions{Name: "third", Snapshot: "one", Lease: lease}, nameOfData())
		for _, id := range []string{"a", "b", "c", "d", "e", "f"} {
			submit(t, c, query(id))
			if got := answerOf(t, c, id); got != "one" {
				t.Errorf("%s was answered from %s", id, got)
			}
		}
		if err := other.Announce(t.Context(), []byte("2, more")); err != nil {
			t.Error(err)
		}
		if s := figures(t, c); len(s.Others) != 1 || s.Others[0] != (Other{"other", "two"}) || s.Snapshot != "one" {
			t.Errorf("the figures have %+v of %q", s.Others, s.Snapshot)
		}
		if schema, err := c.Schema(t.Context()); string(schema) != "1" || err != nil {
			t.Errorf("the schema is %q, %v", schema, err)
		}
		if serves, err := c.Serves(t.Context()); serves != "v one" || err != nil {
			t.Errorf("answers are kept for %q, %v", serves, err)
		}
		stop()
		if s := figures(t, c); s.Snapshot != "one" || len(s.Others) != 1 {
			t.Errorf("with one worker left of two that have it: %+v", s)
		}
		audit(t, c)
	})
}

// TestQueueTakesOver: when the last worker that had the queue's data is lost, another takes its place
// after a lease, and at once after one that has signed off.
func TestQueueTakesOver(t *testing.T) {
	onEach(t, func(t *testing.T, c *Client) {
		lost := NewWorker(c, nameOfData(), WorkerOptions{Name: "lost", Snapshot: "one", Serves: "v one", Schema: []byte("1"), Lease: time.Second})
		lost.introduce(t.Context())
		began := time.Now()
		var log heard
		_, stop := working(t, c, WorkerOptions{Name: "second", Snapshot: "two", Lease: time.Second, Schema: []byte("2"), Log: log.log()}, nameOfData())
		submit(t, c, query("a"))
		if got := answerOf(t, c, "a"); got != "two" {
			t.Errorf("answered from %s", got)
		}
		if took := time.Since(began); took < 900*time.Millisecond {
			t.Errorf("the lease of the other was over after %v", took)
		}
		eventually(t, "the log says so", func() bool { return log.says("no living worker has the data") })
		if serves, err := c.Serves(t.Context()); serves != "" || err != nil {
			t.Errorf("answers of the lost one are found under %q, %v", serves, err)
		}
		eventually(t, "the schema is its own", func() bool {
			schema, err := c.Schema(t.Context())
			return string(schema) == "2" && err == nil
		})
		working(t, c, WorkerOptions{Name: "third", Snapshot: "three", Lease: time.Minute, Log: log.log()}, nameOfData())
		eventually(t, "the third says that it differs", func() bool { return log.says("snapshot=three queue=two") })
		stop()
		// The third beats every twelve seconds, and at once when another leaves.
		began = time.Now()
		eventually(t, "the third takes over", func() bool { return figures(t, c).Snapshot == "three" })
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("it took over after %v", took)
		}
	})
}

// TestCommandAsksForSnapshot: it runs over that data, or fails at once.
func TestCommandAsksForSnapshot(t *testing.T) {
	onEach(t, func(t *testing.T, c *Client) {
		over := func(id, snapshot string) Command {
			return Command{ID: id, Op: "query", Query: "the same", Snapshot: snapshot}
		}
		refused := func(snapshot, why string) {
			t.Helper()
			_, err := c.Submit(t.Context(), over("refused", snapshot))
			_, errAll := c.SubmitAll(t.Context(), []Command{over("refused", snapshot)})
			if !errors.Is(err, ErrSnapshot) || !errors.Is(errAll, ErrSnapshot) || !strings.Contains(err.Error(), why) {
				t.Errorf("asked for %s: %v, %v", snapshot, err, errAll)
			}
			if s := status(t, c, "refused").State; s != Lost {
				t.Errorf("the job is %s", s)
			}
		}
		refused("one", "no worker has the data one")
		w, _ := working(t, c, WorkerOptions{Snapshot: "one", Serves: "v one"}, nameOfData())
		eventually(t, "the worker is there", func() bool { return figures(t, c).Snapshot == "one" })
		refused("two", "the workers answer from the data one, not from two")
		submit(t, c, over("good", "one"))
		if got := answerOf(t, c, "good"); got != "one" {
			t.Errorf("answered from %s", got)
		}
		if err := c.control.LPush(t.Context(), c.keys.ingress(), `{"id":"pushed","op":"query","query":"a","snapshot":"two"}`).Err(); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the pushed one ends", func() bool { return status(t, c, "pushed").Code != "" })
		if j := status(t, c, "pushed"); j.State != Failed || j.Code != "other-snapshot" || !strings.Contains(j.Error, "not from two") {
			t.Errorf("the pushed one is %s, %s: %s", j.State, j.Code, j.Error)
		}
		if err := w.Move(t.Context(), "two", "v two", nil); err != nil {
			t.Fatal(err)
		}
		refused("one", "from the data two, not from one")
		submit(t, c, over("moved", "two"))
		if got := answerOf(t, c, "moved"); got != "two" {
			t.Errorf("answered from %s", got)
		}
		if err := (&Command{Op: "query", Query: "a", Snapshot: "a b"}).normal(); err == nil {
			t.Error("a snapshot with a blank is one")
		}
		audit(t, c)
	})
}

// TestWaitsForSnapshotThatGoes: a job that waits when the queue moves fails at its turn, and so do those
// that follow it; a try that comes after the move runs over the new data.
func TestWaitsForSnapshotThatGoes(t *testing.T) {
	onEach(t, func(t *testing.T, c *Client) {
		w := NewWorker(c, nameOfData(), WorkerOptions{Snapshot: "one", Backoff: time.Millisecond})
		w.introduce(t.Context())
		submit(t, c, Command{ID: "again", Op: "query", Query: "again"})
		tasks, _, err := w.claim(t.Context(), 1, false)
		if err != nil || len(tasks) != 1 {
			t.Fatalf("%d tasks, %v", len(tasks), err)
		}
		for _, id := range []string{"first", "second"} {
			submit(t, c, Command{ID: id, Op: "query", Query: "the same", Snapshot: "one"})
		}
		submit(t, c, Command{ID: "any", Op: "query", Query: "the same"})
		if err := w.Move(t.Context(), "two", "", nil); err != nil {
			t.Fatal(err)
		}
		tasks[0].Retry(errors.New("no luck"))
		working(t, c, WorkerOptions{Snapshot: "two"}, nameOfData())
		for _, id := range []string{"first", "second"} {
			eventually(t, id+" ends", func() bool { return status(t, c, id).State.Final() })
			if j := status(t, c, id); j.State != Failed || j.Code != "other-snapshot" {
				t.Errorf("%s is %s, %q: %s", id, j.State, j.Code, j.Error)
			}
		}
		for _, id := range []string{"any", "again"} {
			if got := answerOf(t, c, id); got != "two" {
				t.Errorf("%s was answered from %s", id, got)
			}
		}
		audit(t, c)
	})
}

// TestTaskIsReleased: a worker that has the data of a task no more gives it back.
func TestTaskIsReleased(t *testing.T) {
	onEach(t, func(t *testing.T, c *Client) {
		runs := 0
		working(t, c, WorkerOptions{Snapshot: "one", MaxRunning: 1}, handlerFunc(func(task *Task) {
			if runs++; runs == 1 {
				task.Release()
				return
			}
			task.Finish([]byte(task.Snapshot()))
		}))
		submit(t, c, query("a"))
		if got := answerOf(t, c, "a"); got != "one" {
			t.Errorf("answered from %s", got)
		}
		if j := status(t, c, "a"); j.Attempt != 2 || j.Tries != 0 {
			t.Errorf("attempt %d, %d tries", j.Attempt, j.Tries)
		}
	})
}

// TestSnapshotOutlivesRedis: when Redis comes back without its data, or after a while, a worker that
// differed does not take the queue from those that are slower to say what they have.
func TestSnapshotOutlivesRedis(t *testing.T) {
	onEach(t, func(t *testing.T, c *Client) {
		ctx := t.Context()
		first := NewWorker(c, nameOfData(), WorkerOptions{Name: "first", Snapshot: "one"})
		other := NewWorker(c, nameOfData(), WorkerOptions{Name: "other", Snapshot: "two"})
		first.introduce(ctx)
		other.introduce(ctx)
		has := func(when, want string) {
			t.Helper()
			if got := figures(t, c).Snapshot; got != want {
				t.Errorf("%s: the queue has %q, not %q", when, got, want)
			}
		}
		wipe(t, c)
		other.beat(ctx)
		has("the other beats first", "")
		other.beat(ctx)
		first.beat(ctx)
		has("the first is back", "one")
		// Both were away for long.
		for _, w := range []*Worker{first, other} {
			w.mu.Lock()
			w.beaten, w.agreed.calm = time.Now().Add(-time.Minute).Round(0), time.Time{}
			w.mu.Unlock()
			if err := c.control.HDel(ctx, c.keys.prefix+"data", w.options.Name).Err(); err != nil {
				t.Fatal(err)
			}
		}
		other.beat(ctx)
		has("the other wakes first", "one")
		first.beat(ctx)
		// The first is gone for good.
		first.retire()
		other.mu.Lock()
		other.agreed.calm = time.Time{}
		other.mu.Unlock()
		other.beat(ctx)
		has("the first has left", "two")
	})
}
