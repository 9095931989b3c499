package broker

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/segq/segq/redisx"
)

// patience is how long who waits for an answer is told nothing.
const patience = time.Second

// NoteNoWorker says, once and after some time, that there is no worker, if that is so. Its result ends
// that.
func NoteNoWorker(ctx context.Context, client *redisx.Client, notes io.Writer) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		select {
		case <-ctx.Done():
			return
		case <-time.After(patience):
		}
		if s, err := client.Stats(ctx); err == nil && s.Workers == 0 {
			fmt.Fprintln(notes, "segq: no worker answers yet: start one with segq --serve --redis URL DATA in this namespace, or end the wait with Ctrl-C")
		}
	}()
	return func() { cancel(); <-done }
}
