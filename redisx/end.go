package redisx

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// Finish ends the task with its result, which may be empty and which others can
// read before Finish returns. A result that is too long is cut, and the job is
// Truncated. It blocks until Redis has it, or until the lease is lost.
func (t *Task) Finish(result []byte) {
	most := t.worker.options.MaxResult
	switch {
	case result == nil:
		t.end(Done, "", "", []byte{})
	case len(result) > most:
		t.end(Truncated, "", fmt.Sprintf("the result has %d bytes; the first %d are kept", len(result), most), result[:most])
	default:
		t.end(Done, "", "", result)
	}
}

// Reject ends the task as failed, with a result that says more than the reason. code
// names the kind of error in the worker's log, which does not tell the reason.
func (t *Task) Reject(code, reason string, result []byte) {
	if len(result) > t.worker.options.MaxResult {
		result = nil
	}
	t.end(Failed, code, reason, result)
}

// Expire ends the task as expired, shortly before its deadline, with a result that has what
// there is until then.
func (t *Task) Expire(reason string, result []byte) {
	if len(result) > t.worker.options.MaxResult {
		result = nil
	}
	t.end(Expired, "", reason, result)
}

// Fail ends the task without a result. Where its client has asked for the end,
// the job is cancelled; where its worker shuts down, or had to take the lease for
// lost and still has it, it goes back to the queue.
func (t *Task) Fail(err error) {
	switch cause := context.Cause(t.ctx); {
	case errors.Is(cause, ErrCancelled):
		t.end(Cancelled, "", "", nil)
	case errors.Is(cause, ErrReleased), errors.Is(cause, ErrLeaseLost):
		t.release()
	case errors.Is(cause, context.DeadlineExceeded) || errors.Is(err, context.DeadlineExceeded):
		t.end(Expired, "", err.Error(), nil)
	default:
		t.end(Failed, "", err.Error(), nil)
	}
}

// Retry ends this attempt with an error that may pass: the job waits a while and
// runs again, until its tries are used up and it is Dead. Where the task's context
// has ended, it does what Fail does.
func (t *Task) Retry(err error) {
	if t.ctx.Err() != nil {
		t.Fail(err)
		return
	}
	tries := t.Command.Tries
	if tries == 0 {
		tries = defaultTries
	}
	jitter := 0.75 + rand.Float64()/2
	t.settle("tried", "", err.Error(), func(ctx context.Context) (string, error) {
		return t.run(ctx, scriptFail, brief(err.Error()), tries, t.worker.options.Backoff.Milliseconds(), jitter)
	})
}

// end writes the result, the last counters and the final state, in this order: a
// job that is done has a result, whole counters and nothing left to come.
func (t *Task) end(state State, code, reason string, result []byte) {
	first := true
	t.settle(string(state), code, reason, func(ctx context.Context) (string, error) {
		if first {
			first = false
			if answer := t.endTogether(state, reason, result); answer != "" {
				return answer, nil
			}
		}
		frames, err := t.worker.client.writeResult(ctx, t.Command.ID, t.token, result)
		if err != nil {
			return "", err
		}
		if state == Done {
			t.keepAlone(ctx, result)
		}
		counters, err := t.lastCounters(ctx)
		if err != nil {
			return "", err
		}
		sum := ""
		if frames > 0 {
			sum = checksum(result)
		}
		return t.run(ctx, scriptFinish, string(state), brief(reason), frames, sum, counters, t.rows(), len(result))
	})
}

// keepAlone puts the result into the cache, when the task does not end with others. What
// is not kept is answered again.
func (t *Task) keepAlone(ctx context.Context, result []byte) {
	if len(t.keep) == 0 {
		return
	}
	p := t.worker.client.bulk.Pipeline()
	t.worker.client.cache(ctx, p, t.keep, checksum(result), result)
	_, _ = p.Exec(ctx)
}

// rows is how many rows the task has seen.
func (t *Task) rows() (n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, p := range t.partitions {
		n += p.Rows
	}
	return n
}

// lastToken is the token under which the last counters are.
func (t *Task) lastToken() string { return t.token + "-end" }

// lastCounters writes all counters once more, and gives the token under which they
// are, "" when there are none. It is not that of the attempt: a flush that was
// held up on its way may reach Redis later than this, and its numbers are older.
func (t *Task) lastCounters(ctx context.Context) (token string, err error) {
	pairs := t.pending(true)
	if len(pairs) == 0 {
		return "", nil
	}
	token = t.lastToken()
	err = t.worker.client.writeCounters(ctx, t.Command.ID, token, pairs)
	if err != nil && strings.HasPrefix(err.Error(), "OOM ") {
		// Redis has no room for counters. They must not hold up the end.
		return "", nil
	}
	return token, err
}

