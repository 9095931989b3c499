package redisx

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/segq/segq/redisx/scripts"
)

func TestLifeOfAJob(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		result := []byte(strings.Repeat("result ", 400_000)) // three frames
		work(t, c, WorkerOptions{}, handlerFunc(func(task *Task) {
			task.Start([]int{10, 20})
			task.Progress(0, 10, 3, true)
			task.Progress(1, 5, 1, false)
			task.Progress(1, 20, 4, true)
			task.Finish(result)
			task.Finish([]byte("again"))
			task.Fail(fmt.Errorf("too late"))
		}))
		submit(t, c, query("a"))
		eventually(t, "the job is done", func() bool { return status(t, c, "a").State == Done })
		j := status(t, c, "a")
		if want := []Partition{{true, 10, 10, 3, 0}, {true, 20, 20, 4, 0}}; shown(j.Partitions) != shown(want) {
			t.Errorf("counters are %v, not %v", j.Partitions, want)
		}
		got, err := c.Result(t.Context(), j)
		if err != nil || string(got) != string(result) {
			t.Errorf("the result has %d bytes, not %d (%v)", len(got), len(result), err)
		}
		if j.Attempt != 1 || j.Created.After(j.Started) || j.Started.After(j.Finished) {
			t.Errorf("attempt %d, %v, %v, %v", j.Attempt, j.Created, j.Started, j.Finished)
		}
		audit(t, c)
	})
}

func TestAnEmptyResultIsOne(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		work(t, c, WorkerOptions{}, handlerFunc(func(task *Task) { task.Finish(nil) }))
		submit(t, c, query("a"))
		eventually(t, "the job is done", func() bool { return status(t, c, "a").State == Done })
		if got, err := c.Result(t.Context(), status(t, c, "a")); err != nil || len(got) != 0 {
			t.Errorf("the result is %q, %v", got, err)
		}
	})
}

// TestCountersThatComeLate: a flush was held up on its way, and reaches Redis when
// the job has ended. What it says is old.
func TestCountersThatComeLate(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		work(t, c, WorkerOptions{}, handlerFunc(func(task *Task) {
			task.Start([]int{10})
			task.Progress(0, 10, 4, true)
			task.Finish(nil)
		}))
		submit(t, c, query("a"))
		eventually(t, "the job is done", func() bool { return status(t, c, "a").State == Done })
		late := []any{0, Partition{false, 3, 10, 1, 0}.String()}
		if err := c.writeCounters(t.Context(), "a", status(t, c, "a").token, late); err != nil {
			t.Fatal(err)
		}
		if got := status(t, c, "a").Partitions; shown(got) != shown([]Partition{{true, 10, 10, 4, 0}}) {
			t.Errorf("the counters are %v", got)
		}
		audit(t, c)
	})
}

func TestEndsWithoutResult(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		work(t, c, WorkerOptions{}, ends(func(task *Task) {
			switch task.Command.ID {
			case "panics":
				panic("fault")
			case "fails":
				task.Fail(fmt.Errorf("no good"))
			case "rejects":
				task.Reject("code", "wrong", []byte("why"))
			}
		}))
		for id, reason := range map[string]string{"fails": "no good", "forgets": "without an answer", "rejects": "wrong", "panics": "fault"} {
			submit(t, c, query(id))
			eventually(t, id+" ends", func() bool { return status(t, c, id).State.Final() })
			if j := status(t, c, id); j.State != Failed || !strings.Contains(j.Error, reason) {
				t.Errorf("%s is %s: %s", id, j.State, j.Error)
			}
		}
		if got, err := c.Result(t.Context(), status(t, c, "rejects")); err != nil || string(got) != "why" {
			t.Errorf("the rejection says %q, %v", got, err)
		}
	})
}

func TestAnIDIsOneJob(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		submit(t, c, query("a"))
		submit(t, c, query("a"))
		if got := claimAs(t, c, "w1", "n1", 10, time.Minute); len(got) != 1 {
			t.Fatalf("claimed %v", got)
		}
		submit(t, c, query("a"))
		if got := claimAs(t, c, "w1", "n2", 10, time.Minute); len(got) != 0 {
			t.Fatalf("claimed %v again", got)
		}
	})
}

func TestAClaimSentTwiceIsOneClaim(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		for _, id := range []string{"a", "b", "c"} {
			submit(t, c, query(id))
		}
		first := claimAs(t, c, "w1", "n1", 2, time.Minute)
		second := claimAs(t, c, "w1", "n1", 2, time.Minute)
		if fmt.Sprint(first) != fmt.Sprint(second) || len(first) != 2 {
			t.Errorf("claimed %v, then %v", first, second)
		}
		if third := claimAs(t, c, "w1", "n2", 2, time.Minute); len(third) != 1 {
			t.Errorf("claimed %v of what was left", third)
		}
	})
}

