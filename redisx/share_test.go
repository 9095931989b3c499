package redisx

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// put submits n commands of a tenant in a class, with ids of tenant, class and
// number.
func put(t *testing.T, c *Client, tenant, class string, from, n int) {
	t.Helper()
	for i := from; i < from+n; i++ {
		q := query(fmt.Sprintf("%s-%s-%d", tenant, class, i))
		q.Tenant, q.Class = tenant, class
		submit(t, c, q)
	}
}

// order claims k jobs one by one and gives what stands at place part of their ids.
func order(t *testing.T, c *Client, k, part int) []string {
	t.Helper()
	var out []string
	for len(out) < k {
		jobs := claimAs(t, c, "w", fmt.Sprint("n", t.Name(), len(out), time.Now()), 1, time.Minute)
		if len(jobs) == 0 {
			t.Fatalf("claimed %d jobs, and then none", len(out))
		}
		out = append(out, strings.Split(jobs[0].id, "-")[part])
	}
	return out
}

func count(words []string, word string) (n int) {
	for _, w := range words {
		if w == word {
			n++
		}
	}
	return n
}

// TestAThousandDoNotHoldUpTen: first come, first served would serve the last of
// b's ten at position 1,010.
func TestAThousandDoNotHoldUpTen(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		put(t, c, "a", "normal", 0, 1000)
		put(t, c, "b", "normal", 0, 10)
		last := 0
		for i, tenant := range order(t, c, 40, 0) {
			if tenant == "b" {
				last = i + 1
			}
		}
		if last == 0 || last > 25 {
			t.Errorf("the last of b's ten came at position %d", last)
		}
		t.Logf("the last of b's ten came at position %d", last)
	})
}

// TestComingAgainGainsNothing: a has one command at a time and b many. Their turns
// alternate all the same.
func TestComingAgainGainsNothing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		put(t, c, "b", "normal", 0, 50)
		var served []string
		for i := range 20 {
			put(t, c, "a", "normal", i, 1)
			// Two claims: one of each, in either order.
			served = append(served, order(t, c, 2, 0)...)
		}
		if a := count(served, "a"); a != 20 {
			t.Errorf("of 40 claims, %d were of a: %v", a, served)
		}
	})
}

func TestClassesShareByWeight(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		for _, class := range Classes {
			put(t, c, "t", class, 0, 100)
		}
		served := order(t, c, 120, 1)
		for class, want := range map[string]int{"interactive": 80, "normal": 30, "batch": 10} {
			if got := count(served, class); got < want-1 || got > want+1 {
				t.Errorf("of 120 claims, %d were %s, not %d", got, class, want)
			}
		}
	})
}

func TestTenantsAreHeldAtTheirCap(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		put(t, c, "a", "normal", 0, 6)
		put(t, c, "a", "batch", 0, 6)
		put(t, c, "b", "normal", 0, 1)
		first, _ := claimWith(t, c, "w", "n1", 100, time.Minute, 0, 4)
		if len(first) != 5 {
			t.Fatalf("claimed %v: four of a and one of b are due", first)
		}
		if more, _ := claimWith(t, c, "w", "n2", 100, time.Minute, 0, 4); len(more) != 0 {
			t.Errorf("claimed %v beyond the cap", more)
		}
		// Whatever ends a's running makes room: an end, a release, a pause.
		finishAs(t, c, first[0], Failed)
		for _, j := range first[1:] {
			if strings.HasPrefix(j.id, "a-") {
				failAs(t, c, j, 2, time.Minute)
				break
			}
		}
		next, _ := claimWith(t, c, "w", "n3", 100, time.Minute, 0, 4)
		if len(next) == 0 || len(next) > 2 {
			t.Errorf("claimed %v into the room", next)
		}
		audit(t, c)
	})
}

func TestWorkersKeepTheCap(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		put(t, c, "a", "normal", 0, 40)
		var running atomic.Int32
		h := handlerFunc(func(task *Task) {
			if n := running.Add(1); n > 2 {
				t.Errorf("%d run at a time", n)
			}
			running.Add(-1) // before Redis hears of the end
			task.Finish([]byte("r"))
		})
		work(t, c, WorkerOptions{TenantRunning: 2}, h)
		eventually(t, "all are done", func() bool {
			return c.control.ZCard(t.Context(), c.keys.prefix+"ended").Val() == 40
		})
		audit(t, c)
	})
}

