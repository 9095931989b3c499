package redisx

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// TestNothingStays runs jobs to every end and looks for keys that would stay, then
// forgets them and looks for what is left of them.
func TestNothingStays(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		const jobs = 200
		c.keepBytes = jobs * 2 * frameSize
		work(t, c, WorkerOptions{Lease: time.Second, Backoff: time.Millisecond}, handlerFunc(func(task *Task) {
			task.Start([]int{1, 2, 3})
			task.Progress(1, 2, 1, true)
			switch n := len(task.Command.ID); {
			case strings.HasSuffix(task.Command.ID, "3"):
				task.Fail(fmt.Errorf("failed at %d", n))
			case strings.HasSuffix(task.Command.ID, "7"):
				task.Retry(errors.New("again"))
			default:
				task.Finish(bytes.Repeat([]byte("r"), frameSize+1))
			}
		}))
		for i := range jobs {
			push(t, c, fmt.Sprintf(`{"id":"j%d","tenant":"t%d","op":"query","query":"q%d"}`, i, i%7, i))
		}
		push(t, c, `nonsense`)
		eventually(t, "all jobs have ended", func() bool {
			n := c.control.ZCard(t.Context(), c.keys.prefix+"ended").Val() + c.control.ZCard(t.Context(), c.keys.dead()).Val()
			return n == jobs
		})
		audit(t, c)
		names, err := c.scan(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d keys of %d jobs", len(names), jobs)
	})
}

func TestOldJobsAreForgotten(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		end := func(id string) {
			submit(t, c, query(id))
			j := claimAs(t, c, "w", uuid.NewString(), 1, time.Minute)[0]
			if _, err := c.writeResult(t.Context(), j.id, j.token, bytes.Repeat([]byte("r"), 2*frameSize)); err != nil {
				t.Fatal(err)
			}
			if err := c.writeCounters(t.Context(), j.id, j.token, []any{0, Partition{}.String()}); err != nil {
				t.Fatal(err)
			}
			answer, err := c.run(t.Context(), c.control, scriptFinish, j.id, j.token, "done", "", 2, "", "", 0, 0).Text()
			if err != nil || answer != "OK" {
				t.Fatal(answer, err)
			}
		}
		for i := range 5 {
			end(fmt.Sprint("j", i))
			// Ends within a millisecond have no order.
			was := status(t, c, fmt.Sprint("j", i)).Finished
			eventually(t, "the time passes", func() bool {
				now, err := c.control.Time(t.Context()).Result()
				return err == nil && now.Sub(was) > 2*time.Millisecond
			})
		}
		reapKeeping(t, c, 2, 10)
		names, err := c.scan(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			for i := range 3 {
				if strings.Contains(name, fmt.Sprint("j", i)) {
					t.Errorf("%s is left", name)
				}
			}
		}
		if got, err := c.Recent(t.Context(), 10); err != nil || fmt.Sprint(got) != "[j4 j3]" {
			t.Errorf("the recent jobs are %v, %v", got, err)
		}
		for id, want := range map[string]bool{"j0": true, "j2": true, "j3": false, "never": false} {
			if got, err := c.Forgotten(t.Context(), "default", id); got != want || err != nil {
				t.Errorf("%s is forgotten: %v, %v", id, got, err)
			}
		}
		if got, err := c.Forgotten(t.Context(), "other", "j0"); got || err != nil {
			t.Errorf("j0 is told to another tenant: %v, %v", got, err)
		}
		if ttl := c.control.PTTL(t.Context(), c.keys.gone()).Val(); ttl <= 0 || ttl > retention {
			t.Errorf("what is forgotten is known for %v", ttl)
		}
		audit(t, c)
	})
}

func TestLongResultsAreCut(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		whole := bytes.Repeat([]byte("0123456789"), 300_000)
		work(t, c, WorkerOptions{MaxResult: 2_500_000}, handlerFunc(func(task *Task) {
			task.Finish(whole[:len(whole)-task.Command.Sample])
		}))
		long, fits := query("long"), query("fits")
		fits.Sample = 500_000
		submit(t, c, long)
		submit(t, c, fits)
		eventually(t, "both have ended", func() bool {
			return status(t, c, "long").State.Final() && status(t, c, "fits").State.Final()
		})
		j := status(t, c, "long")
		got, err := c.Result(t.Context(), j)
		if j.State != Truncated || err != nil || !bytes.Equal(got, whole[:2_500_000]) || !strings.Contains(j.Error, "3000000 bytes") {
			t.Errorf("%s (%s), with %d bytes, %v", j.State, j.Error, len(got), err)
		}
		if j := status(t, c, "fits"); j.State != Done {
			t.Errorf("a result of just the most is %s", j.State)
		}
		audit(t, c)
	})
}

