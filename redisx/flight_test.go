package redisx

import (
	"fmt"
	"testing"
	"time"
)

// same submits a command that asks what others ask.
func same(t *testing.T, c *Client, id string) {
	t.Helper()
	submit(t, c, asking(t, id, "the same", ""))
}

// TestEqualCommandsShareARun: of commands that ask the same while one is at work, one
// is run, and all end with its result.
func TestEqualCommandsShareARun(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		release, runs := make(chan struct{}), make(chan string, 100)
		work(t, c, WorkerOptions{}, handlerFunc(func(task *Task) {
			runs <- task.Command.ID
			task.Start([]int{10})
			task.Progress(0, 4, 2, false)
			<-release
			task.Progress(0, 10, 5, true)
			task.Finish([]byte("5"))
		}))
		same(t, c, "first")
		eventually(t, "the first counts", func() bool {
			p := status(t, c, "first").Partitions
			return len(p) == 1 && p[0].Rows == 4
		})
		for i := range 20 {
			same(t, c, fmt.Sprint("other", i))
		}
		foreign := asking(t, "foreign", "the same", "")
		foreign.Tenant = "b"
		submit(t, c, foreign)
		if j := status(t, c, "other7"); j.State != Running || len(j.Partitions) != 1 || j.Partitions[0].Matched != 2 || j.Source != "first" {
			t.Errorf("one that shares is %s with %v from %q", j.State, j.Partitions, j.Source)
		}
		audit(t, c)
		close(release)
		for i := range 20 {
			id := fmt.Sprint("other", i)
			eventually(t, id+" is done", func() bool { return status(t, c, id).State == Done })
		}
		eventually(t, "that of another tenant is done", func() bool { return status(t, c, "foreign").State == Done })
		j := status(t, c, "other7")
		if data, err := c.Result(t.Context(), j); string(data) != "5" || err != nil {
			t.Errorf("the result is %q, %v", data, err)
		}
		if len(j.Partitions) != 1 || j.Partitions[0].Matched != 5 || !j.Partitions[0].Done {
			t.Errorf("the counters are %v", j.Partitions)
		}
		if len(runs) != 2 {
			t.Errorf("%d runs, not one for each tenant", len(runs))
		}
		audit(t, c)
	})
}

// TestAnEndOfOneIsNotThatOfAll: who cancels a job, or sets it a deadline, ends it for
// itself alone.
func TestAnEndOfOneIsNotThatOfAll(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		same(t, c, "first")
		for _, id := range []string{"b", "c", "d"} {
			same(t, c, id)
		}
		hurried := asking(t, "hurried", "the same", "")
		hurried.DeadlineMS = 1
		submit(t, c, hurried)
		if state, err := c.Cancel(t.Context(), "c"); state != Cancelled || err != nil {
			t.Fatalf("cancelled one that shares: %s, %v", state, err)
		}
		eventually(t, "one expires", func() bool { reap(t, c); return status(t, c, "hurried").State == Expired })
		first := claimAs(t, c, "w", "n1", 10, time.Minute)
		if len(first) != 1 || first[0].id != "first" {
			t.Fatalf("claimed %v", first)
		}
		if state, err := c.Cancel(t.Context(), "first"); state != Running || err != nil {
			t.Fatalf("cancelled the one that runs: %s, %v", state, err)
		}
		finishAs(t, c, first[0], Cancelled)
		audit(t, c)
		second := claimAs(t, c, "w", "n2", 10, time.Minute)
		if len(second) != 1 || second[0].id != "b" && second[0].id != "d" {
			t.Fatalf("after the first: %v", second)
		}
		same(t, c, "late")
		if j := status(t, c, "late"); j.Source != second[0].id {
			t.Errorf("a new one shares the run of %q, not of %q", j.Source, second[0].id)
		}
		if answer := finishAs(t, c, second[0], Failed); answer != "OK" {
			t.Fatal(answer)
		}
		for id, want := range map[string]State{"first": Cancelled, "b": Failed, "c": Cancelled, "d": Failed, "late": Failed, "hurried": Expired} {
			if got := status(t, c, id).State; got != want {
				t.Errorf("%s is %s, not %s", id, got, want)
			}
		}
		audit(t, c)
	})
}

// TestSharedRunsOutliveTheirWorker: a run that is lost begins again, for all.
func TestSharedRunsOutliveTheirWorker(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		same(t, c, "first")
		same(t, c, "other")
		lost := claimAs(t, c, "gone", "n1", 10, time.Millisecond)
		eventually(t, "the lease runs out", func() bool { return reap(t, c) > 0 })
		if got := status(t, c, "other").State; got != Suspect {
			t.Errorf("the other is %s", got)
		}
		audit(t, c)
		again := claimAs(t, c, "w", "n2", 10, time.Minute)
		if len(again) != 1 || again[0].id != "first" {
			t.Fatalf("claimed %v", again)
		}
		if answer := finishAs(t, c, lost[0], Failed); answer != "FENCED" {
			t.Errorf("the lost attempt: %s", answer)
		}
		finishAs(t, c, again[0], Failed)
		if got := status(t, c, "other").State; got != Failed {
			t.Errorf("the other is %s", got)
		}
		audit(t, c)
	})
}

// TestADeadRunIsDeadForAll: what kills workers is not tried once for everybody who asks
// it, and those who are given another life take it alone.
func TestADeadRunIsDeadForAll(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		same(t, c, "first")
		same(t, c, "other")
		for i := 0; status(t, c, "first").State != Dead; i++ {
			if i > 10 {
				t.Fatal("it does not die")
			}
			claimAs(t, c, "w", fmt.Sprint("n", i), 10, time.Millisecond)
			eventually(t, "the lease runs out", func() bool { return reap(t, c) > 0 })
		}
		if got := status(t, c, "other").State; got != Dead {
			t.Errorf("the other is %s", got)
		}
		audit(t, c)
		if state, err := c.Requeue(t.Context(), "other"); state != Suspect || err != nil {
			t.Errorf("another life: %s, %v", state, err)
		}
		if j := status(t, c, "other"); j.Source != "" {
			t.Errorf("it still is that of %q", j.Source)
		}
		audit(t, c)
	})
}
