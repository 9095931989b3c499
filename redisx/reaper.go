package redisx

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"
)

// reapLoop runs the reaper every two seconds, give or take, beside those of other
// workers; at once while there is more to do.
func (w *Worker) reapLoop(ctx context.Context) {
	for ctx.Err() == nil {
		if !w.awake() {
			signal(w.beatSoon)
			pause(ctx, 100*time.Millisecond)
			continue
		}
		moved, more, err := w.reap(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			w.trouble("cannot reap", err)
		case moved > 0:
			w.options.Log.Info("moved jobs whose lease, wait or deadline was over", "jobs", moved)
		}
		base := min(2*time.Second, w.options.Lease/4)
		if more {
			base /= 100
		}
		pause(ctx, base+rand.N(base/4+1))
	}
}

// awake says whether the worker has renewed its leases lately, by the time of day. A
// process that was stopped, or a machine that slept, must not wake up and take its
// own jobs for lost before its next beat has saved them.
func (w *Worker) awake() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Now().Round(0).Sub(w.beaten) < w.options.Lease/2
}

// serverTime is what Redis' clock was when it last answered the reaper.
type serverTime struct {
	ms    int64     // 0 when it has not yet
	heard time.Time // when the answer came
}

// now is what it is at least by now, in milliseconds.
func (s serverTime) now() int64 {
	if s.ms == 0 {
		return 0
	}
	return s.ms + time.Since(s.heard).Milliseconds()
}

// reap runs the reaper once. It gives the number of jobs that were moved, and
// whether there is more to do. The first time it finds out what time it is, and no
// lease is over.
func (w *Worker) reap(ctx context.Context) (moved int64, more bool, err error) {
	sent := w.reaped.now()
	out, err := w.client.run(ctx, w.client.control, scriptReap, maxCrashes, 2*w.options.Lease.Milliseconds(), w.client.keep, keepDead,
		w.client.keepBytes, w.client.keepGone, sent).Int64Slice()
	if err == nil && len(out) != 3 {
		err = fmt.Errorf("redis answered the reaper with %d values", len(out))
	}
	if err != nil {
		return 0, false, err
	}
	w.reaped = serverTime{out[2], time.Now()}
	return out[0], out[1] == 1 || sent == 0, nil
}