// TestResultsAreBounded: beside the number of jobs, the bytes of their results decide how
// many stay to be read.
func TestResultsAreBounded(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		const size = 10_000
		c.keepBytes = 3*size + 1
		for i := range 8 {
			task := attempt(t, c, fmt.Sprint("j", i), time.Minute)
			task.Finish(bytes.Repeat([]byte("r"), size))
			was := status(t, c, fmt.Sprint("j", i)).Finished
			eventually(t, "the time passes", func() bool {
				now, err := c.control.Time(t.Context()).Result()
				return err == nil && now.Sub(was) > 2*time.Millisecond
			})
		}
		reap(t, c)
		for i := range 8 {
			want := Done
			if i < 5 {
				want = Lost
			}
			if got := status(t, c, fmt.Sprint("j", i)).State; got != want {
				t.Errorf("j%d is %s, not %s", i, got, want)
			}
		}
		if n := c.control.HGet(t.Context(), c.keys.prefix+"size", "").Val(); n != fmt.Sprint(3*size) {
			t.Errorf("%s bytes are kept", n)
		}
		audit(t, c)
	})
}

func TestDamagedResultsAreNoticed(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		work(t, c, WorkerOptions{}, handlerFunc(func(task *Task) { task.Finish(bytes.Repeat([]byte("r"), frameSize+7)) }))
		submit(t, c, query("a"))
		eventually(t, "the job is done", func() bool { return status(t, c, "a").State == Done })
		j := status(t, c, "a")
		if _, err := c.Result(t.Context(), j); err != nil {
			t.Fatal(err)
		}
		frame := c.keys.frame("a", j.token, 1)
		c.control.Set(t.Context(), frame, "rrrrrrR", time.Hour)
		if _, err := c.Result(t.Context(), j); !errors.Is(err, ErrDamaged) {
			t.Errorf("with a wrong byte: %v", err)
		}
		c.control.Del(t.Context(), frame)
		if _, err := c.Result(t.Context(), j); err == nil {
			t.Error("with a frame gone there is no error")
		}
	})
}

// TestRedisWithoutMemory fills a server. What is in it must finish, and
// what is new is refused.
func TestRedisWithoutMemory(t *testing.T) {
	t.Parallel()
	url, _ := startServer(t)
	c := openReal(t, url, "full")
	for i := range 6 {
		submit(t, c, query(fmt.Sprint("j", i)))
	}
	lost := claimAs(t, c, "lost", "n1", 1, time.Millisecond)
	if err := c.control.ConfigSet(t.Context(), "maxmemory", "1mb").Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Submit(t.Context(), query("new")); !errors.Is(err, ErrBusy) || !strings.Contains(err.Error(), "memory") {
		t.Fatalf("a full server took a command: %v", err)
	}
	lose(t, c, lost)
	next := func() claimed {
		t.Helper()
		jobs := claimAs(t, c, "w", uuid.NewString(), 1, time.Minute)
		if len(jobs) != 1 {
			t.Fatal("a full server gave no job")
		}
		return jobs[0]
	}
	suspect := next()
	if reply, err := c.run(t.Context(), c.control, scriptBeat, "w", 60_000, "e", "", "", 0, "1", "", suspect.id, suspect.token).Slice(); err != nil || reply[4] != int64(1) {
		t.Errorf("a beat: %v, %v", reply, err)
	}
	if got := finishAs(t, c, suspect, Failed); got != "OK" {
		t.Errorf("an end: %s", got)
	}
	if got := failAs(t, c, next(), 2, time.Minute); got != "delayed" {
		t.Errorf("a failure: %s", got)
	}
	j := next()
	if got, err := c.run(t.Context(), c.control, scriptRelease, j.id, j.token).Text(); got != "queued" || err != nil {
		t.Errorf("a release: %s, %v", got, err)
	}
	j = next()
	for _, want := range []State{Running, Running} {
		if got, err := c.Cancel(t.Context(), j.id); got != want || err != nil {
			t.Errorf("a cancellation: %s, %v", got, err)
		}
	}
	audit(t, c)
}

// TestClearedNamespaces: where nobody works any more nothing is left that stays, whatever
// was going on.
func TestClearedNamespaces(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		stop := work(t, c, WorkerOptions{Grace: 1}, handlerFunc(func(task *Task) {
			task.Start([]int{1})
			if task.Command.Sample > 0 {
				<-task.Context().Done()
				task.Fail(task.Context().Err())
				return
			}
			task.Finish([]byte("1"))
		}))
		for i := range 250 { // more than the reaper forgets in one go
			submit(t, c, query(fmt.Sprint("j", i)))
		}
		for i := range 3 {
			q := query(fmt.Sprint("runs", i))
			q.Sample, q.Query = 1, "the same" // two of them follow the first
			submit(t, c, q)
		}
		eventually(t, "the last are done and the others run", func() bool {
			return status(t, c, "j249").State == Done && status(t, c, "runs2").State == Running
		})
		stop()
		late := query("late")
		late.DeadlineMS = 3_600_000
		submit(t, c, late)
		if err := c.Clear(t.Context()); err != nil {
			t.Fatal(err)
		}
		names, err := c.scan(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasPrefix(name, "job:") && !strings.Contains(name, ":p:") || strings.HasPrefix(name, "res:") {
				t.Errorf("%s is left", name)
			}
			if left := c.control.PTTL(t.Context(), c.keys.prefix+name).Val(); left < 0 {
				t.Errorf("%s stays for ever", name)
			}
		}
	})
}
