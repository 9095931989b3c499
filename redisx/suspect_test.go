package redisx

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"
)

// lose lets a worker be lost with these jobs: their leases run out.
func lose(t *testing.T, c *Client, jobs []claimed) {
	t.Helper()
	moved := 0
	eventually(t, "the leases run out", func() bool {
		moved += reap(t, c)
		return moved == len(jobs)
	})
}

// killThrice submits a command that kills its workers until it is given up.
func killThrice(t *testing.T, c *Client, id string) {
	t.Helper()
	submit(t, c, query(id))
	for range maxCrashes + 1 {
		lose(t, c, claimAs(t, c, "w", uuid.NewString(), 1, time.Millisecond))
	}
	if j := status(t, c, id); j.State != Dead || !strings.Contains(j.Error, "3 times") {
		t.Fatalf("%s is %s: %s", id, j.State, j.Error)
	}
}

func TestSuspectsRunAlone(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		submit(t, c, query("a"))
		submit(t, c, query("b"))
		lose(t, c, claimAs(t, c, "lost", "n", 2, time.Millisecond))
		for i := range 10 {
			submit(t, c, query(fmt.Sprint("later", i)))
		}
		audit(t, c)
		// The first to ask drains; others go on with what is queued.
		if jobs, drain := claimWith(t, c, "w1", uuid.NewString(), 2, time.Minute, 3, 0); len(jobs) != 0 || !drain {
			t.Errorf("the volunteer got %v, %t", jobs, drain)
		}
		if jobs, drain := claimWith(t, c, "w2", uuid.NewString(), 2, time.Minute, 3, 0); len(jobs) != 2 || drain || jobs[0].alone {
			t.Errorf("another worker got %v, %t", jobs, drain)
		}
		// With nothing left to run, the volunteer gets one suspect and no more.
		jobs, drain := claimWith(t, c, "w1", uuid.NewString(), 5, time.Minute, 0, 0)
		if len(jobs) != 1 || drain || !jobs[0].alone || jobs[0].id != "a" {
			t.Fatalf("the volunteer got %v, %t", jobs, drain)
		}
		audit(t, c)
		if more, drain := claimWith(t, c, "w1", uuid.NewString(), 5, time.Minute, 1, 0); len(more) != 0 || !drain {
			t.Errorf("beside the suspect it got %v, %t", more, drain)
		}
		if more, _ := claimWith(t, c, "w3", uuid.NewString(), 2, time.Minute, 0, 0); len(more) != 2 || more[0].alone {
			t.Errorf("beside one suspect that runs, another worker got %v", more)
		}
		finishAs(t, c, jobs[0], Failed)
		if next := claimAs(t, c, "w4", uuid.NewString(), 5, time.Minute); len(next) != 1 || next[0].id != "b" || !next[0].alone {
			t.Errorf("after the first suspect: %v", next)
		}
		audit(t, c)
	})
}

// TestSuspectsRunSideBySide has several workers with nothing else to do: each may have a suspect
// to itself, but one of the workers stays for the queues.
func TestSuspectsRunSideBySide(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		for _, id := range []string{"a", "b", "c", "d"} {
			submit(t, c, query(id))
		}
		lose(t, c, claimAs(t, c, "lost", "n", 4, time.Millisecond))
		alive(t, c, "w1", "w2")
		first := claimAs(t, c, "w1", uuid.NewString(), 5, time.Minute)
		if len(first) != 1 || first[0].id != "a" || !first[0].alone {
			t.Fatalf("the first worker got %v", first)
		}
		if got := claimAs(t, c, "w2", uuid.NewString(), 5, time.Minute); len(got) != 0 {
			t.Errorf("of two workers both have a suspect: %v", got)
		}
		if j := status(t, c, "c"); j.State != Suspect || j.Before != "a" || j.Place != 2 {
			t.Errorf("c is %s, at place %d, behind %q", j.State, j.Place, j.Before)
		}
		alive(t, c, "w3")
		if got, drain := claimWith(t, c, "w2", uuid.NewString(), 5, time.Minute, 1, 0); len(got) != 0 || drain {
			t.Errorf("a busy worker drains for a second suspect: %v, %t", got, drain)
		}
		second := claimAs(t, c, "w2", uuid.NewString(), 5, time.Minute)
		if len(second) != 1 || second[0].id != "b" || !second[0].alone {
			t.Fatalf("the second of three workers got %v", second)
		}
		submit(t, c, query("queued"))
		if got := claimAs(t, c, "w3", uuid.NewString(), 5, time.Minute); len(got) != 1 || got[0].id != "queued" || got[0].alone {
			t.Errorf("the third worker got %v", got)
		}
		if more, drain := claimWith(t, c, "w2", uuid.NewString(), 5, time.Minute, 1, 0); len(more) != 0 || !drain {
			t.Errorf("beside its suspect the second got %v, %t", more, drain)
		}
		finishAs(t, c, first[0], Failed)
		if j := status(t, c, "c"); j.Before != "b" {
			t.Errorf("c waits for %q", j.Before)
		}
		audit(t, c)
	})
}

