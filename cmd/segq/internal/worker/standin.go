package worker

import (
	"context"

	"github.com/segq/segq/redisx"
)

// standsIn has all answers say what the data stands in for on the queue.
func (w *Worker) standsIn(what *redisx.StandIn) {
	text := ""
	if what != nil {
		text = what.String()
	}
	s, release := w.now.Hold()
	defer release()
	if s.StandIn(text) {
		_ = w.tell(s, func() error { w.queue.Serve(serves(s.Dataset, w.client)); return nil })
	}
}

// Affirm tells the queue that the data is what answers are to come from, where they have to come from that, or from other data, for want
// of a worker.
func (w *Worker) Affirm(ctx context.Context) error { return w.queue.Affirm(ctx) }
