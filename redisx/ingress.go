package redisx

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

func isNil(err error) bool { return errors.Is(err, redis.Nil) }

// admitLoop makes jobs of the commands that clients push to the ingress list. A
// command that is on its way is in the worker's staging list, and stays there
// until it is a job or was set aside: what this worker does not get done, it does
// at the next turn, or the reaper gives it to others.
func (w *Worker) admitLoop(ctx context.Context) {
	staging := w.client.keys.staging(w.options.Name)
	unsettled := true // a worker of this name may have left commands
	for ctx.Err() == nil {
		if unsettled {
			if err := w.admitStaged(ctx, staging); err != nil {
				w.trouble("cannot queue commands yet", err)
				pause(ctx, 500*time.Millisecond)
				continue
			}
		}
		raw, err := w.client.blocking.BLMove(ctx, w.client.keys.ingress(), staging, "RIGHT", "LEFT", time.Second).Result()
		if err == nil {
			err = w.admit(ctx, staging, raw)
		}
		unsettled = err != nil && !isNil(err)
		if unsettled && ctx.Err() == nil {
			w.trouble("cannot take commands in", err)
			pause(ctx, 200*time.Millisecond)
		}
	}
}

// admitStaged settles what is in the staging list, oldest first.
func (w *Worker) admitStaged(ctx context.Context, staging string) error {
	for {
		raw, err := w.client.control.LIndex(ctx, staging, -1).Result()
		if isNil(err) {
			return nil
		}
		if err == nil {
			err = w.admit(ctx, staging, raw)
		}
		if err != nil {
			return err
		}
	}
}

// overtaken is how long a cancellation waits for the command that it has overtaken:
// two workers may have taken them in.
const overtaken = time.Minute

// admit makes a job of one raw command, or sets it aside with the reason. No cap
// holds it up: the command is in Redis already and takes little more room as a
// job, where it can be seen and cancelled and waits in nobody's way but its
// tenant's.
func (w *Worker) admit(ctx context.Context, staging, raw string) error {
	c, err := w.decode(raw)
	if len(raw) > MaxCommand {
		err = c.tooLong(len(raw))
	}
	if err != nil {
		return w.reject(ctx, staging, raw, err)
	}
	if c.Op == "cancel" {
		if _, err := w.client.cancel(ctx, c.Target, overtaken); err != nil {
			return err
		}
		return w.client.control.LRem(ctx, staging, 1, raw).Err()
	}
	payload, err := c.encode()
	if err == nil {
		err = w.client.enqueue(ctx, &c, payload, 0, 0, staging, raw)
	}
	var reply redis.Error
	if errors.As(err, &reply) && strings.HasPrefix(reply.Error(), "ERR ") {
		// Redis can do nothing with it, now or later.
		return w.reject(ctx, staging, raw, err)
	}
	return err
}

// decode is decodeCommand under a guard: what is pushed is anybody's, and the goroutines
// that read it are the worker's life.
func (w *Worker) decode(raw string) (c Command, err error) {
	defer func() {
		if p := recover(); p != nil {
			w.logPanic(p)
			err = fmt.Errorf("the worker failed: %v", p)
		}
	}()
	return w.read(raw)
}

// What is kept of rejected commands: so many bytes of each, until a day after the last.
const (
	maxRejected = 4 << 10
	rejectedFor = 24 * time.Hour
)

// reject sets a raw command aside for people to look at. Sent twice, it may be
// there twice.
func (w *Worker) reject(ctx context.Context, staging, raw string, reason error) error {
	w.options.Log.Warn("rejected a command: the list in:bad has it with the reason", "bytes", len(raw))
	w.options.Log.Debug("why a command was rejected", "reason", reason)
	note, err := json.Marshal(map[string]string{"command": cut(withoutDocument(raw), maxRejected), "reason": reason.Error()})
	if err != nil {
		return err
	}
	p := w.client.control.Pipeline()
	p.LPush(ctx, w.client.keys.rejected(), note)
	p.LTrim(ctx, w.client.keys.rejected(), 0, 999)
	p.Expire(ctx, w.client.keys.rejected(), rejectedFor)
	p.LRem(ctx, staging, 1, raw)
	_, err = p.Exec(ctx)
	return err
}

// withoutDocument returns a command without the profile that it brings: of somebody nothing is kept longer than it is
// needed. What is no JSON is as it was.
func withoutDocument(raw string) string {
	var fields map[string]json.RawMessage
	if json.Unmarshal([]byte(raw), &fields) != nil {
		return raw
	}
	found := false
	for name := range fields {
		if strings.EqualFold(name, "document") {
			fields[name], found = json.RawMessage(`"left out"`), true
		}
	}
	if !found {
		return raw
	}
	text, err := json.Marshal(fields)
	if err != nil {
		return raw
	}
	return string(text)
}