// TestHeldByOneThatRunsAlone: where no worker is left beside those that run a job alone, what is queued says for which it waits, and
// so do the figures and the doctor; and the doctor says of jobs with a silent worker what to do.
func TestHeldByOneThatRunsAlone(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		advised := func(want string) {
			t.Helper()
			for _, f := range c.queueSeen(t.Context()) {
				if f.Check == "jobs" && (f.Level != Works || !strings.Contains(f.Found+": "+f.Advice, want)) {
					t.Errorf("%+v, not %q", f, want)
				}
			}
		}
		submit(t, c, query("a"))
		lose(t, c, claimAs(t, c, "lost", "n", 1, time.Millisecond))
		alive(t, c, "w1")
		jobs := claimAs(t, c, "w1", uuid.NewString(), 5, time.Minute)
		submit(t, c, query("b"))
		if a, b := status(t, c, "a"), status(t, c, "b"); len(jobs) != 1 || !a.Alone || a.Before != "" || b.Alone || b.Before != "a" {
			t.Errorf("%v: a runs alone: %v; b waits for %q", jobs, a.Alone, b.Before)
		}
		if s, err := c.Stats(t.Context()); err != nil || s.HeldBy != "a" || s.Silent != 0 {
			t.Errorf("%+v, %v", s, err)
		}
		advised("while job a runs alone, since a worker was lost with it: start another worker, which takes what waits, or end that job: segq cancel a")
		alive(t, c, "w2")
		if s, err := c.Stats(t.Context()); err != nil || s.HeldBy != "" || status(t, c, "b").Before != "" {
			t.Errorf("another worker is there: %+v, %v", s, err)
		}
		runOut(t, c, "a")
		if s, err := c.Stats(t.Context()); err != nil || s.Silent != 1 {
			t.Errorf("%+v, %v", s, err)
		}
		advised("of 1 that run the worker is silent: start a worker, segq --serve")
		finishAs(t, c, jobs[0], Failed)
		if j := status(t, c, "a"); j.Alone {
			t.Error("a job that has ended runs alone")
		}
	})
}

// TestNoTwoThatKilledAlone has two jobs that were alone when a worker was lost, and enough workers for both.
func TestNoTwoThatKilledAlone(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		for _, id := range []string{"killer1", "killer2", "good"} {
			submit(t, c, query(id))
		}
		lose(t, c, claimAs(t, c, "lost", "n", 3, time.Millisecond))
		alive(t, c, "w1", "w2", "w3", "w4")
		var jobs []claimed
		for _, w := range []string{"w1", "w2", "w3"} {
			jobs = append(jobs, claimAs(t, c, w, uuid.NewString(), 1, time.Minute)...)
		}
		if len(jobs) != 3 {
			t.Fatalf("the workers got %v", jobs)
		}
		for _, j := range jobs { // each was alone, and its worker is lost
			c.control.ZAdd(t.Context(), c.keys.lease(), redis.Z{Member: j.id, Score: 1})
			reap(t, c)
		}
		c.control.HSet(t.Context(), c.keys.prefix+"job:good", "crashes", 0)
		for i, id := range []string{"killer1", "killer2", "good"} {
			c.control.ZAdd(t.Context(), c.keys.prefix+"suspect", redis.Z{Member: id, Score: float64(i)})
		}
		for i, want := range []string{"killer1", "good", ""} {
			got := claimAs(t, c, fmt.Sprint("w", i+1), uuid.NewString(), 1, time.Minute)
			if len(got) != min(len(want), 1) || want != "" && got[0].id != want {
				t.Errorf("worker %d got %v, not %q", i+1, got, want)
			}
		}
		audit(t, c)
	})
}