func TestAnOldAttemptIsFencedOff(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		submit(t, c, query("a"))
		old := claimAs(t, c, "w1", "n1", 1, time.Millisecond)[0]
		eventually(t, "the lease runs out", func() bool { return reap(t, c) == 1 })
		present := claimAs(t, c, "w2", "n2", 1, time.Minute)[0]
		if err := c.writeCounters(t.Context(), "a", old.token, []any{0, Partition{true, 9, 9, 9, 0}.String()}); err != nil {
			t.Fatal(err)
		}
		if err := c.writeCounters(t.Context(), "a", present.token, []any{0, Partition{false, 1, 9, 1, 0}.String()}); err != nil {
			t.Fatal(err)
		}
		if got := status(t, c, "a").Partitions; shown(got) != shown([]Partition{{false, 1, 9, 1, 0}}) {
			t.Errorf("the counters are those of another attempt: %v", got)
		}
		if got := finishAs(t, c, old, Failed); got != "FENCED" {
			t.Errorf("the old attempt finished: %s", got)
		}
		if got := finishAs(t, c, present, Done); got != "NORESULT" {
			t.Errorf("done without a result: %s", got)
		}
		if _, err := c.writeResult(t.Context(), "a", present.token, []byte("r")); err != nil {
			t.Fatal(err)
		}
		if first, second := finishAs(t, c, present, Done), finishAs(t, c, present, Failed); first != "OK" || second != "OK-REPLAY" {
			t.Errorf("finished %s, then %s", first, second)
		}
		if got := status(t, c, "a"); got.State != Done || got.Attempt != 2 {
			t.Errorf("%s at attempt %d", got.State, got.Attempt)
		}
	})
}

func TestCommandsFromOtherClients(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		work(t, c, WorkerOptions{}, handlerFunc(func(task *Task) { task.Finish([]byte(task.Command.Query)) }))
		push(t, c, `{"v":1,"id":"x","op":"query","query":"hello"}`)
		push(t, c, `{"v":1,"id":"x","op":"query","query":"hello"}`)
		push(t, c, `{"id":"p","op":"ping"}`)
		eventually(t, "both jobs are done", func() bool {
			return status(t, c, "x").State == Done && status(t, c, "p").State == Done
		})
		got, err := c.Result(t.Context(), status(t, c, "x"))
		if err != nil || string(got) != "hello" || status(t, c, "x").Attempt != 1 {
			t.Errorf("the answer is %q, %v", got, err)
		}
		bad := []string{
			`{`, `{"v":2,"op":"query","query":"q"}`, `{"op":"drop"}`, `{"op":"query"}`, `{"op":"query","query":"q","id":"a b"}`,
			`{"op":"query","query":"q","tenant":"a}:b"}`, `{"op":"query","query":"q","class":"now"}`, `{"op":"cancel"}`,
			`{"op":"query","query":"` + strings.Repeat("x", MaxCommand) + `"}`,
		}
		for _, raw := range bad {
			push(t, c, raw)
		}
		eventually(t, "bad commands are set aside", func() bool {
			return c.control.LLen(t.Context(), c.keys.rejected()).Val() == int64(len(bad))
		})
		for _, note := range c.control.LRange(t.Context(), c.keys.rejected(), 0, -1).Val() {
			var n struct{ Command, Reason string }
			if err := json.Unmarshal([]byte(note), &n); err != nil || n.Reason == "" || len(n.Command) > maxRejected {
				t.Errorf("a rejection says %s", note)
			}
		}
		audit(t, c)
	})
}

func TestWorkersDoNothingTwice(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		const jobs = 300
		var mu sync.Mutex
		runs := map[string]int{}
		for range 3 {
			work(t, c, WorkerOptions{}, handlerFunc(func(task *Task) {
				mu.Lock()
				runs[task.Command.ID]++
				mu.Unlock()
				task.Finish([]byte("r"))
			}))
		}
		for i := range jobs {
			submit(t, c, query("j"+strconv.Itoa(i)))
		}
		ids := make([]string, jobs)
		for i := range ids {
			ids[i] = "j" + strconv.Itoa(i)
		}
		eventually(t, "all jobs are done", func() bool {
			all, err := c.Status(t.Context(), ids...)
			if err != nil {
				t.Fatal(err)
			}
			for _, j := range all {
				if j.State != Done {
					return false
				}
			}
			return true
		})
		for id, n := range runs {
			if n != 1 {
				t.Errorf("%s ran %d times", id, n)
			}
		}
		if n := c.control.ZCard(t.Context(), c.keys.lease()).Val(); n != 0 {
			t.Errorf("%d leases are left", n)
		}
		audit(t, c)
	})
}

// TestWithoutTheFence shows that the tests above would notice: with a finish
// script that does not look at the token, the old attempt ends the job.
func TestWithoutTheFence(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		submit(t, c, query("a"))
		old := claimAs(t, c, "w1", "n1", 1, time.Millisecond)[0]
		eventually(t, "the lease runs out", func() bool { return reap(t, c) == 1 })
		claimAs(t, c, "w2", "n2", 1, time.Minute)
		text := scripts.Source("finish")
		fence := "if f[1] ~= token then return fenced() end"
		if !strings.Contains(text, fence) {
			t.Fatal("the finish script has no fence")
		}
		broken := func() *redis.Script { return redis.NewScript(strings.Replace(text, fence, "", 1)) }
		answer, err := c.run(t.Context(), c.control, broken, old.id, old.token, "failed", "", 0, "", "", 0, 0).Text()
		if err != nil || answer != "OK" {
			t.Errorf("without the fence the old attempt got %s, %v", answer, err)
		}
	})
}

// TestAFailureWithoutItsRecord: where Redis had no room for the record of a failure, the job
// fails all the same, and says why without it.
func TestAFailureWithoutItsRecord(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		submit(t, c, query("j"))
		j := claimAs(t, c, "w", "n", 1, time.Minute)[0]
		answer, err := c.run(t.Context(), c.control, scriptFinish, j.id, j.token, "failed", "no such field", 1, "sum", "", 0, 10).Text()
		if answer != "OK" || err != nil {
			t.Fatal(answer, err)
		}
		s := status(t, c, "j")
		if result, err := c.Result(t.Context(), s); s.State != Failed || s.Error != "no such field" || len(result) > 0 || err != nil {
			t.Errorf("%v, %q, %q, %v", s.State, s.Error, result, err)
		}
	})
}
