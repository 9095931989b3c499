package redisx

import (
	"testing"
	"time"
)

// wipe lets Redis lose all data of a namespace.
func wipe(t *testing.T, c *Client) {
	t.Helper()
	names, err := c.scan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range names {
		names[i] = c.keys.prefix + names[i]
	}
	if err := c.control.Del(t.Context(), names...).Err(); err != nil {
		t.Fatal(err)
	}
}

// TestRedisLosesItsData: a job that runs comes back, as it was; one that waited is
// lost, and is one job again when its client submits it again.
func TestRedisLosesItsData(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		started, end := make(chan struct{}), make(chan struct{})
		runs := 0
		work(t, c, WorkerOptions{Lease: time.Second, MaxRunning: 1}, handlerFunc(func(task *Task) {
			if task.Command.ID == "running" {
				runs++
				task.Start([]int{10})
				task.Progress(0, 4, 2, false)
				close(started)
				<-end
				task.Progress(0, 10, 3, true)
			}
			task.Finish([]byte("r"))
		}))
		running := query("running")
		running.DeadlineMS = 60_000
		submit(t, c, running)
		<-started
		submit(t, c, query("waiting"))
		eventually(t, "the worker knows the epoch", func() bool {
			return c.control.Exists(t.Context(), c.keys.prefix+"epoch").Val() == 1
		})
		before := status(t, c, "running")
		wipe(t, c)
		eventually(t, "the job is back", func() bool { return status(t, c, "running").State == Running })
		if got := status(t, c, "running"); got.token != before.token || got.Deadline.IsZero() {
			t.Errorf("it is back as %s, not %s, until %v", got.token, before.token, got.Deadline)
		}
		if got := status(t, c, "waiting"); got.State != Lost {
			t.Errorf("the job that waited is %s", got.State)
		}
		submit(t, c, query("waiting"))
		close(end)
		eventually(t, "both are done", func() bool {
			return status(t, c, "running").State == Done && status(t, c, "waiting").State == Done
		})
		j := status(t, c, "running")
		if got, err := c.Result(t.Context(), j); err != nil || string(got) != "r" || runs != 1 {
			t.Errorf("the result is %q, %v, of %d runs", got, err, runs)
		}
		if len(j.Partitions) != 1 || timeless(j.Partitions[0]) != (Partition{Done: true, Rows: 10, Total: 10, Matched: 3}) {
			t.Errorf("the counters are %v", j.Partitions)
		}
		audit(t, c)
	})
}

// TestRedisStartsEmpty kills a server and starts an empty one in its place: without
// data, scripts and subscribers.
func TestRedisStartsEmpty(t *testing.T) {
	t.Parallel()
	url, stop := startServer(t)
	c := openReal(t, url, "empty")
	started, end := make(chan struct{}), make(chan struct{})
	work(t, c, WorkerOptions{Lease: 3 * time.Second, Grace: 1}, handlerFunc(func(task *Task) {
		close(started)
		<-end
		task.Finish([]byte("r"))
	}))
	submit(t, c, query("a"))
	<-started
	began := time.Now()
	// How old a job is is said when it is put back; what is sent again and again until Redis is there makes it a bit younger.
	eventually(t, "the job is older than that", func() bool { return time.Since(began) > 2*time.Second })
	stop()
	startAgain(t, url)
	back := time.Now()
	eventually(t, "the job is back", func() bool {
		jobs, err := c.Status(t.Context(), "a")
		return err == nil && jobs[0].State == Running
	})
	close(end)
	eventually(t, "the job is done", func() bool { return status(t, c, "a").State == Done })
	if j := status(t, c, "a"); j.Created.After(back) || j.Started.After(back) {
		t.Errorf("it is from %v and began at %v: Redis was back at %v", j.Created, j.Started, back)
	}
	audit(t, c)
}

// TestRedisLosesItsDataBeforeTheEnd: the worker has no beat between the loss and
// the end of its job.
func TestRedisLosesItsDataBeforeTheEnd(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		started, end := make(chan struct{}), make(chan struct{})
		work(t, c, WorkerOptions{Lease: time.Hour}, handlerFunc(func(task *Task) {
			close(started)
			<-end
			task.Finish([]byte("r"))
		}))
		submit(t, c, query("a"))
		<-started
		wipe(t, c)
		close(end)
		eventually(t, "the job is done", func() bool { return status(t, c, "a").State == Done })
		if got, err := c.Result(t.Context(), status(t, c, "a")); err != nil || string(got) != "r" {
			t.Errorf("the result is %q, %v", got, err)
		}
		audit(t, c)
	})
}

// TestAdoptedOnce: two attempts at one job find that Redis has lost it. The first
// has it.
func TestAdoptedOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		adopt := func(token string) string {
			t.Helper()
			answer, err := c.run(t.Context(), c.control, scriptAdopt, "a", token, "t", "normal", 0,
				`{"v":1,"id":"a","op":"query","query":"q"}`, 0, 60_000, "w", 0, "", "").Text()
			if err != nil {
				t.Fatal(err)
			}
			return answer
		}
		if first, again, other := adopt("2-x"), adopt("2-x"), adopt("3-y"); first != "OK" || again != "OK" || other != "TAKEN" {
			t.Errorf("adopted: %s, again %s, by another attempt %s", first, again, other)
		}
		if got := finishAs(t, c, claimed{id: "a", token: "3-y"}, Failed); got != "FENCED" {
			t.Errorf("the other attempt finished: %s", got)
		}
		audit(t, c)
		if got := finishAs(t, c, claimed{id: "a", token: "2-x"}, Failed); got != "OK" {
			t.Errorf("the first attempt finished: %s", got)
		}
		audit(t, c)
	})
}
