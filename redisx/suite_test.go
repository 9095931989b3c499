package redisx

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
)

// The suite runs against the embedded broker always, and against a real server:
// the one at SEGQ_TEST_REDIS, or one that it starts itself where redis-server is
// in the path. With SEGQ_REQUIRE_REDIS set, a real server is not optional.

// realURL is the URL of the real server, "" when there is none.
var realURL string

func TestMain(m *testing.M) {
	url, stop, err := startRedis()
	if err != nil && os.Getenv("SEGQ_REQUIRE_REDIS") != "" {
		fmt.Fprintln(os.Stderr, "SEGQ_REQUIRE_REDIS is set:", err)
		os.Exit(1)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "only the embedded broker is tested:", err)
	}
	realURL = url
	code := m.Run()
	stop()
	os.Exit(code)
}

// startRedis gives the URL of a server, its own on a free port unless one is
// named.
func startRedis() (url string, stop func(), err error) {
	stop = func() {}
	if url = os.Getenv("SEGQ_TEST_REDIS"); url != "" {
		return url, stop, nil
	}
	server, err := exec.LookPath("redis-server")
	if err != nil {
		return "", stop, err
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", stop, err
	}
	addr := free.Addr().String()
	free.Close()
	_, port, _ := net.SplitHostPort(addr)
	dir, err := os.MkdirTemp("", "segq-redis")
	if err != nil {
		return "", stop, err
	}
	c := exec.Command(server, "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", dir)
	if err := c.Start(); err != nil {
		return "", stop, err
	}
	stop = func() {
		_ = c.Process.Kill()
		_ = c.Wait()
		os.RemoveAll(dir)
	}
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		if conn, err := net.Dial("tcp", addr); err == nil {
			conn.Close()
			return "redis://" + addr, stop, nil
		}
	}
	stop()
	return "", func() {}, fmt.Errorf("%s does not listen on %s", server, addr)
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
		if realURL == "" {
			t.Skip("there is no redis-server: SEGQ_TEST_REDIS names one")
		}
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
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); <-tick.C {
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
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := NewWorker(c, h, o).Run(ctx); err != nil {
			t.Error(err)
		}
	}()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			<-done
		})
	}
	t.Cleanup(stop)
	return stop
}

func query(id string) Command { return Command{ID: id, Op: "query", Query: "q", DeadlineMS: 0} }

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
type claimed struct{ id, token string }

func claimAs(t *testing.T, c *Client, worker, nonce string, k int, lease time.Duration) []claimed {
	t.Helper()
	fields, err := c.run(t.Context(), c.control, scriptClaim, worker, nonce, k, lease.Milliseconds()).StringSlice()
	if err != nil {
		t.Fatal(err)
	}
	var out []claimed
	for i := 0; i < len(fields); i += 3 {
		out = append(out, claimed{fields[i], fields[i+1]})
	}
	return out
}

func finishAs(t *testing.T, c *Client, j claimed, state State) string {
	t.Helper()
	answer, err := c.run(t.Context(), c.control, scriptFinish, j.id, j.token, string(state), "", 0, 60).Text()
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func reap(t *testing.T, c *Client) int {
	t.Helper()
	n, err := c.run(t.Context(), c.control, scriptReap, maxCrashes, 30_000).Int()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// audit checks that every key of the namespace either goes by itself or is one of
// the few that stay.
func audit(t *testing.T, c *Client) {
	t.Helper()
	stay := []string{"in", "in:bad", "bell", "seq", "recent", "w", "ring", "dead"}
	keys, err := c.control.Keys(t.Context(), c.keys.prefix+"*").Result()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		name := strings.TrimPrefix(key, c.keys.prefix)
		ttl, err := c.control.TTL(t.Context(), key).Result()
		if err != nil {
			t.Fatal(err)
		}
		known := strings.HasPrefix(name, "ring:")
		for _, s := range stay {
			known = known || name == s
		}
		if ttl < 0 && !known {
			t.Errorf("%s stays for ever", key)
		}
	}
}
