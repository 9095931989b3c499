package redisx

import (
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// TestDeadlinesHoldEverywhere lets the deadline of a job pass in every state that
// is not final. Nobody claims: the reaper sees it.
func TestDeadlinesHoldEverywhere(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		put := func(id string) {
			q := query(id)
			q.DeadlineMS = 60_000
			submit(t, c, q)
		}
		put("suspect")
		lose(t, c, claimAs(t, c, "lost", "n1", 1, time.Millisecond))
		put("delayed")
		next := func(nonce string) claimed {
			jobs, _ := claimWith(t, c, "w", nonce, 1, time.Minute, 1, 0)
			for len(jobs) == 0 {
				// The worker that drains is another one, for as long as this takes.
				c.control.Set(t.Context(), c.keys.prefix+"quar", "other", 0)
				jobs, _ = claimWith(t, c, "w", nonce, 1, time.Minute, 1, 0)
			}
			return jobs[0]
		}
		failAs(t, c, next("n2"), 2, time.Minute)
		put("running")
		running := next("n3")
		put("queued")
		c.control.Del(t.Context(), c.keys.prefix+"quar")
		if running.left <= 0 || running.left > time.Minute {
			t.Errorf("a job with a minute has %v left when it starts", running.left)
		}
		states := map[string]State{}
		for _, id := range []string{"suspect", "delayed", "running", "queued"} {
			states[id] = status(t, c, id).State
		}
		for id, state := range states {
			if string(state) != id {
				t.Fatalf("%s is %s", id, state)
			}
		}
		for id := range states { // the deadline passes: a short one would do so before this
			c.control.HSet(t.Context(), c.keys.prefix+"job:"+id, "deadline", 1)
			c.control.ZAdd(t.Context(), c.keys.prefix+"due", redis.Z{Score: 1, Member: id})
		}
		for id := range states {
			eventually(t, id+" expires", func() bool {
				reap(t, c)
				return status(t, c, id).State == Expired
			})
		}
		if got := finishAs(t, c, running, Failed); got != "OK-REPLAY" {
			t.Errorf("its worker ended the expired job again: %s", got)
		}
		if got := status(t, c, "running"); got.State != Expired || got.Error == "" {
			t.Errorf("the job is %s: %s", got.State, got.Error)
		}
		audit(t, c)
	})
}

func TestAClaimDoesNotStartWhatIsLate(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		late := query("late")
		late.DeadlineMS = 1
		submit(t, c, late)
		submit(t, c, query("good"))
		deadline := status(t, c, "late").Deadline
		eventually(t, "the deadline passes", func() bool {
			now, err := c.control.Time(t.Context()).Result()
			return err == nil && now.After(deadline)
		})
		if got := claimAs(t, c, "w", "n", 10, time.Minute); len(got) != 1 || got[0].id != "good" {
			t.Errorf("claimed %v", got)
		}
		if got := status(t, c, "late"); got.State != Expired {
			t.Errorf("the late job is %s", got.State)
		}
		audit(t, c)
	})
}

func TestRunningTasksHearOfTheirDeadline(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		work(t, c, WorkerOptions{}, handlerFunc(func(task *Task) {
			if task.Command.ID == "slow" {
				<-task.Context().Done()
				task.Fail(task.Context().Err())
				return
			}
			task.Finish([]byte("r"))
		}))
		slow, quick := query("slow"), query("quick")
		slow.DeadlineMS, quick.DeadlineMS = 300, 60_000
		submit(t, c, slow)
		submit(t, c, quick)
		eventually(t, "the quick job is done", func() bool { return status(t, c, "quick").State == Done })
		eventually(t, "the running job expires", func() bool { return status(t, c, "slow").State == Expired })
		audit(t, c)
	})
}

// TestExpiredWithAnAnswer: a task may expire shortly before its deadline with what it has.
// Who waits for the same with more time runs it again.
func TestExpiredWithAnAnswer(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		first := make(chan struct{})
		work(t, c, WorkerOptions{}, handlerFunc(func(task *Task) {
			if task.Command.ID == "hurried" {
				task.Start([]int{10})
				task.Progress(0, 6, 2, false)
				<-first
				task.Expire("4 rows are left", []byte("half"))
				return
			}
			task.Finish([]byte("whole"))
		}))
		hurried, patient := asking(t, "hurried", "the same", ""), asking(t, "patient", "the same", "")
		hurried.DeadlineMS = 60_000
		submit(t, c, hurried)
		eventually(t, "it runs", func() bool { return status(t, c, "hurried").State == Running })
		submit(t, c, patient)
		if j := status(t, c, "patient"); j.Source != "hurried" {
			t.Fatalf("the other is %s behind %q", j.State, j.Source)
		}
		close(first)
		for id, want := range map[string]string{"hurried": "half", "patient": "whole"} {
			eventually(t, id+" ends", func() bool { return status(t, c, id).State.Final() })
			if data, err := c.Result(t.Context(), status(t, c, id)); string(data) != want || err != nil {
				t.Errorf("%s: %q, %v", id, data, err)
			}
		}
		j := status(t, c, "hurried")
		if j.State != Expired || j.Error != "4 rows are left" || len(j.Partitions) != 1 || j.Partitions[0].Rows != 6 || j.Partitions[0].Done {
			t.Errorf("%s: %s, %v", j.State, j.Error, j.Partitions)
		}
		audit(t, c)
	})
}
