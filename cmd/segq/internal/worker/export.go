package worker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/segq/segq/cmd/segq/internal/answer"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

// transient is an error that may pass: the task is tried again.
type transient struct{ error }

// Unwrap returns the error itself.
func (t transient) Unwrap() error { return t.error }

// export publishes the profiles of a query, or writes them to a file. It counts them
// first: a Bloom filter has its size by their number.
func (h *handler) export(ctx context.Context, w *work) error {
	sink := &twice{task: w.task}
	if err := h.find(ctx, w, sink, exec.Query{}); err != nil {
		return err
	}
	if w.task.Command.To == redisx.ToFile {
		return h.exportFile(ctx, w, sink)
	}
	c := w.task.Command
	if err := h.unpublished(ctx, &c); err != nil {
		return err
	}
	p, err := w.task.Publish(ctx, redisx.SegmentOptions{
		Kind: c.To, Name: c.Name, Count: *w.record.Count, Rows: h.Snapshot.Rows(), Snapshot: h.Snapshot.Fingerprint,
		Rate: c.Rate, TTL: time.Duration(c.TTLMS) * time.Millisecond,
	})
	if err != nil {
		return err
	}
	given := 0
	q := exec.Query{IDs: func(ids []string) error {
		given += len(ids)
		return passing(p.Add(ctx, ids))
	}}
	if c.To == "bitmap" {
		q = exec.Query{Matches: func(start int, words []uint64) error { return passing(p.AddRows(ctx, start, words)) }}
	}
	if err := h.find(ctx, w, sink, q); err != nil {
		return errors.Join(err, discard(ctx, p))
	}
	if c.To != "bitmap" { // which is of rows
		w.noteLeftOut(given)
	}
	s, err := p.Commit(ctx)
	if err != nil {
		return errors.Join(passing(err), discard(ctx, p))
	}
	w.record.Export = &record.Export{To: c.To, Name: c.Name, Version: s.Version, Bits: s.Bits, Hashes: s.Hashes, Holds: h.published(w, c.To)}
	return nil
}

// noteLeftOut says how many of the profiles that were counted have no id, where so many ids were given.
func (w *work) noteLeftOut(given int) {
	if n := *w.record.Count - given; n > 0 {
		w.record.Warnings = append(w.record.Warnings, show.Plural(n, "profile has no id, and is left out", "profiles have no id, and are left out"))
	}
}

// unpublished says so where a command that is to replace nothing would.
func (h *handler) unpublished(ctx context.Context, c *redisx.Command) error {
	if !c.Fresh {
		return nil
	}
	there, err := h.client.Segment(ctx, c.Tenant, c.Name)
	switch {
	case errors.Is(err, redisx.ErrNoSegment):
		return nil
	case err != nil:
		return passing(err)
	case there.Job == c.ID: // an attempt before this one was lost behind it
		return nil
	}
	return taken(fmt.Sprintf("%s is published already, as a %s of %d profiles: --replace puts this in its place", c.Name, there.Kind, there.Count))
}

// taken refuses to replace what is there.
func taken(says string) error { return refusal{record.Error{Code: record.Taken, Message: says}} }

// passing makes an error of Redis one that may pass; a lost lease stays lost.
func passing(err error) error {
	if err == nil || errors.Is(err, redisx.ErrLeaseLost) {
		return err
	}
	return transient{err}
}

// discard takes away what was not published, even when the task has been stopped. What
// cannot be taken away goes by itself.
func discard(ctx context.Context, p *redisx.Publication) error {
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	return p.Discard(limited)
}

// find runs the query of a task, with q's ways to hand over what matches, and fills in
// the record.
func (h *handler) find(ctx context.Context, w *work, sink exec.Sink, q exec.Query) error {
	c := w.task.Command
	q.ID, q.Typed = c.ID, w.typed
	results, err := h.Runner().Run(ctx, exec.Batch{
		Now: w.record.Now, Class: classOf(c.Class), Tenant: c.Tenant, Sink: sink, Queries: []exec.Query{q},
	})
	if err != nil {
		return err
	}
	answer.Fill(w.record, results[0])
	return results[0].Err
}