// release gives the job back to the queue.
func (t *Task) release() {
	t.settle(released, "", "", func(ctx context.Context) (string, error) { return t.run(ctx, scriptRelease) })
}

// settle ends the task by a step that answers like the finish script, unless it
// has ended already. A step that fails is tried again until the lease must have
// run out; then the job is given back when Redis answers again, or the reaper sees to it.
// how, code and why are for the log.
func (t *Task) settle(how, code, why string, step func(context.Context) (string, error)) {
	if !t.claimEnd() {
		return
	}
	defer t.worker.forget(t)
	for wait := 10 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		settled, ours := t.trySettle(step)
		if ours {
			t.logEnd(how, code, why)
		}
		if !settled && !t.leaseMayHold() {
			t.worker.owe(t)
		}
		if settled || !t.leaseMayHold() {
			return
		}
		time.Sleep(wait)
	}
}

// owe notes an attempt that has ended without Redis knowing of it.
func (w *Worker) owe(t *Task) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.owed = append(w.owed, t)
}

// payOwed gives the jobs of these attempts back, where Redis still takes them for running: a beat that was on its way while
// Redis hung may have renewed their leases. The fence refuses what somebody else has by now.
func (w *Worker) payOwed(ctx context.Context) {
	w.mu.Lock()
	owed := w.owed
	w.owed = nil
	w.mu.Unlock()
	limited, cancel := context.WithTimeout(ctx, w.options.Lease/5)
	defer cancel()
	for _, t := range owed {
		switch answer, err := t.run(limited, scriptRelease); {
		case err != nil:
			w.owe(t)
		case answer != "FENCED":
			t.logEnd(released, "", "")
		}
	}
}

// trySettle says whether the end of the attempt is settled, one way or the other, and
// whether it is as this attempt has it.
func (t *Task) trySettle(step func(context.Context) (string, error)) (settled, ours bool) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	answer, err := step(ctx)
	switch {
	case err != nil:
		t.worker.trouble("cannot end a job yet", err, "job", t.Command.ID)
		return false, false
	case answer == "FENCED":
		t.worker.options.Log.Warn("too late: another attempt has the job", "job", t.Command.ID)
		return true, false
	case answer == "GONE" && t.leaseMayHold():
		// Redis has lost its data while this ran. When the job is there again, the
		// step is tried again.
		adopted, err := t.adopt(ctx)
		return err == nil && !adopted, false
	}
	settled = answer != "NORESULT" && answer != "NOCOUNTERS"
	return settled, settled && answer != "GONE"
}

// settling says whether the task is at its end: its job may have ended, and a beat
// that comes after that finds no lease.
func (t *Task) settling() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.ended
}

// claimEnd says whether this call is the one that ends the task.
func (t *Task) claimEnd() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	first := !t.ended
	t.ended = true
	return first
}

// run runs a script for this attempt: with the id and the token before args.
func (t *Task) run(ctx context.Context, s lua, args ...any) (string, error) {
	c := t.worker.client
	return c.run(ctx, c.control, s, append([]any{t.Command.ID, t.token}, args...)...).Text()
}

// adopt makes the job again in a Redis that has lost its data, and says whether it
// is this attempt's.
func (t *Task) adopt(ctx context.Context) (bool, error) {
	payload, err := t.asked.encode()
	if err != nil {
		return false, err
	}
	left := int64(0)
	if !t.deadline.IsZero() {
		left = max(1, time.Until(t.deadline).Milliseconds())
	}
	alone := 0
	if t.alone {
		alone = 1
	}
	c := &t.asked
	answer, err := t.run(ctx, scriptAdopt, c.Tenant, c.Class, c.Priority, payload, left,
		t.worker.options.Lease.Milliseconds(), t.worker.options.Name, alone, t.data.snapshot, c.Snapshot, time.Since(t.began).Milliseconds())
	if err != nil {
		t.worker.trouble("cannot put a job back", err, "job", t.Command.ID)
	}
	return answer == "OK", err
}

// maxError is the most bytes of an error that Redis keeps.
const maxError = 1 << 10

// brief cuts an error to the bytes that are kept.
func brief(reason string) string { return cut(reason, maxError) }

// cut returns the first bytes of a text, at most n, up to the end of a character.
func cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return strings.ToValidUTF8(text[:n], "")
}
