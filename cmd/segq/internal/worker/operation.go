package worker

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/answer"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// operate answers a task of another operation than query, and ends it.
func (h *handler) operate(w *work) {
	c, ctx, start := w.task.Command, w.task.Context(), time.Now()
	var err error
	switch c.Op {
	case "breakdown":
		err = h.breakdown(ctx, w)
	case "funnel":
		err = h.funnel(ctx, w)
	case "lift":
		err = h.lift(ctx, w)
	case "overlap":
		err = h.overlap(ctx, w)
	case "rows":
		err = h.rows(ctx, w)
	case "export":
		err = h.export(ctx, w)
	case "schema":
		w.record.Schema = dataset.Fields(h.Snapshot.Schema)
	default:
		err = fmt.Errorf("this worker does not know the operation %q", c.Op)
	}
	err = h.Explain(err)
	if w.typed != nil {
		h.Describe(w.record, w.queries(), dataset.Paths(c.By)...) // of what is loaded by now
	}
	w.record.ElapsedMS = float64(time.Since(start).Microseconds()) / 1000
	var wrong wrongQuery
	var passes transient
	var refused refusal
	switch {
	case errors.As(err, &passes):
		w.task.Retry(err)
		return
	case errors.As(err, &wrong):
		answer.Refuse(w.record, wrong.diagnostics, wrong.text)
	case errors.As(err, &refused):
		w.record.Status, w.record.Exact, w.record.Error = record.Failed, false, &refused.says
	case err != nil:
		answer.Fail(w.record, err)
	default:
		w.record.Status, w.record.Exact = record.OK, true
	}
	w.end(err)
}

// wrongQuery is the error of a query that did not pass the checker.
type wrongQuery struct {
	text        string
	diagnostics ast.Diagnostics
}

// Error is the first of the diagnostics.
func (w wrongQuery) Error() string { return w.diagnostics[0].Message }

func (h *handler) breakdown(ctx context.Context, w *work) error {
	c := w.task.Command
	results, err := h.Engine.Run(ctx, exec.Batch{Now: w.record.Now, Class: classOf(c.Class), Tenant: c.Tenant, Sink: taskSink{w.task}, Queries: []exec.Query{
		{ID: c.ID, Typed: w.typed, By: strings.Split(c.By, ".")},
	}})
	if err != nil {
		return err
	}
	r := results[0]
	answer.Fill(w.record, r)
	b := &record.Breakdown{By: c.By, Without: r.Without, Values: []record.ValueCount{}}
	for _, g := range r.Groups {
		b.Values = append(b.Values, record.ValueCount{Value: g.Value, Count: g.Count})
	}
	w.record.Breakdown = b
	return r.Err
}

func (h *handler) funnel(ctx context.Context, w *work) error {
	clauses, err := exec.FunnelOf(ctx, h.Engine, w.operation(), w.typed)
	if err != nil {
		return err
	}
	text := w.task.Command.Query
	for _, c := range clauses {
		w.record.Funnel = append(w.record.Funnel, record.Clause{
			Clause: strings.Join(strings.Fields(text[c.At.Start:c.At.End]), " "),
			Alone:  c.Alone, Cumulative: c.Cumulative, Without: c.Without,
		})
	}
	count, total := clauses[len(clauses)-1].Cumulative, h.Snapshot.Rows()
	w.record.Count, w.record.Total = &count, &total
	return nil
}

func (h *handler) lift(ctx context.Context, w *work) error {
	lifts, count, err := exec.LiftOf(ctx, h.Engine, w.operation(), w.typed, strings.Split(w.task.Command.By, "."))
	for _, l := range lifts {
		w.record.Lift = append(w.record.Lift, record.Lift{
			Value: l.Value, Count: l.Count, All: l.All, Share: l.Share, Base: l.Base, Index: l.Index, P: l.P,
		})
	}
	if err == nil {
		total := h.Snapshot.Rows()
		w.record.Count, w.record.Total = &count, &total
	}
	return err
}

func (h *handler) overlap(ctx context.Context, w *work) error {
	c := &w.task.Command
	compiler := h.compilerOf(c)
	audiences := make([]*check.Query, len(c.Queries))
	for i, text := range c.Queries {
		q, ds := compiler.compile(text)
		if ds.Failed() {
			return wrongQuery{text, ds}
		}
		audiences[i] = q
	}
	h.Describe(w.record, audiences)
	o, err := exec.OverlapOf(ctx, h.Engine, w.operation(), audiences)
	if err != nil {
		return err
	}
	out := &record.Overlap{Both: o.Both, Only: o.Only, All: o.All, Any: o.Any}
	for i := range audiences {
		row := make([]float64, len(audiences))
		for j := range audiences {
			row[j] = o.Jaccard(i, j)
		}
		out.Jaccard = append(out.Jaccard, row)
	}
	total := h.Snapshot.Rows()
	w.record.Overlap, w.record.Total = out, &total
	return nil
}

// operation is what the engine is to know of a task that takes several queries.
func (w *work) operation() exec.Operation {
	c := w.task.Command
	return exec.Operation{ID: c.ID, Now: w.record.Now, Class: classOf(c.Class), Tenant: c.Tenant, Sink: taskSink{w.task}}
}

// taskSink passes the progress of the one query, or operation, of a task on to it.
type taskSink struct{ task *redisx.Task }

// Start tells the task the rows of its partitions.
func (s taskSink) Start(_ string, partitions []int) { s.task.Start(partitions) }

// Load tells the task how far its data is.
func (s taskSink) Load(_ string, l exec.Loading) { s.task.Load(redisx.Load(l)) }

// Progress tells the task how far one of its partitions is.
func (s taskSink) Progress(_ string, partition int, p exec.Progress) {
	s.task.Progress(partition, p.Rows, p.Matched, p.Done)
}

// classOf returns the engine's class of a command's.
func classOf(name string) exec.Class {
	switch name {
	case "interactive":
		return exec.Interactive
	case "batch":
		return exec.Bulk
	}
	return exec.Normal
}
