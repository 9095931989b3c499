package main

import (
	"cmp"
	"context"
	"strconv"
	"time"

	"github.com/segq/segq/cmd/segq/internal/answer"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx/record"
)

// localAnswerer answers with the engine in this process.
type localAnswerer struct {
	*dataset.Dataset
	options *options
	io      console.Streams
	now     time.Time
}

func openLocalAnswerer(ctx context.Context, o *options, data []string, io console.Streams) (answerer, error) {
	d, err := dataset.Open(ctx, data, o.data, o.threads, o.notes(io))
	if err != nil {
		return nil, err
	}
	return &localAnswerer{Dataset: d, options: o, io: io}, nil
}

// prepare checks every query against the data's schema.
func (l *localAnswerer) prepare(queries []rules.Written, now time.Time) []*question {
	l.now = now
	asked := make([]*question, len(queries))
	for i, w := range queries {
		asked[i] = newQuestion(i, w, now)
		own := l.NewRecord()
		asked[i].record.Snapshot, asked[i].record.RowsSkipped = own.Snapshot, own.RowsSkipped
		asked[i].record.Engine = own.Engine
	}
	checkRules(asked, l.Catalog, check.Options{Params: l.options.paramValues()})
	for _, q := range asked {
		if q.record.Error == nil {
			l.Describe(q.record, []*check.Query{q.run.(*check.Query)})
		}
	}
	return asked
}

// newQuestion gives the question for query i, with its syntax errors found.
func newQuestion(i int, w rules.Written, now time.Time) *question {
	r := &record.Record{ID: cmp.Or(w.ID, w.Name, strconv.Itoa(i+1)), Index: i, Name: w.Name, Query: w.Text(), Now: now}
	q := &question{Written: w, record: r}
	q.checked(nil, w.Errors)
	return q
}

// checked takes what the checker gives and says: nothing where the query is wrong.
func (q *question) checked(typed *check.Query, ds ast.Diagnostics) {
	q.run, q.Errors = typed, ds
	answer.Note(q.record, typed, ds, q.Source.Text)
}

// place makes an error that a worker has found name its place in the source of the
// query, of which the worker has seen the query alone.
func (q *question) place(e *record.Error) {
	if e == nil || e.Line == 0 {
		return
	}
	line, column := lang.Position(q.Source.Text, q.Statement.X.Span().Start)
	if e.Line == 1 {
		e.Column += column - 1
	}
	e.Line += line - 1
}

// answer runs all good queries as one batch.
func (l *localAnswerer) answer(ctx context.Context, asked []*question, done func(*record.Record)) error {
	bar := printer.StartProgress(l.options.progress, l.io)
	defer bar.Stop()
	batch := exec.Batch{Now: l.now, Sink: bar}
	byID := map[string]*record.Record{}
	for _, q := range asked {
		if q.record.Error != nil {
			done(q.record)
			continue
		}
		id := strconv.Itoa(q.record.Index)
		byID[id] = q.record
		batch.Queries = append(batch.Queries, exec.Query{
			ID: id, Typed: q.run.(*check.Query), Sample: l.options.sample, Seed: l.options.seed, Values: l.options.values,
		})
	}
	batch.Done = func(result exec.Result) {
		r := byID[result.ID]
		answer.Fill(r, result)
		done(r)
	}
	if len(batch.Queries) == 0 {
		return nil
	}
	_, err := l.Engine.Run(ctx, batch)
	return err
}

// memoryOf gives the figures of a run with data here, nil for any other.
func memoryOf(a answerer) *dataset.Figures {
	l, ok := a.(*localAnswerer)
	if !ok {
		return nil
	}
	return l.Figures()
}
