package redisx

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// logBuffer is a log that a test reads.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func logTo(level slog.Level) (*logBuffer, *slog.Logger) {
	b := &logBuffer{}
	return b, slog.New(slog.NewJSONHandler(b, &slog.HandlerOptions{Level: level}))
}

// TestTheLogTellsNoQueries: at the level info there is a line for the end of each job,
// and nothing of what anybody asked.
func TestTheLogTellsNoQueries(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		log, logger := logTo(slog.LevelInfo)
		stop := work(t, c, WorkerOptions{Log: logger, Backoff: time.Millisecond, Grace: 1}, ends(func(task *Task) {
			switch task.Command.ID {
			case "panics":
				panic("marker in the query " + task.Command.Query)
			case "fails":
				task.Fail(errors.New("there is no field marker"))
			case "rejected":
				task.Reject("unknown-field", "there is no field marker", []byte("marker"))
			case "retried":
				task.Retry(errors.New("marker again"))
			case "released":
				<-task.Context().Done()
				task.Fail(task.Context().Err())
			default:
				task.Finish([]byte("marker"))
			}
		}))
		push(t, c, `{"id":"marker marker","op":"marker","query":"marker"}`)
		push(t, c, `marker`)
		// One after the other: a panic ends all tasks that were drained together.
		for _, id := range []string{"done", "fails", "rejected", "retried", "panics"} {
			submit(t, c, Command{ID: id, Op: "query", Query: "marker = " + id, Name: "marker", Params: map[string]any{"marker": "marker"}})
			eventually(t, id+" ends", func() bool { return status(t, c, id).State.Final() })
		}
		submit(t, c, Command{ID: "released", Op: "query", Query: "marker"})
		eventually(t, "it runs", func() bool { return status(t, c, "released").State == Running })
		eventually(t, "both are rejected", func() bool { return c.control.LLen(t.Context(), c.keys.rejected()).Val() == 2 })
		stop()
		text := log.String()
		if strings.Contains(text, "marker") {
			t.Errorf("the log tells what was asked:\n%s", text)
		}
		for _, want := range []string{
			`"msg":"working"`, `"job":"done","state":"done","op":"query","tenant":"default","class":"normal"`, `"job":"fails","state":"failed"`, `"rows":0,"code":"unknown-field"`, `"msg":"took jobs","jobs":1`,
			`"job":"panics","state":"failed"`, `"job":"retried","state":"tried"`, `"msg":"the handler panicked","type":"string","at":`, "log_test.go:",
			`"msg":"stopping"`, `"job":"released","state":"released"`, `rejected a command`, `"ended":6,"released":1`,
		} {
			if !strings.Contains(text, want) {
				t.Errorf("the log does not say %s:\n%s", want, text)
			}
		}
	})
}

// TestAnOutageIsToldOnce: Redis that is away fails many steps, and is told once, with its
// end.
func TestAnOutageIsToldOnce(t *testing.T) {
	t.Parallel()
	address, stop := startServer(t)
	log, logger := logTo(slog.LevelInfo)
	c := openReal(t, address, "outage")
	work(t, c, WorkerOptions{Log: logger, Lease: 300 * time.Millisecond, Grace: 1}, finishAll())
	eventually(t, "it works", func() bool { return strings.Contains(log.String(), "working") })
	// A machine that is busy may have made it wait before it began.
	warnings := func() int { return strings.Count(log.String(), `"cannot `) }
	for range 2 {
		told := warnings()
		stop()
		eventually(t, "it is told", func() bool { return warnings() > told })
		failed := c.Errors()
		eventually(t, "more steps fail", func() bool { return c.Errors() > failed+10 })
		before := strings.Count(log.String(), "Redis answers")
		stop = startAgain(t, address)
		eventually(t, "its end is told", func() bool { return strings.Count(log.String(), "Redis answers") > before })
		if n := warnings() - told; n != 1 {
			t.Errorf("%d warnings for one outage:\n%s", n, log)
		}
	}
}

// TestTheLogTellsOnceThatRedisIsFull: a worker says once that Redis has no memory, and once that it has again, and
// never that Redis had gone. Its lease is so long that no answer is late on a busy machine; the test makes it beat.
func TestTheLogTellsOnceThatRedisIsFull(t *testing.T) {
	t.Parallel()
	url, _ := startServer(t)
	c := openReal(t, url, "log-full")
	log, logger := logTo(slog.LevelInfo)
	var beats atomic.Int32
	holds := func() Holding { beats.Add(1); return Holding{Columns: 1} }
	w := NewWorker(c, ends(func(task *Task) { task.Finish(nil) }), WorkerOptions{Log: logger, Lease: 10 * time.Minute, Holds: holds})
	t.Cleanup(running(t, w))
	beaten := func(what string) {
		t.Helper()
		before := beats.Load()
		eventually(t, what, func() bool {
			select {
			case w.beatSoon <- struct{}{}:
			default:
			}
			return beats.Load() > before+3
		})
	}
	beaten("it works")
	if err := c.control.ConfigSet(t.Context(), "maxmemory", "1mb").Err(); err != nil {
		t.Fatal(err)
	}
	beaten("it beats while Redis is full")
	if err := c.control.ConfigSet(t.Context(), "maxmemory", "0").Err(); err != nil {
		t.Fatal(err)
	}
	beaten("it beats when Redis has room")
	text := log.String()
	for what, want := range map[string]int{"out of memory": 1, "has memory again": 1, "Redis answers": 0} {
		if got := strings.Count(text, what); got != want {
			t.Errorf("%d times %q, not %d:\n%s", got, what, want, text)
		}
	}
}
