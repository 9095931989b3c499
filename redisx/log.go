package redisx

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"time"
)

// What the log of a worker holds at the level info and above: names, ids, numbers and
// errors of Redis. Texts of queries, their parameters and what they were wrong with are
// the clients', and come at the level debug alone.

// tellAgain is after what time it is told again that Redis does not do what it should.
const tellAgain = time.Minute

// Refused says that an error is of a Redis that is there, and does not let this user in or do what was asked.
func Refused(err error) bool {
	if err == nil {
		return false
	}
	text := err.Error()
	for _, kind := range []string{"WRONGPASS", "NOAUTH", "NOPERM"} {
		if strings.Contains(text, kind) {
			return true
		}
	}
	return strings.Contains(text, "user executing the script can't")
}

// trouble tells that a step could not be done. While Redis is away every step fails, and
// the first alone is told, the first that is refused, and one a minute; until a beat is answered, the rest are
// details.
func (w *Worker) trouble(what string, err error, args ...any) {
	if full(err) && w.options.Holds != nil { // else nothing would tell that it is over
		w.tellFull(what, err)
		return
	}
	w.mu.Lock()
	level := slog.LevelWarn
	now, no := time.Now(), Refused(err)
	if w.away.IsZero() {
		w.away, w.toldRefusal = now, false
	} else if now.Sub(w.toldAway) < tellAgain && (!no || w.toldRefusal) {
		level = slog.LevelDebug
	}
	if level == slog.LevelWarn {
		w.toldAway, w.toldRefusal = now, w.toldRefusal || no
	}
	w.mu.Unlock()
	// Redis repeats what it was sent when it does not know a command.
	text, _, _ := strings.Cut(err.Error(), ", with args beginning with")
	w.options.Log.Log(context.Background(), level, what, append(args, "error", text)...)
}

// full says that an error is of a Redis that has no memory for what is written. It reads, and renews leases.
func full(err error) bool {
	return err != nil && (strings.HasPrefix(err.Error(), "OOM ") || strings.Contains(err.Error(), outOfMemory))
}

// outOfMemory is what is said of that.
const outOfMemory = "Redis is out of memory"

// tellFull tells that Redis has no room, once until it has.
func (w *Worker) tellFull(what string, err error) {
	w.mu.Lock()
	level := slog.LevelDebug
	if w.full.IsZero() {
		w.full, level = time.Now(), slog.LevelWarn
	}
	w.mu.Unlock()
	w.options.Log.Log(context.Background(), level, outOfMemory+": nothing can be queued; raise maxmemory, or wait until results are forgotten", "what", what, "error", err.Error())
}

// roomy tells that Redis has room again, if it had none.
func (w *Worker) roomy() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.full.IsZero() {
		w.options.Log.Info("Redis has memory again", "after", time.Since(w.full).Round(time.Millisecond).String())
		w.full = time.Time{}
	}
}

// relieved tells that Redis answers again, if it did not when the beat was sent that it
// has answered. The caller holds w.mu.
func (w *Worker) relieved(sent time.Time) {
	if w.away.IsZero() || sent.Before(w.away) {
		return
	}
	w.options.Log.Info("Redis answers", "after", time.Since(w.away).Round(time.Millisecond).String())
	w.away = time.Time{}
}

// logTaken tells how many jobs were taken together, and whether they are a suspect.
func (w *Worker) logTaken(tasks []*Task) {
	if tasks[0].alone {
		w.options.Log.Warn("took a job that was lost with its worker, to run it alone", "job", tasks[0].Command.ID)
		return
	}
	w.options.Log.Info("took jobs", "jobs", len(tasks))
}

// released is how an attempt ends whose job goes back to the queue.
const released = "released"

// logEnd tells how an attempt has ended, and counts it. code is the kind of error, "" for
// none that has a name.
func (t *Task) logEnd(how, code, reason string) {
	w, c := t.worker, &t.Command
	w.mu.Lock()
	if how == released {
		w.givenBack++
	} else {
		w.settled++
	}
	w.mu.Unlock()
	args := []any{"job", c.ID, "state", how, "op", c.Op, "tenant", c.Tenant, "class", c.Class,
		"ms", time.Since(t.began).Milliseconds(), "rows", t.rows()}
	if code != "" {
		args = append(args, "code", code)
	}
	log := w.options.Log
	log.Info("job ended", args...)
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
