//go:build unix

package redisx

import (
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// serverProcess is the process of a server.
func serverProcess(t *testing.T, c *Client) int {
	t.Helper()
	info, err := c.control.Info(t.Context(), "server").Result()
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(info, "process_id:")
	pid, err := strconv.Atoi(strings.Fields(after)[0])
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

// TestRedisHangs: a worker takes its tasks for lost while Redis hangs. When Redis goes on, it first does what it was sent meanwhile,
// the renewal of their leases among it: their jobs do not stay with nobody for another lease, nor are they suspects.
func TestRedisHangs(t *testing.T) {
	t.Parallel()
	url, _ := startServer(t)
	c := openReal(t, url, "hangs")
	pid := serverProcess(t, c)
	started, gaveUp := make(chan struct{}), make(chan struct{})
	runs := 0
	w := NewWorker(c, handlerFunc(func(task *Task) {
		if runs++; runs > 1 {
			task.Finish([]byte("r"))
			return
		}
		close(started)
		<-task.Context().Done()
		task.Fail(task.Context().Err())
		close(gaveUp)
	}), WorkerOptions{Lease: 3 * time.Second, MaxRunning: 1})
	stop := running(t, w)
	t.Cleanup(stop)
	submit(t, c, query("a"))
	<-started
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Kill(pid, syscall.SIGCONT) })
	<-gaveUp
	if err := syscall.Kill(pid, syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the job has ended", func() bool { jobs, err := c.Status(t.Context(), "a"); return err == nil && jobs[0].State.Final() })
	s, err := c.Stats(t.Context())
	if j := status(t, c, "a"); err != nil || j.State != Done || j.Attempt != 2 || j.Crashes != 0 || s.Counted["lost"] != 0 || s.Counted["released"] != 1 {
		t.Errorf("it is %s at attempt %d; %v, %v", j.State, j.Attempt, s.Counted, err)
	}
	audit(t, c)
}

// TestReapThatHung: a reap that another worker had sent before Redis hung longer than a lease may be the first that it does when it
// goes on. What was the silence of Redis is not counted against the worker that has the job.
func TestReapThatHung(t *testing.T) {
	t.Parallel()
	url, _ := startServer(t)
	c := openReal(t, url, "reap")
	pid := serverProcess(t, c)
	const lease = 3 * time.Second
	started, gaveUp := make(chan struct{}), make(chan struct{})
	runs := 0
	w := NewWorker(c, handlerFunc(func(task *Task) {
		if runs++; runs > 1 {
			task.Finish([]byte("r"))
			return
		}
		close(started)
		<-task.Context().Done()
		task.Fail(task.Context().Err())
		close(gaveUp)
	}), WorkerOptions{Lease: lease, MaxRunning: 1})
	stop := running(t, w)
	t.Cleanup(stop)
	other := NewWorker(openReal(t, url, "reap"), nil, WorkerOptions{Lease: lease})
	submit(t, c, query("a"))
	<-started
	for range 3 { // it has a connection, and the time of Redis
		if _, _, err := other.reap(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Kill(pid, syscall.SIGCONT) })
	reaped := make(chan struct{})
	go func() { defer close(reaped); _, _, _ = other.reap(t.Context()) }()
	<-gaveUp
	<-time.After(lease / 2) // the lease is over by Redis' time as well: its worker gave up after two thirds of it
	if err := syscall.Kill(pid, syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	<-reaped
	eventually(t, "the job has ended", func() bool { jobs, err := c.Status(t.Context(), "a"); return err == nil && jobs[0].State.Final() })
	s, err := c.Stats(t.Context())
	if j := status(t, c, "a"); err != nil || j.State != Done || j.Crashes != 0 || s.Counted["lost"] != 0 {
		t.Errorf("it is %s at attempt %d; %v, %v", j.State, j.Attempt, s.Counted, err)
	}
	audit(t, c)
}