// alive has workers give a sign of life.
func alive(t *testing.T, c *Client, workers ...string) {
	t.Helper()
	for _, w := range workers {
		if err := c.run(t.Context(), c.control, scriptBeat, w, time.Minute.Milliseconds(), "epoch", "", "", 0, "", "").Err(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestQueuesAndSuspectsTakeTurns has a single worker, which must not leave either
// waiting for all of the other.
func TestQueuesAndSuspectsTakeTurns(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		for i := range 3 {
			submit(t, c, query(fmt.Sprint("suspect", i)))
		}
		lose(t, c, claimAs(t, c, "lost", "n", 3, time.Millisecond))
		for i := range 3 {
			submit(t, c, query(fmt.Sprint("queued", i)))
		}
		var turns []string
		for range 6 {
			jobs := claimAs(t, c, "w", uuid.NewString(), 1, time.Minute)
			if len(jobs) != 1 {
				t.Fatalf("after %v it got %v", turns, jobs)
			}
			turns = append(turns, jobs[0].id)
			finishAs(t, c, jobs[0], Failed)
		}
		if got := strings.Join(turns, " "); got != "suspect0 queued0 suspect1 queued1 suspect2 queued2" {
			t.Errorf("the turns were %s", got)
		}
		audit(t, c)
	})
}

// TestOnlyThePoisonDies has workers that crash as soon as they hold a certain
// command, whatever else they hold.
func TestOnlyThePoisonDies(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		const innocents = 8
		submit(t, c, query("poison"))
		for i := range innocents {
			submit(t, c, query(fmt.Sprint("good", i)))
		}
		crashes := 0
		for done := 0; done < innocents || !status(t, c, "poison").State.Final(); {
			if crashes > 2*maxCrashes {
				t.Fatal("workers are lost again and again")
			}
			jobs := claimAs(t, c, fmt.Sprint("w", crashes), uuid.NewString(), 100, 50*time.Millisecond)
			if strings.Contains(fmt.Sprint(jobs), "poison") {
				crashes++
				lose(t, c, jobs)
				continue
			}
			for _, j := range jobs {
				if _, err := c.writeResult(t.Context(), j.id, j.token, []byte("r")); err != nil {
					t.Fatal(err)
				}
				if got := finishAs(t, c, j, Failed); got == "OK" {
					done++
				}
			}
		}
		if got := status(t, c, "poison"); got.State != Dead || got.Crashes != maxCrashes {
			t.Errorf("the poison is %s after %d crashes", got.State, got.Crashes)
		}
		if crashes != maxCrashes+1 {
			t.Errorf("%d workers were lost: one with all, and %d with the poison alone, are enough", crashes, maxCrashes)
		}
		for i := range innocents {
			if got := status(t, c, fmt.Sprint("good", i)); got.State != Failed || got.Crashes != 0 {
				t.Errorf("good%d is %s after %d crashes", i, got.State, got.Crashes)
			}
		}
		audit(t, c)
	})
}

// TestAWorkerDrainsForASuspect watches from inside the handler that a suspect has
// the worker to itself.
func TestAWorkerDrainsForASuspect(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		submit(t, c, query("suspect"))
		claimAs(t, c, "lost", "n", 1, time.Minute)
		submit(t, c, query("long"))
		started, end := make(chan struct{}), make(chan struct{})
		var mu sync.Mutex
		var order []string
		var running atomic.Int32
		work(t, c, WorkerOptions{}, handlerFunc(func(task *Task) {
			beside := running.Add(1) - 1
			defer running.Add(-1)
			mu.Lock()
			order = append(order, fmt.Sprint(task.Command.ID, " beside ", beside))
			mu.Unlock()
			if task.Command.ID == "long" {
				close(started)
				<-end
			}
			task.Finish([]byte("r"))
		}))
		<-started
		c.control.ZAdd(t.Context(), c.keys.lease(), redis.Z{Member: "suspect", Score: 1})
		eventually(t, "the worker volunteers", func() bool {
			return c.control.Exists(t.Context(), c.keys.prefix+"quar").Val() == 1
		})
		submit(t, c, query("later"))
		close(end)
		eventually(t, "all are done", func() bool {
			return status(t, c, "suspect").State == Done && status(t, c, "later").State == Done
		})
		mu.Lock()
		defer mu.Unlock()
		if len(order) != 3 || order[1] != "suspect beside 0" {
			t.Errorf("they ran as %v", order)
		}
	})
}
