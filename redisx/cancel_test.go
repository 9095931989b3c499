package redisx

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

func TestCancel(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		submit(t, c, query("queued"))
		if got, err := c.Cancel(t.Context(), "queued"); got != Cancelled || err != nil {
			t.Errorf("cancelled a queued job: %s, %v", got, err)
		}
		if got, err := c.Cancel(t.Context(), "nobody"); got != Lost || err != nil {
			t.Errorf("cancelled nothing: %s, %v", got, err)
		}
		started := make(chan struct{})
		work(t, c, WorkerOptions{}, handlerFunc(func(task *Task) {
			close(started)
			<-task.Context().Done()
			task.Fail(task.Context().Err())
		}))
		submit(t, c, query("running"))
		<-started
		asked := time.Now()
		if got, err := c.Cancel(t.Context(), "running"); got != Running || err != nil {
			t.Errorf("cancelled a running job: %s, %v", got, err)
		}
		eventually(t, "the job is cancelled", func() bool { return status(t, c, "running").State == Cancelled })
		t.Logf("cancelled after %v", time.Since(asked))
		if got := status(t, c, "queued"); got.State != Cancelled {
			t.Errorf("the queued job ran: %s", got.State)
		}
	})
}

// TestCancelHere: a worker of the same process need not wait until Redis tells it.
func TestCancelHere(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		tasks := make(chan *Task, 2)
		work(t, c, WorkerOptions{}, handlerFunc(func(task *Task) {
			tasks <- task
			<-task.Context().Done()
			task.Fail(task.Context().Err())
		}))
		submit(t, c, query("a"))
		submit(t, c, query("b"))
		for range 2 {
			task := <-tasks
			if task.Command.ID != "a" {
				continue
			}
			if got, err := c.Cancel(t.Context(), "a"); got != Running || err != nil {
				t.Errorf("%s, %v", got, err)
			}
			if cause := context.Cause(task.Context()); !errors.Is(cause, ErrCancelled) {
				t.Errorf("the task has not heard of it: %v", cause)
			}
		}
		eventually(t, "it is cancelled", func() bool { return status(t, c, "a").State == Cancelled })
		if got := status(t, c, "b").State; got != Running {
			t.Errorf("the other is %s", got)
		}
		if _, err := c.Cancel(t.Context(), "b"); err != nil {
			t.Error(err)
		}
	})
}

// TestCancelAtEveryStage cancels jobs that wait, and jobs whose workers are asked
// and never answer: whatever becomes of those, they do not run again.
func TestCancelAtEveryStage(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		ask := func(id string, want State) {
			t.Helper()
			for range 2 {
				if got, err := c.Cancel(t.Context(), id); got != want || err != nil {
					t.Errorf("cancelled %s: %s, %v", id, got, err)
				}
			}
		}
		run := func(id string) claimed {
			t.Helper()
			submit(t, c, query(id))
			jobs := claimAs(t, c, "w", "n-"+id, 1, time.Minute)
			if len(jobs) != 1 || jobs[0].id != id {
				t.Fatalf("claimed %v, not %s", jobs, id)
			}
			return jobs[0]
		}
		failAs(t, c, run("delayed"), 2, time.Minute)
		ask("delayed", Cancelled)

		submit(t, c, query("suspect"))
		lose(t, c, claimAs(t, c, "lost", "n", 1, time.Millisecond))
		ask("suspect", Cancelled)

		submit(t, c, query("queued"))
		ask("queued", Cancelled)

		j := run("fails")
		ask("fails", Running)
		if got := failAs(t, c, j, 2, time.Minute); got != "cancelled" {
			t.Errorf("failed a job that was cancelled: %s", got)
		}
		j = run("released")
		ask("released", Running)
		if got, err := c.run(t.Context(), c.control, scriptRelease, j.id, j.token).Text(); got != "cancelled" || err != nil {
			t.Errorf("released a job that was cancelled: %s, %v", got, err)
		}
		submit(t, c, query("lost"))
		lost := claimAs(t, c, "w", "n-lost", 1, time.Minute)
		ask("lost", Running)
		runOut(t, c, "lost")
		lose(t, c, lost)
		for _, id := range []string{"delayed", "suspect", "queued", "fails", "released", "lost"} {
			if got := status(t, c, id).State; got != Cancelled {
				t.Errorf("%s is %s", id, got)
			}
		}
		if got := claimAs(t, c, "w", "last", 10, time.Minute); len(got) != 0 {
			t.Errorf("claimed %v", got)
		}
		audit(t, c)
	})
}

// runOut lets the lease of a job run out.
func runOut(t *testing.T, c *Client, id string) {
	t.Helper()
	if err := c.control.ZAddXX(t.Context(), c.keys.prefix+"lease", redis.Z{Member: id, Score: 1}).Err(); err != nil {
		t.Fatal(err)
	}
}

