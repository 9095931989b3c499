package redisx

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/segq/segq/redisx/redistest"
)

// The suite runs against the embedded broker always, and against a real server:
// the one at SEGQ_TEST_REDIS, or one that it starts itself where redis-server is
// in the path. With SEGQ_REQUIRE_REDIS set, a real server is not optional.

// realURL is the URL of the real server, "" when there is none.
var realURL string

func TestMain(m *testing.M) {
	url, stop, err := redistest.Any()
	switch {
	case err == nil:
		realURL = url
	case redistest.Excused(err):
		fmt.Fprintln(os.Stderr, "only the embedded broker is tested:", err)
	default:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	// Most tests wait for Redis: more of them at a time than there are cores.
	flag.Parse()
	_ = flag.Set("test.parallel", "16")
	code := m.Run()
	stop()
	os.Exit(code)
}

// startServer starts a server of the test's own.
func startServer(t *testing.T) (url string, stop func()) {
	t.Helper()
	addr, stop, err := redistest.Start()
	redistest.Need(t, err)
	t.Cleanup(stop)
	return "redis://" + addr, stop
}

// startAgain starts a server in the place of one that was stopped.
func startAgain(t *testing.T, url string) (stop func()) {
	t.Helper()
	stop, err := redistest.Again(strings.TrimPrefix(url, "redis://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return stop
}

// needReal ends a test of the real server where there is none, which is excused by then.
func needReal(t testing.TB) {
	t.Helper()
	if realURL == "" {
		redistest.Need(t, redistest.ErrNone)
	}
}

// onEach runs a test on every broker, with a namespace of its own.
func onEach(t *testing.T, test func(t *testing.T, c *Client)) {
	t.Run("embedded", func(t *testing.T) {
		t.Parallel()
		c, err := Embedded(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		test(t, c)
	})
	t.Run("redis", func(t *testing.T) {
		needReal(t)
		t.Parallel()
		c := openReal(t, realURL, "t-"+uuid.NewString())
		test(t, c)
	})
}

func openReal(t *testing.T, url, namespace string) *Client {
	t.Helper()
	c, err := Open(t.Context(), Options{URL: url, Namespace: namespace})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// eventually waits for a condition; the bound is for broken code only.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); <-tick.C {
		if holds() {
			return
		}
	}
	t.Fatalf("in vain: %s", what)
}

// handlerFunc is a handler of one task at a time.
type handlerFunc func(*Task)

func (f handlerFunc) Handle(tasks []*Task) {
	var all sync.WaitGroup
	for _, task := range tasks {
		all.Go(func() { f(task) })
	}
	all.Wait()
}

// ends is a handler that works in the worker's own goroutine, where a panic is
// the worker's to see.
type ends func(*Task)

func (f ends) Handle(tasks []*Task) {
	for _, task := range tasks {
		f(task)
	}
}

// work runs a worker until the test ends, or until stop is called.
func work(t *testing.T, c *Client, o WorkerOptions, h Handler) (stop func()) {
	t.Helper()
	stop = workFor(t, c, o, h)
	t.Cleanup(stop)
	return stop
}

// workFor runs a new worker until stop is called.
func workFor(t testing.TB, c *Client, o WorkerOptions, h Handler) (stop func()) {
	t.Helper()
	return running(t, NewWorker(c, h, o))
}

// running runs a worker until stop is called.
func running(t testing.TB, w *Worker) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := w.Run(ctx); err != nil {
			t.Error(err)
		}
	}()
	return sync.OnceFunc(func() {
		cancel()
		<-done
	})
}

// withStop returns a context that ends with the test, or before.
func withStop(t *testing.T) (context.Context, context.CancelFunc) {
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	return ctx, stop
}

// query is a command that asks what no other does.
func query(id string) Command { return Command{ID: id, Op: "query", Query: "q of " + id} }

func submit(t *testing.T, c *Client, command Command) {
	t.Helper()
	if _, err := c.Submit(t.Context(), command); err != nil {
		t.Fatal(err)
	}
}

func status(t *testing.T, c *Client, id string) Job {
	t.Helper()
	jobs, err := c.Status(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return jobs[0]
}

// claimed is a job in the hands of the test, which plays a worker.
type claimed struct {
	id, token string
	left      time.Duration
	alone     bool
}

// claimAs claims as a worker that runs nothing.
func claimAs(t *testing.T, c *Client, worker, nonce string, k int, lease time.Duration) []claimed {
	t.Helper()
	jobs, _ := claimWith(t, c, worker, nonce, k, lease, 0, 0)
	return jobs
}

// claimWith claims as a worker that runs so many jobs, with a cap on those of a
// tenant.
func claimWith(t *testing.T, c *Client, worker, nonce string, k int, lease time.Duration, active, most int) (jobs []claimed, drain bool) {
	t.Helper()
	fields, err := c.run(t.Context(), c.control, scriptClaim, worker, nonce, k, lease.Milliseconds(), active, most, 0, claimBytes, "").StringSlice()
	if err != nil {
		t.Fatal(err)
	}
	for i := 2; i < len(fields); i += 5 {
		left, err := strconv.Atoi(fields[i+3])
		if err != nil {
			t.Fatal(err)
		}
		jobs = append(jobs, claimed{fields[i], fields[i+1], time.Duration(left) * time.Millisecond, fields[i+4] == "1"})
	}
	return jobs, fields[0] == "drain"
}

// timeless returns a partition without the time that it took.
func timeless(p Partition) Partition {
	p.Elapsed = 0
	return p
}

// shown returns partitions as text, without their times.
func shown(ps []Partition) string {
	var out []Partition
	for _, p := range ps {
		out = append(out, timeless(p))
	}
	return fmt.Sprint(out)
}

func finishAs(t *testing.T, c *Client, j claimed, state State) string {
	t.Helper()
	answer, err := c.run(t.Context(), c.control, scriptFinish, j.id, j.token, string(state), "", 0, "", "", 0, 0).Text()
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// failAs fails an attempt with an error that may pass.
func failAs(t *testing.T, c *Client, j claimed, tries int, pause time.Duration) string {
	t.Helper()
	answer, err := c.run(t.Context(), c.control, scriptFail, j.id, j.token, "no luck", tries, pause.Milliseconds(), 1).Text()
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// reap runs the reaper once and gives the number of jobs that it moved.
func reap(t *testing.T, c *Client) int {
	t.Helper()
	return reapKeeping(t, c, c.keep, keepDead)
}

func reapKeeping(t *testing.T, c *Client, ended, dead int) int {
	t.Helper()
	out, err := c.run(t.Context(), c.control, scriptReap, maxCrashes, 30_000, ended, dead, c.keepBytes, c.keepGone).Int64Slice()
	if err != nil {
		t.Fatal(err)
	}
	return int(out[0])
}

// audit fails the test for everything that is wrong in the namespace.
func audit(t *testing.T, c *Client) {
	t.Helper()
	findings, err := c.Audit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		t.Error(f)
	}
}