func TestPrioritiesOrderAQueue(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		for i, prio := range []int{5, 0, -3, 0} {
			q := query("j" + strconv.Itoa(i))
			q.Priority = prio
			submit(t, c, q)
		}
		if got := strings.Join(order(t, c, 4, 0), " "); got != "j2 j1 j3 j0" {
			t.Errorf("claimed %s", got)
		}
	})
}

func TestCapsSaySo(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		c.queueCap, c.totalCap = 2, 3
		put(t, c, "a", "normal", 0, 2)
		q := query("c")
		q.Tenant = "a"
		if _, err := c.Submit(t.Context(), q); !errors.Is(err, ErrBusy) || !strings.Contains(err.Error(), "tenant a has 2") {
			t.Errorf("the third command of a: %v", err)
		}
		put(t, c, "b", "normal", 0, 1)
		q.Tenant = "b"
		if _, err := c.Submit(t.Context(), q); !errors.Is(err, ErrBusy) || !strings.Contains(err.Error(), "3 commands in all") {
			t.Errorf("the fourth command in all: %v", err)
		}
		// What is there already is no new command.
		put(t, c, "a", "normal", 0, 2)
		finishAs(t, c, claimAs(t, c, "w", "n", 1, time.Minute)[0], Failed)
		submit(t, c, q)
		audit(t, c)
	})
}

// workHolding runs a worker with sixteen places, which holds on to batch jobs until they
// are released.
func workHolding(t *testing.T, c *Client) (release func()) {
	t.Helper()
	released := make(chan struct{})
	work(t, c, WorkerOptions{MaxRunning: 16, Grace: 1}, handlerFunc(func(task *Task) {
		if task.Command.Class == "batch" {
			<-released
		}
		task.Finish(nil)
	}))
	return func() { close(released) }
}

// interactiveGoesThrough asks five interactive questions, and waits for their answers.
func interactiveGoesThrough(t *testing.T, c *Client) {
	t.Helper()
	put(t, c, "b", "interactive", 0, 5)
	for i := range 5 {
		id := fmt.Sprint("b-interactive-", i)
		eventually(t, id+" is done", func() bool { return status(t, c, id).State == Done })
	}
}

// TestAFullWorkerHasPlacesForInteractiveJobs: one that is full of batch jobs takes an
// interactive one, and no more of the others.
func TestAFullWorkerHasPlacesForInteractiveJobs(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		release := workHolding(t, c)
		put(t, c, "a", "batch", 0, 40)
		running := func() int64 { return c.control.ZCard(t.Context(), c.keys.lease()).Val() }
		eventually(t, "the worker is full", func() bool { return running() == 14 })
		interactiveGoesThrough(t, c)
		if n := running(); n != 14 {
			t.Errorf("%d batch jobs run", n)
		}
		release()
		eventually(t, "all are done", func() bool { return status(t, c, "a-batch-39").State == Done })
	})
}

// TestAJobOfManyRulesTakesManyPlaces: a worker that has learned what its jobs ask takes as
// many as it has room for, and has its places for interactive ones all the same.
func TestAJobOfManyRulesTakesManyPlaces(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		release := workHolding(t, c)
		rules := func(class string, n int) {
			for i := range n {
				submit(t, c, Command{Op: "rules", ID: fmt.Sprint(class, i), Class: class, Queries: slices.Repeat([]string{fmt.Sprint("q", i)}, 40)})
			}
		}
		rules("normal", 5)
		eventually(t, "the first are done", func() bool { return status(t, c, "normal4").State == Done })
		rules("batch", 20)
		running := func() int64 { return c.control.ZCard(t.Context(), c.keys.lease()).Val() }
		eventually(t, "the worker is full", func() bool { return running() >= 2 })
		interactiveGoesThrough(t, c)
		// Fourteen places: one job that takes ten, and another that goes over.
		if n := running(); n != 2 {
			t.Errorf("%d jobs of forty rules run", n)
		}
		release()
		eventually(t, "all are done", func() bool { return status(t, c, "batch19").State == Done })
	})
}

// TestAClaimIsBoundedByBytes: a worker that knows nothing of the jobs does not take sixty of
// them that hold thousands of rules each.
func TestAClaimIsBoundedByBytes(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		for i := range 8 {
			q := query(fmt.Sprint("j", i))
			q.Query = fmt.Sprint(i, strings.Repeat("x", 60_000))
			submit(t, c, q)
		}
		seen := 0
		for seen < 8 {
			n := len(claimAs(t, c, "w", fmt.Sprint("n", seen), 64, time.Minute))
			if n == 0 || n > 3 {
				t.Fatalf("%d jobs of 60 KB in a claim", n)
			}
			seen += n
		}
	})
}
