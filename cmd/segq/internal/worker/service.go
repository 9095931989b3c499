package worker

import (
	"context"
	"sync"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/loadreport"
	"github.com/segq/segq/lang/ast"
)

// service is what answers over one dataset, and what is done about that beside the queue.
type service struct {
	*handler
	beside  *beside // answers requests
	reports later[*loadreport.Report]
	plans   later[string]

	ctx     context.Context // of what is done beside the queue
	stop    context.CancelFunc
	working sync.WaitGroup
}

// newService returns the service of a dataset, which it keeps until it ends.
func (w *Worker) newService(d *dataset.Dataset) *service {
	s := &service{handler: &handler{Dataset: d.Keep(), client: w.client, sets: &w.sets, exports: w.exports, log: w.options.Log, deliver: w.options.Deliver, store: w.options.Store}}
	if s.deliver == nil {
		s.deliver = func(string) (Delivery, bool) { return Delivery{}, false }
	}
	s.lost = func(err error) { s.overwritten(w, err) }
	s.ctx, s.stop = context.WithCancel(w.ctx)
	s.beside = newBeside(s.ctx, d)
	s.beside.qualify, s.beside.load, s.beside.plan = s.answerQualify, s.answerLoad, s.answerPlan
	return s
}

// begin begins what is done beside the queue.
func (s *service) begin(w *Worker) {
	s.working.Go(func() { s.prepare(s.ctx, w) })
}

// overwritten tells that the data was lost while it was asked.
func (s *service) overwritten(w *Worker, err error) {
	_ = w.tell(s, func() error { w.queue.Serve(serves(s.Dataset, s.client)); return nil })
	if s.log != nil {
		s.log.Error("the data was overwritten: queries of what is not in memory fail until it is loaded again, which SIGHUP does", "error", err,
			"snapshot", s.Snapshot.Fingerprint)
	}
}

// end ends the service of which nobody uses anything any more.
func (s *service) end() {
	s.stop()
	s.beside.close()
	s.working.Wait()
	s.Close()
}

// prepare does while nobody waits what is wanted sooner or later: it finds out what the
// answers depend on, so that they are kept, and loads the columns that nobody has asked
// for. To those without data it tells how many profiles have a value of each field, as far as it knows.
func (s *service) prepare(ctx context.Context, w *Worker) {
	defer ast.Guard(func(f *ast.Fault) { s.tell(ctx, "what is done beside the queue has met a fault: "+f.Report(), f) })
	if s.Identity() == "" && !s.client.Embedded() {
		if err := s.Digest(ctx); err != nil {
			s.unread(ctx, w, "the data cannot be read to its end: answers are not kept", err)
			return
		}
		_ = w.tell(s, func() error { w.queue.Serve(serves(s.Dataset, s.client)); return nil })
	}
	if err := s.LoadRest(ctx); err != nil {
		s.unread(ctx, w, "columns cannot be loaded", err)
	}
	if w.options.Publish {
		if err := s.announce(ctx, w); err != nil {
			s.tell(ctx, "cannot tell what is known of the fields", err)
		}
	}
}

// unread tells that something was not read for which nobody waits.
func (s *service) unread(ctx context.Context, w *Worker, what string, err error) {
	if dataset.Overwritten(err) && s.Lose(err) {
		s.overwritten(w, err)
		return
	}
	s.tell(ctx, what, err)
}

// announce tells what is known of the fields.
func (s *service) announce(ctx context.Context, w *Worker) error {
	schema, err := s.Publish(s.Filled(ctx))
	if err != nil || ctx.Err() != nil {
		return err
	}
	return w.tell(s, func() error { return w.queue.Announce(ctx, schema) })
}

// tell tells an operator of what went wrong beside the queue.
func (h *handler) tell(ctx context.Context, what string, err error) {
	if h.log != nil && ctx.Err() == nil {
		h.log.Warn(what, "error", err)
	}
}
