package broker

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/segq/segq/redisx"
)

const (
	// patience is how long who waits for an answer is told nothing.
	patience = time.Second
	// lookAgain is how often it is found out whether the workers are still there.
	lookAgain = 5 * time.Second
)

// NoteNoWorker says, once and after some time, that there is no worker, if that is so, or becomes so. Its result
// ends that.
func NoteNoWorker(ctx context.Context, client *redisx.Client, notes io.Writer) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		some := false
		for wait := patience; ; wait = lookAgain {
			select {
			case <-ctx.Done():
				return
			case <-time.After(wait):
			}
			s, err := client.Stats(ctx)
			switch {
			case err != nil: // who asks for the answer is told of it
			case s.Workers > 0:
				some = true
			case some:
				fmt.Fprintln(notes, "segq: no worker answers any more: its log says why, and segq doctor what Redis refuses; the wait goes on until one does, or Ctrl-C")
				return
			default:
				fmt.Fprintln(notes, "segq: no worker answers yet: start one with segq --serve --redis URL DATA in this namespace, or end the wait with Ctrl-C")
				return
			}
		}
	}()
	return func() { cancel(); <-done }
}
