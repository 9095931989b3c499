package redisx

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"
)

// TestMove: what was claimed before it ends over the old data, what comes later is answered from the
// new, and nothing that was kept of the old is found.
func TestMove(t *testing.T) {
	onEach(t, func(t *testing.T, c *Client) {
		release := make(chan struct{})
		h := handlerFunc(func(task *Task) {
			keys := task.CacheKeys("canonical "+task.Command.Query, false)
			if task.Command.Name == "slow" {
				<-release
				if again := task.CacheKeys("canonical "+task.Command.Query, false); again != nil && !slices.Equal(again, keys) {
					t.Errorf("an answer from the data before is kept under %v, not %v", again, keys)
				}
			}
			task.Keep(keys)
			task.Finish([]byte(task.Snapshot()))
		})
		w, _ := working(t, c, WorkerOptions{Name: "mover", Snapshot: "one", Serves: "v one", Schema: []byte("1")}, h)
		var log heard
		working(t, c, WorkerOptions{Name: "stays", Snapshot: "one", Serves: "v one", Log: log.log(), Lease: time.Second}, h)
		ask := func(id, q string) string {
			t.Helper()
			submit(t, c, Command{ID: id, Op: "query", Query: q})
			return answerOf(t, c, id)
		}
		if got := ask("before", "x"); got != "one" {
			t.Errorf("before: %s", got)
		}
		slow := Command{ID: "slow", Op: "query", Query: "s", Name: "slow"}
		submit(t, c, slow)
		eventually(t, "it runs", func() bool { return status(t, c, "slow").State == Running })
		if err := w.Move(t.Context(), "two", "v two", []byte("2")); err != nil {
			t.Fatal(err)
		}
		if serves, _ := c.Serves(t.Context()); serves != "v two" {
			t.Errorf("answers are kept for %q", serves)
		}
		if schema, _ := c.Schema(t.Context()); string(schema) != "2" {
			t.Errorf("the schema is %q", schema)
		}
		for _, id := range []string{"a", "b", "c"} {
			if got := ask(id, "x"); got != "two" {
				t.Errorf("%s: %s", id, got)
			}
		}
		if j := status(t, c, "c"); j.Source != SourceCache {
			t.Errorf("the answer to what was asked twice is of %q", j.Source)
		}
		// The job before the move runs on: who asks the same now does not get its answer.
		if got := ask("same", "s"); got != "two" {
			t.Errorf("the same as what runs over the data before: %s", got)
		}
		eventually(t, "the other worker says that it differs", func() bool { return log.says("snapshot=one queue=two") })
		close(release)
		if got := answerOf(t, c, "slow"); got != "one" {
			t.Errorf("what was claimed before was answered from %s", got)
		}
		audit(t, c)
	})
}

// TestMoveIsSentTwice: a move whose repetition arrives late, and a beat from before it, change nothing
// any more.
func TestMoveIsSentTwice(t *testing.T) {
	onEach(t, func(t *testing.T, c *Client) {
		ctx := t.Context()
		one := NewWorker(c, nameOfData(), WorkerOptions{Name: "one", Snapshot: "a"})
		two := NewWorker(c, nameOfData(), WorkerOptions{Name: "two", Snapshot: "a"})
		one.introduce(ctx)
		two.introduce(ctx)
		before := *one.data.Load()
		move := func(w *Worker, snapshot string) *standing {
			t.Helper()
			if err := w.Move(ctx, snapshot, "v "+snapshot, nil); err != nil {
				t.Fatal(err)
			}
			return w.data.Load()
		}
		first := move(one, "b")
		move(two, "c")
		if err := c.run(ctx, c.control, scriptMove, "one", first.moves, "b", "v b", "", 15000).Err(); err != nil {
			t.Fatal(err)
		}
		if s := figures(t, c); s.Snapshot != "c" {
			t.Errorf("the repetition of a move has moved the queue to %s", s.Snapshot)
		}
		later := move(one, "d")
		if later.moves <= first.moves || later.owed {
			t.Errorf("after %+v: %+v", first, later)
		}
		if _, err := one.sendBeat(ctx, nil, &before, "1"); err != nil {
			t.Fatal(err)
		}
		if s := figures(t, c); s.Snapshot != "d" || len(s.Others) != 1 || s.Others[0] != (Other{"two", "c"}) {
			t.Errorf("after a beat from before the moves: %q, %+v", s.Snapshot, s.Others)
		}
		if text, err := c.run(ctx, c.control, scriptMove, "one", first.moves, "b", "v b", "", 15000).Text(); text == "OK" || err != nil {
			t.Errorf("an old move: %s, %v", text, err)
		}
		if s := figures(t, c); s.Snapshot != "d" {
			t.Errorf("an old move has moved the queue to %s", s.Snapshot)
		}
	})
}

