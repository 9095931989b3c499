package worker

import (
	"context"
	"errors"
	"fmt"

	"github.com/segq/segq/cmd/segq/internal/answer"
	"github.com/segq/segq/cmd/segq/internal/rows"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// checkColumns checks the columns that a task asks for, and says whether they can be had. The task
// of a list that is wrong is rejected with a record that says where.
func (h *handler) checkColumns(w *work) bool {
	c := &w.task.Command
	var ids *check.Field
	if w.ids = c.IDs || c.Select == "" && typedExport(c); w.ids {
		name, t := resident.IDColumn(h.Snapshot)
		ids = &check.Field{Name: name, Type: t}
	}
	columns, ds := h.compilerOf(c, w.suggested...).segments().Columns(ids, c.Select, h.Catalog)
	w.columns = columns
	if answer.NoteSelect(w.record, ds, c.Select) {
		return true
	}
	w.finish()
	return false
}

// queries are what the task asks, with the expressions of its columns.
func (w *work) queries() []*check.Query {
	return append([]*check.Query{w.typed}, w.columns.Select...)
}

// usesNow says whether the answer depends on what now means.
func (w *work) usesNow() bool {
	for _, q := range w.queries() {
		if check.UsesNow(q.Root) {
			return true
		}
	}
	return false
}

// refusal is the error of what is not done, with what to do instead.
type refusal struct{ says record.Error }

// Error says what is not done.
func (r refusal) Error() string { return r.says.Message }

// rows answers a task with the profiles that match. It counts them first, so that more than a record
// holds are refused before their values are there; a sample is counted while it is chosen.
func (h *handler) rows(ctx context.Context, w *work) error {
	c, sink := &w.task.Command, &twice{task: w.task}
	if c.Sample == 0 {
		if err := h.find(ctx, w, sink, exec.Query{}); err != nil {
			return err
		}
		wanted := *w.record.Count
		if c.Limit > 0 {
			wanted = min(wanted, c.Limit)
		}
		if wanted > redisx.MaxRows {
			return h.tooMany(w, fmt.Sprintf("%d profiles match, and an answer through a queue holds at most %d rows", *w.record.Count, redisx.MaxRows))
		}
	}
	out := &record.Rows{}
	to := rows.Record(out, redisx.MaxRowBytes, rows.Options{Fields: w.columns.Fields})
	_, err := h.give(ctx, w, sink, to)
	var full *rows.FullError
	if errors.As(err, &full) {
		return h.tooMany(w, fmt.Sprintf("the first %d profiles fill the %d MB that an answer through a queue holds", full.Rows, redisx.MaxRowBytes>>20))
	}
	if err != nil {
		return err
	}
	if out.Limited = len(out.Rows) < *w.record.Count; out.Limited {
		w.record.Truncated = append(w.record.Truncated, "rows")
	}
	out.Holds = h.holds(w, w.ids)
	w.record.Rows = out
	return nil
}

// tooMany refuses rows for which there is no room, and names the export that has.
func (h *handler) tooMany(w *work, why string) error {
	w.record.Count, w.record.Total = nil, nil
	return refusal{record.Error{
		Code: record.TooManyRows, Message: why,
		Hint: "ask for some with limit or sample, or for a file with all of them: " + exportOf(&w.task.Command, h.client.Namespace()),
	}}
}

// give gives the rows of a task whose profiles were counted, or a sample of them, which counts them.
func (h *handler) give(ctx context.Context, w *work, counted *twice, to rows.Writer) (given int, err error) {
	c := &w.task.Command
	again := &second{first: counted}
	q := resident.Rows{
		Operation: exec.Operation{ID: c.ID, Now: w.record.Now, Class: classOf(c.Class), Tenant: c.Tenant, Sink: again},
		Where:     w.typed, IDs: w.ids, Select: w.columns.Select, Limit: c.Limit,
		Begin: func() resident.Stretch { return to.Begin() },
	}
	sampled := c.Op == "rows" && c.Sample > 0
	if sampled {
		q.Sample, q.Seed, q.Sink = c.Sample, c.Seed, taskSink{w.task}
	} else if *w.record.Count == 0 {
		return 0, to.Close()
	}
	result, err := h.GiveRows(ctx, q)
	if err != nil {
		return 0, err
	}
	if sampled {
		total := h.Snapshot.Rows()
		w.record.Count, w.record.Total = &result.Matched, &total
	} else {
		again.complete()
	}
	answer.NoteOverflow(w.record, result.Overflowed)
	if w.ids {
		answer.NoteNameless(w.record, result.Nameless, h.Snapshot.ID != nil)
	}
	return result.Rows, to.Close()
}
