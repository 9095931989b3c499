package redisx

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"time"
)

// What the log of a worker holds at the level info and above: names, ids, numbers and
// errors of Redis. Texts of queries, their parameters and what they were wrong with are
// the clients', and come at the level debug alone.

// trouble tells that a step could not be done. While Redis is away every step fails, and
// the first alone is told; until a beat is answered, the rest are details.
func (w *Worker) trouble(what string, err error, args ...any) {
	w.mu.Lock()
	level := slog.LevelWarn
	if !w.away.IsZero() {
		level = slog.LevelDebug
	} else {
		w.away = time.Now()
	}
	w.mu.Unlock()
	w.options.Log.Log(context.Background(), level, what, append(args, "error", err)...)
}

// relieved tells that Redis answers again, if it did not. The caller holds w.mu.
func (w *Worker) relieved() {
	if w.away.IsZero() {
		return
	}
	w.options.Log.Info("Redis answers", "after", time.Since(w.away).Round(time.Millisecond))
	w.away = time.Time{}
}

// logEnd tells how an attempt has ended.
func (t *Task) logEnd(how, reason string) {
	c, log := &t.Command, t.worker.options.Log
	log.Info("job ended", "job", c.ID, "state", how, "op", c.Op, "tenant", c.Tenant, "class", c.Class,
		"ms", time.Since(t.began).Milliseconds(), "rows", t.rows())
	if reason != "" {
		log.Debug("why the job ended so", "job", c.ID, "reason", reason, "query", c.Query)
	}
}

// logPanic tells that the handler has panicked, and where. What it says itself may be
// somebody's query.
func (w *Worker) logPanic(p any) {
	at := "unknown"
	callers := make([]uintptr, 16)
	// Below this function are the one that recovers, and the runtime.
	frames := runtime.CallersFrames(callers[:runtime.Callers(3, callers)])
	for {
		f, more := frames.Next()
		if f.Function != "runtime.gopanic" && f.Function != "runtime.panicmem" && f.Function != "runtime.sigpanic" {
			at = fmt.Sprintf("%s:%d", f.File, f.Line)
			break
		}
		if !more {
			break
		}
	}
	w.options.Log.Error("the handler panicked", "type", fmt.Sprintf("%T", p), "at", at)
	w.options.Log.Debug("what the panic says", "panic", p)
}
