package redisx

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// StandIn says that the queue's data stands in for other data, which no living worker had any more: a worker that
// had waited with other data, maybe older, has taken over.
type StandIn struct {
	// Before names the data that answers came from until Since, Snapshot the one that they come from now.
	Before   string    `json:"before"`
	Snapshot string    `json:"snapshot"`
	Since    time.Time `json:"since"`
}

// String says so in words.
func (s StandIn) String() string {
	return fmt.Sprintf("answers come from %s since %s, and came from %s before, which no worker had any more: this may be older data",
		s.Snapshot, s.Since.UTC().Format("2006-01-02 15:04:05 MST"), s.Before)
}

// readStandIn reads what the script standIn gives; nil for nothing.
func readStandIn(text string) *StandIn {
	parts := strings.Split(text, ":")
	if len(parts) != 3 {
		return nil
	}
	at, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil {
		return nil
	}
	return &StandIn{Before: parts[1], Snapshot: parts[2], Since: time.UnixMilli(at)}
}

// standIn is what the handler has been told.
func (w *Worker) standIn() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.agreed.standIn
}

// tellStandIn tells the handler what its data stands in for, before it gets any job. other says that it answers nothing.
func (w *Worker) tellStandIn(text string, other bool) {
	if w.options.StandsIn == nil {
		return
	}
	s := readStandIn(text)
	if other {
		s = nil
	}
	w.options.StandsIn(s)
}

// Affirm says that the worker's data is what answers are to come from, where they come from it for want of a worker with
// other data, or came from it until they had to come from other data. Else it does nothing: it does not move
// a queue that others have moved.
func (w *Worker) Affirm(ctx context.Context) error {
	own := w.data.Load()
	s := readStandIn(w.standIn())
	if s == nil || own.snapshot != s.Snapshot && own.snapshot != s.Before {
		return nil
	}
	return w.Move(ctx, own.snapshot, own.serves, *w.schema.Load())
}
