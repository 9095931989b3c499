package worker

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/analysis"
	"github.com/segq/segq/cmd/segq/internal/answer"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/explanation"
	"github.com/segq/segq/cmd/segq/internal/personal"
	"github.com/segq/segq/cmd/segq/internal/values"
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
	case analysis.Breakdown, analysis.Funnel, analysis.Near, analysis.Lift, analysis.Overlap:
		err = h.analyse(ctx, w)
	case "rows":
		err = h.rows(ctx, w)
	case "export":
		err = h.export(ctx, w)
	case "memberships":
		err = h.memberships(ctx, w)
	case qualifyOp:
		err = h.qualify(ctx, w)
	case "why":
		err = h.why(ctx, w)
	case diffOp:
		err = h.diff(ctx, w)
	case saveOp:
		err = h.save(ctx, w)
	case "schema":
		w.record.Schema = dataset.Fields(h.Snapshot.Schema)
	default:
		err = fmt.Errorf("this worker does not know the operation %q", c.Op)
	}
	err = h.explain(err)
	if w.typed != nil {
		h.Describe(w.record, w.queries(), analysis.Of(c).Paths(h.Snapshot)...) // of what is loaded by now
	}
	w.record.ElapsedMS = float64(time.Since(start).Microseconds()) / 1000
	if w.conclude(err) {
		h.empty(ctx, w, time.Since(start))
		w.end(nil)
	}
}

// conclude ends a task of which something went wrong, with what is to be said of that, and says whether it is still open: whether
// nothing did.
func (w *work) conclude(err error) (open bool) {
	var wrong wrongQuery
	var field analysis.WrongField
	var passes transient
	var refused refusal
	switch {
	case errors.As(err, &passes):
		w.task.Retry(err)
		return false
	case errors.As(err, &wrong):
		answer.Refuse(w.record, wrong.diagnostics, wrong.text)
		analysis.Name(w.record, wrong.audience)
		if wrong.name != "" { // of many, a number is hard to find
			w.record.Error.Message = wrong.name + ", " + w.record.Error.Message
		}
	case errors.As(err, &field):
		field.Refuse(w.record)
	case errors.As(err, &refused):
		w.record.Status, w.record.Exact, w.record.Error = record.Failed, false, &refused.says
	case err != nil:
		answer.Fail(w.record, err)
	default:
		w.record.Status, w.record.Exact = record.OK, true
		return true
	}
	w.end(err)
	return false
}

// wrongQuery is the error of one of several audiences that did not pass the checker.
type wrongQuery struct {
	audience    int
	name        string // "" where it has none, or the number is enough
	text        string
	diagnostics ast.Diagnostics
}

// Error is the first of the diagnostics.
func (w wrongQuery) Error() string { return w.diagnostics[0].Message }

// analyse answers what is asked of audiences beside their size.
func (h *handler) analyse(ctx context.Context, w *work) error {
	c := &w.task.Command
	audiences, err := h.audiences(w)
	if err != nil {
		return err
	}
	private := h.Personal.And(personal.Read(c.Personal))
	for i := range audiences {
		audiences[i].Values = func(path []string) []string { return values.Told(ctx, h.Dataset, values.Field{Path: path}, private) }
	}
	w.audiences = audiences
	return analysis.Answer(ctx, h.Runner(), w.operation(), analysis.Of(*c), h.Snapshot, audiences, w.record)
}

// empty notes why the audiences of a task are empty, if they are.
func (h *handler) empty(ctx context.Context, w *work, elapsed time.Duration) {
	all := w.audiences
	if all == nil && w.typed != nil {
		all = []analysis.Audience{{Typed: w.typed, Source: w.task.Command.Query}}
	}
	s := scan{w.record.Now, w.task.Command.Class, w.task.Command.Tenant}
	var audiences []explanation.Audience
	for _, one := range all {
		a := s.explained(asked{work: w}, exec.Result{Elapsed: elapsed})
		a.Typed, a.Text = one.Typed, one.Source
		audiences = append(audiences, explanation.Audience{Name: one.Name, Answer: a})
	}
	explanation.New(h.Dataset).Empty(ctx, w.record, audiences...)
}

// audiences returns the audiences of a task: that of its query, or those of its queries.
func (h *handler) audiences(w *work) ([]analysis.Audience, error) {
	c := &w.task.Command
	if len(c.Queries) == 0 {
		one := analysis.Audience{Name: c.Name, Query: strings.TrimSpace(c.Query), Typed: w.typed, Source: c.Query}
		one.Compile, one.Private = h.compilerOf(c).compile, h.Personal.And(personal.Read(c.Personal)).Personal
		return []analysis.Audience{one}, nil
	}
	compiler := h.compilerOf(c, w.suggested...)
	var typed []*check.Query
	var audiences []analysis.Audience
	for i, text := range c.Queries {
		q, ds := compiler.compile(text)
		if ds.Failed() {
			return nil, wrongQuery{i, "", text, ds}
		}
		one := analysis.Audience{Name: strings.TrimSpace(text), Query: strings.TrimSpace(text), Typed: q, Source: text}
		if len(c.Names) > 0 && c.Names[i] != "" {
			one.Name = c.Names[i]
		}
		typed, audiences = append(typed, q), append(audiences, one)
	}
	h.Describe(w.record, typed)
	return audiences, nil
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
