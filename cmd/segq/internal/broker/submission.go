package broker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/segq/segq/redisx"
)

// until says how long a wait is.
func until(ctx context.Context) string {
	if deadline, ok := ctx.Deadline(); ok {
		return fmt.Sprintf("for %v at most; Ctrl-C ends it", max(time.Until(deadline), time.Second).Round(time.Second))
	}
	return "however long that takes; Ctrl-C ends it"
}

// Submit submits commands and gives the ids of those that are queued. Where the queue
// is full it says so, once, and waits for room.
func Submit(ctx context.Context, c *redisx.Client, commands []redisx.Command, notes io.Writer) (ids []string, err error) {
	for told := false; ; told = true {
		more, err := c.SubmitAll(ctx, commands[len(ids):])
		ids = append(ids, more...)
		if !errors.Is(err, redisx.ErrBusy) {
			return ids, err
		}
		if !told {
			why := err.Error()
			if errors.Is(err, redisx.ErrMemory) {
				why = redisx.ErrMemory.Error() + ", trying again"
			}
			fmt.Fprintf(notes, "segq: %s: %d of %d are queued; waiting for room, %s\n", why, len(ids), len(commands), until(ctx))
		}
		select {
		case <-ctx.Done():
			if cause := context.Cause(ctx); !errors.Is(cause, context.DeadlineExceeded) {
				return ids, cause
			}
			return ids, fmt.Errorf("%w: %w", context.DeadlineExceeded, err)
		case <-time.After(4 * pollEvery):
		}
	}
}
