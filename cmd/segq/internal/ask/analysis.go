package ask

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/analysis"
	"github.com/segq/segq/cmd/segq/internal/answer"
	"github.com/segq/segq/cmd/segq/internal/explanation"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/cmd/segq/internal/values"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx/record"
)

// analyse answers what is asked of queries beside their size, of one after another, or of all.
func (l *Local) analyse(ctx context.Context, asked []*Question, done func(*record.Record)) error {
	explainer := explanation.New(l.Dataset)
	if l.Options.Analysis.Joint() {
		asked = []*Question{joint(asked)}
	}
	for _, q := range asked {
		if q.Record.Error == nil {
			l.analyseOne(ctx, q, explainer)
		}
		done(q.Record)
	}
	return context.Cause(ctx)
}

// analyseOne answers one question.
func (l *Local) analyseOne(ctx context.Context, q *Question, explainer *explanation.Explainer) {
	began, spec := time.Now(), l.Options.Analysis
	bar := printer.StartProgress(l.Options.Progress, 1, l.Options.Console)
	defer bar.Stop()
	var audiences []analysis.Audience
	var typed []*check.Query
	for _, one := range q.members() {
		audiences = append(audiences, analysis.Audience{
			Name: one.called(), Query: strings.TrimSpace(one.Record.Query), Typed: one.Typed, Source: one.Source.Text,
			Compile: one.compile, Private: l.Personal.And(l.Options.Personal).Personal,
			Values: func(path []string) []string {
				return values.Told(ctx, l.Dataset, values.Field{Path: path}, l.Personal.And(l.Options.Personal))
			},
		})
		typed = append(typed, one.Typed)
	}
	o := exec.Operation{ID: q.Record.ID, Now: l.now, Sink: bar}
	err := l.Explain(analysis.Answer(ctx, runner{l}, o, spec, l.Snapshot, audiences, q.Record))
	q.Record.ElapsedMS = float64(time.Since(began).Microseconds()) / 1000
	l.Describe(q.Record, typed, spec.Paths(l.Snapshot)...)
	var wrong analysis.WrongField
	switch {
	case errors.As(err, &wrong):
		wrong.Refuse(q.Record)
	case err != nil:
		answer.Fail(q.Record, err)
		bar.NoteStop(q.Record, q.Record.ID)
	default:
		l.Empty(ctx, explainer, q, time.Since(began))
	}
}

// called is the name of a question, else its text.
func (q *Question) called() string { return cmp.Or(q.Name, strings.TrimSpace(q.Record.Query)) }

// joint returns the question that is about all of some: wrong where one of them is.
func joint(asked []*Question) *Question {
	r := *asked[0].Record
	r.ID, r.Index, r.Name, r.Query, r.Type, r.Error, r.Warnings = "overlap", 0, "", "", "", nil, nil
	for i, q := range asked {
		if r.Error == nil && q.Record.Error != nil {
			wrong := *q.Record.Error
			r.Status, r.Error = q.Record.Status, &wrong
			q.within(&r)
			analysis.Name(&r, i)
		}
	}
	return &Question{Record: &r, all: asked}
}

// members returns the questions that a question is about: itself, or those of a joint one.
func (q *Question) members() []*Question {
	if q.all != nil {
		return q.all
	}
	return []*Question{q}
}

// runner answers batches over data that is loaded when it is asked for.
type runner struct{ *Local }

// Run loads what the batch reads, or goes through parts of it where what is asked can be added up.
func (r runner) Run(ctx context.Context, b exec.Batch) ([]exec.Result, error) {
	reads, adds := &check.Reads{}, true
	for _, q := range b.Queries {
		reads.Add(q.Reads(r.Snapshot.ID))
		adds = adds && q.Matches == nil && q.IDs == nil && q.Sample == 0 && !q.Values
	}
	if adds {
		if results, parted, err := r.sums(ctx, b, reads); parted || err != nil {
			return results, err
		}
	}
	if err := r.Load(ctx, reads); err != nil {
		return nil, err
	}
	return r.Runner().Run(ctx, b)
}
