package redisx

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// delayOf is how long a delayed job still waits.
func delayOf(t *testing.T, c *Client, id string) time.Duration {
	t.Helper()
	at, err := c.control.ZScore(t.Context(), c.keys.prefix+"delay", id).Result()
	if err != nil {
		t.Fatal(err)
	}
	now, err := c.control.Time(t.Context()).Result()
	if err != nil {
		t.Fatal(err)
	}
	return time.UnixMilli(int64(at)).Sub(now)
}

// endDelay lets the wait of a delayed job be over.
func endDelay(t *testing.T, c *Client, id string) {
	t.Helper()
	if err := c.control.ZAdd(t.Context(), c.keys.prefix+"delay", redis.Z{Member: id, Score: 1}).Err(); err != nil {
		t.Fatal(err)
	}
	if n := reap(t, c); n != 1 {
		t.Fatalf("the reaper moved %d jobs, not the delayed one", n)
	}
}

func TestErrorsThatMayPassAreTriedAgain(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		submit(t, c, query("a"))
		for try, want := range []time.Duration{40 * time.Second, 60 * time.Second, 60 * time.Second} {
			j := claimAs(t, c, "w", fmt.Sprint("n", try), 1, time.Minute)[0]
			if got := failAs(t, c, j, 4, 40*time.Second); got != "delayed" {
				t.Fatalf("try %d: %s", try, got)
			}
			if got := failAs(t, c, j, 4, 40*time.Second); got != "FENCED" {
				t.Errorf("failed twice: %s", got)
			}
			if got := delayOf(t, c, "a"); got > want || got < want-20*time.Second {
				t.Errorf("after try %d it waits for %v, not %v", try, got, want)
			}
			if again := claimAs(t, c, "w", fmt.Sprint("m", try), 1, time.Minute); len(again) != 0 {
				t.Errorf("claimed before its time: %v", again)
			}
			if got := status(t, c, "a"); got.State != Delayed || got.State.Final() || got.Error != "no luck" {
				t.Errorf("%s: %s", got.State, got.Error)
			}
			audit(t, c)
			endDelay(t, c, "a")
		}
		j := claimAs(t, c, "w", "last", 1, time.Minute)[0]
		if got := failAs(t, c, j, 4, time.Minute); got != "dead" {
			t.Errorf("the last try: %s", got)
		}
		if got := status(t, c, "a"); got.State != Dead || got.Tries != 4 || got.Crashes != 0 || !strings.Contains(got.Error, "no luck") {
			t.Errorf("%s at try %d: %s", got.State, got.Tries, got.Error)
		}
		audit(t, c)
	})
}

func TestWorkersRetry(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		var runs atomic.Int32
		o := WorkerOptions{Lease: 400 * time.Millisecond, Backoff: time.Millisecond}
		work(t, c, o, handlerFunc(func(task *Task) {
			if task.Command.ID == "never" || runs.Add(1) < 3 {
				task.Retry(errors.New("the disk is slow"))
				return
			}
			task.Finish([]byte("r"))
		}))
		third, never := query("third"), query("never")
		third.Tries = 3
		submit(t, c, third)
		submit(t, c, never)
		eventually(t, "the third try is good", func() bool { return status(t, c, "third").State == Done })
		eventually(t, "two tries are enough", func() bool { return status(t, c, "never").State == Dead })
		if got := status(t, c, "third"); got.Attempt != 3 || got.Tries != 2 {
			t.Errorf("done at attempt %d, with %d tries in vain", got.Attempt, got.Tries)
		}
		if got := status(t, c, "never"); got.Attempt != defaultTries {
			t.Errorf("dead at attempt %d", got.Attempt)
		}
		audit(t, c)
	})
}

// TestBudgetsAreApart loses a job with its worker, lets it crash alone, shuts its
// worker down, and fails it: each is counted where it belongs and nowhere else.
func TestBudgetsAreApart(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		submit(t, c, query("a"))
		expect := func(state State, tries, crashes int) {
			t.Helper()
			if j := status(t, c, "a"); j.State != state || j.Tries != tries || j.Crashes != crashes {
				t.Errorf("%s, %d tries, %d crashes", j.State, j.Tries, j.Crashes)
			}
		}
		lose(t, c, claimAs(t, c, "w", "n1", 1, time.Millisecond))
		expect(Suspect, 0, 0)
		lose(t, c, claimAs(t, c, "w", "n2", 1, time.Millisecond))
		expect(Suspect, 0, 1)
		j := claimAs(t, c, "w", "n3", 1, time.Minute)[0]
		if got, err := c.run(t.Context(), c.control, scriptRelease, j.id, j.token).Text(); got != "suspect" || err != nil {
			t.Errorf("released: %s, %v", got, err)
		}
		expect(Suspect, 0, 1)
		failAs(t, c, claimAs(t, c, "w", "n4", 1, time.Minute)[0], 2, time.Minute)
		expect(Delayed, 1, 1)
		endDelay(t, c, "a")
		expect(Suspect, 1, 1)
		audit(t, c)
	})
}

func TestDeadLettersLiveAgain(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		submit(t, c, query("tired"))
		failAs(t, c, claimAs(t, c, "w", "n", 1, time.Minute)[0], 1, 0)
		killThrice(t, c, "poison")
		if got, err := c.DeadLetters(t.Context(), 10); err != nil || fmt.Sprint(got) != "[poison tired]" {
			t.Errorf("dead are %v, %v", got, err)
		}
		if got, err := c.DeadLetters(t.Context(), 1); err != nil || fmt.Sprint(got) != "[poison]" {
			t.Errorf("the newest of the dead is %v, %v", got, err)
		}
		audit(t, c)
		for id, want := range map[string]State{"tired": Queued, "poison": Suspect} {
			if got, err := c.Requeue(t.Context(), id); got != want || err != nil {
				t.Errorf("%s lives again as %s, %v", id, got, err)
			}
			if got, err := c.Requeue(t.Context(), id); got != want || err == nil {
				t.Errorf("%s was queued twice: %s, %v", id, got, err)
			}
		}
		if got, err := c.Requeue(t.Context(), "nobody"); got != Lost || err == nil {
			t.Errorf("nobody lives again: %s, %v", got, err)
		}
		audit(t, c)
		work(t, c, WorkerOptions{}, handlerFunc(func(task *Task) { task.Finish([]byte("r")) }))
		for _, id := range []string{"tired", "poison"} {
			eventually(t, id+" is done", func() bool { return status(t, c, id).State == Done })
		}
		audit(t, c)
	})
}