// TestCancelOfASilentWorker: where the only worker is silent nobody reaps. Who asks for the end of its job after the lease has it, and
// the worker, when it wakes, has the job no more; who asks the same gets an answer of its own.
func TestCancelOfASilentWorker(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		submit(t, c, query("hangs"))
		j := claimAs(t, c, "silent", "n", 1, time.Minute)[0]
		same := query("hangs")
		same.ID = "same"
		submit(t, c, same)
		if got, err := c.Cancel(t.Context(), "hangs"); got != Running || err != nil {
			t.Fatalf("within the lease: %s, %v", got, err)
		}
		runOut(t, c, "hangs")
		for range 2 {
			if got, err := c.Cancel(t.Context(), "hangs"); got != Cancelled || err != nil {
				t.Errorf("after the lease: %s, %v", got, err)
			}
		}
		if got := finishAs(t, c, j, Failed); got != "OK-REPLAY" && got != "FENCED" {
			t.Errorf("the worker woke, and its end was %s", got)
		}
		if j := status(t, c, "hangs"); j.State != Cancelled || j.Error != "" {
			t.Errorf("it is %s: %s", j.State, j.Error)
		}
		next := claimAs(t, c, "w", "m", 10, time.Minute)
		if len(next) != 1 || next[0].id != "same" {
			t.Fatalf("claimed %v", next)
		}
		finishAs(t, c, next[0], Failed)
		if s, err := c.Stats(t.Context()); err != nil || s.Counted["cancelled"] != 1 || s.Counted["lost"] != 1 {
			t.Errorf("%v, %v", s.Counted, err)
		}
		audit(t, c)
	})
}

func TestShutdownGivesJobsBack(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		started := make(chan struct{})
		stop := work(t, c, WorkerOptions{Grace: time.Millisecond}, handlerFunc(func(task *Task) {
			close(started)
			<-task.Context().Done()
			task.Fail(task.Context().Err())
		}))
		submit(t, c, query("a"))
		<-started
		stop()
		if j := status(t, c, "a"); j.State != Queued {
			t.Fatalf("after the worker the job is %s", j.State)
		}
		work(t, c, WorkerOptions{}, handlerFunc(func(task *Task) { task.Finish([]byte("r")) }))
		eventually(t, "another worker ends the job", func() bool { return status(t, c, "a").State == Done })
	})
}

func TestCancellationsThatOvertake(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		stop := work(t, c, WorkerOptions{}, finishAll())
		push(t, c, `{"op":"cancel","target":"late"}`)
		eventually(t, "the cancellation is seen", func() bool {
			return c.control.Exists(t.Context(), c.keys.prefix+"cancel:late").Val() == 1
		})
		audit(t, c)
		push(t, c, `{"id":"late","op":"query","query":"q"}`)
		eventually(t, "the command is cancelled", func() bool { return status(t, c, "late").State == Cancelled })
		stop()
		// What a client of this package cancels before it submits it, it does not mean.
		if got, err := c.Cancel(t.Context(), "later"); got != Lost || err != nil {
			t.Errorf("cancelled nothing: %s, %v", got, err)
		}
		submit(t, c, query("later"))
		if got := status(t, c, "later").State; got != Queued {
			t.Errorf("the later command is %s", got)
		}
		audit(t, c)
	})
}

// TestAWorkerThatCannotReachRedis takes the leases of its tasks for lost, though
// Redis does not know of it. The job has not failed for that.
func TestAWorkerThatCannotReachRedis(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		runs := 0
		work(t, c, WorkerOptions{MaxRunning: 1}, handlerFunc(func(task *Task) {
			if runs++; runs == 1 {
				task.cancel(ErrLeaseLost)
				<-task.Context().Done()
				task.Fail(task.Context().Err())
				return
			}
			task.Finish([]byte("r"))
		}))
		submit(t, c, query("a"))
		eventually(t, "the job has ended", func() bool { return status(t, c, "a").State.Final() })
		if j := status(t, c, "a"); j.State != Done || j.Attempt != 2 || j.Tries != 0 {
			t.Errorf("%s at attempt %d with %d tries: %s", j.State, j.Attempt, j.Tries, j.Error)
		}
		audit(t, c)
	})
}

// TestShutdownDoesNotWaitForTheLease: others have the jobs long before their
// leases are over, and none of their tries is gone.
func TestShutdownDoesNotWaitForTheLease(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		started := make(chan struct{}, 20)
		stop := work(t, c, WorkerOptions{Grace: time.Millisecond, Lease: time.Hour}, handlerFunc(func(task *Task) {
			started <- struct{}{}
			<-task.Context().Done()
			task.Retry(task.Context().Err())
		}))
		for i := range 20 {
			submit(t, c, query(fmt.Sprint("j", i)))
		}
		for range 20 {
			<-started
		}
		stop()
		for i := range 20 {
			if j := status(t, c, fmt.Sprint("j", i)); j.State != Queued || j.Tries != 0 || j.Crashes != 0 {
				t.Errorf("%s is %s with %d tries and %d crashes", j.ID, j.State, j.Tries, j.Crashes)
			}
		}
		if got := claimAs(t, c, "w", "n", 100, time.Minute); len(got) != 20 {
			t.Errorf("%d of 20 jobs can be claimed", len(got))
		}
		audit(t, c)
	})
}