// TestMoveIsOwed: a worker whose move does not reach Redis claims nothing, and moves the queue with its
// next beat.
func TestMoveIsOwed(t *testing.T) {
	onEach(t, func(t *testing.T, c *Client) {
		w := NewWorker(c, nameOfData(), WorkerOptions{Snapshot: "one"})
		w.introduce(t.Context())
		submit(t, c, query("a"))
		broken, cancel := context.WithCancel(t.Context())
		cancel()
		if err := w.Move(broken, "two", "", nil); !errors.Is(err, context.Canceled) {
			t.Errorf("the move gave %v", err)
		}
		if tasks, says, err := w.claim(t.Context(), 1, false); len(tasks) > 0 || says != "other" || err != nil {
			t.Errorf("it claims %d tasks: %s, %v", len(tasks), says, err)
		}
		w.beat(t.Context())
		if tasks, _, err := w.claim(t.Context(), 1, false); len(tasks) != 1 || tasks[0].Snapshot() != "two" || err != nil {
			t.Errorf("after a beat it claims %d tasks, %v", len(tasks), err)
		}
	})
}

// TestClaimIsRepeatedAfterMove: jobs of a claim whose reply was lost go back to the queue when the
// worker has other data by then.
func TestClaimIsRepeatedAfterMove(t *testing.T) {
	onEach(t, func(t *testing.T, c *Client) {
		ctx := t.Context()
		w := NewWorker(c, nameOfData(), WorkerOptions{Name: "w", Snapshot: "one"})
		w.introduce(ctx)
		submit(t, c, query("a"))
		claim := func(data string) []string {
			t.Helper()
			fields, err := c.run(ctx, c.control, scriptClaim, "w", "nonce", 1, 15000, 0, 0, 0, claimBytes, data, "").StringSlice()
			if err != nil {
				t.Fatal(err)
			}
			return fields
		}
		if got := claim("one"); len(got) != 7 {
			t.Fatalf("claimed %v", got)
		}
		if got := claim("one"); len(got) != 7 || got[2] != "a" {
			t.Errorf("the repetition gave %v", got)
		}
		if err := w.Move(ctx, "two", "", nil); err != nil {
			t.Fatal(err)
		}
		if got := claim("two"); len(got) != 2 || got[0] != "other" {
			t.Errorf("after the move the repetition gave %v", got)
		}
		if j := status(t, c, "a"); j.State != Queued {
			t.Errorf("the job is %s", j.State)
		}
		audit(t, c)
	})
}

// TestMoveOfAWorkerThatDiffers: it claims, and is heard, from then on.
func TestMoveOfAWorkerThatDiffers(t *testing.T) {
	onEach(t, func(t *testing.T, c *Client) {
		first := NewWorker(c, nameOfData(), WorkerOptions{Name: "first", Snapshot: "one", Schema: []byte("1")})
		other := NewWorker(c, nameOfData(), WorkerOptions{Name: "other", Snapshot: "two", Schema: []byte("2")})
		first.introduce(t.Context())
		other.introduce(t.Context())
		if !other.differs() {
			t.Error("it does not know that it differs")
		}
		if err := other.Move(t.Context(), "three", "v three", []byte("3")); err != nil {
			t.Fatal(err)
		}
		if err := other.Announce(t.Context(), []byte("3, more")); err != nil || other.differs() {
			t.Errorf("%v, it differs: %v", err, other.differs())
		}
		if schema, err := c.Schema(t.Context()); string(schema) != "3, more" || err != nil {
			t.Errorf("the schema is %q, %v", schema, err)
		}
		submit(t, c, query("a"))
		for w, want := range map[*Worker]int{first: 0, other: 1} {
			tasks, _, err := w.claim(t.Context(), 1, false)
			if len(tasks) != want || err != nil {
				t.Errorf("%s claims %d tasks, %v", w.options.Name, len(tasks), err)
			}
		}
	})
}
