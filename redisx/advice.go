package redisx

import (
	"context"
	"strings"
)

// advise tells the operator of a worker how its Redis is set up to lose jobs. A
// server that does not say how it is set up is not worth a word: an embedded one,
// or one whose user may not ask.
func (w *Worker) advise(ctx context.Context) {
	if w.client.Embedded() {
		return
	}
	memory, err := w.client.control.Info(ctx, "memory").Result()
	if err != nil {
		return
	}
	persistence, err := w.client.control.Info(ctx, "persistence").Result()
	if err != nil {
		return
	}
	for _, a := range adviceOn(memory + persistence) {
		w.options.Log.Warn(a)
	}
	if on := found("persistence", "append-only file on"); strings.Contains(persistence, "aof_enabled:1") {
		if f := w.client.replays(ctx, on); !f.OK {
			w.options.Log.Warn("Redis may lose queued jobs when it starts again", "found", f.Found, "advice", f.Advice)
		}
	}
}

// adviceOn returns what is to be said about the sections memory and persistence of a
// server's INFO.
func adviceOn(info string) []string {
	var out []string
	for line := range strings.Lines(info) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		switch {
		case name == "maxmemory_policy" && strings.HasPrefix(value, "allkeys-"):
			out = append(out, "Redis may throw away queued jobs: its maxmemory-policy is "+value+"; set it to noeviction or volatile-lru")
		case name == "aof_enabled" && value == "0":
			out = append(out, "Redis forgets what is newer than its last snapshot when it crashes; start it with --appendonly yes")
		}
	}
	return out
}
