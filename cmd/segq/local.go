package main

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// localAnswerer answers with the engine in this process.
type localAnswerer struct {
	*dataset
	options *options
	io      stdio
	now     time.Time
}

func openLocalAnswerer(ctx context.Context, o *options, data []string, io stdio) (answerer, error) {
	d, err := openDataset(ctx, data, o.data, o.threads, o.notes(io))
	if err != nil {
		return nil, err
	}
	return &localAnswerer{dataset: d, options: o, io: io}, nil
}

// prepare checks every query against the data's schema.
func (l *localAnswerer) prepare(queries []written, now time.Time) []*question {
	l.now = now
	asked := make([]*question, len(queries))
	for i, w := range queries {
		asked[i] = newQuestion(i, w, now)
		own := l.newRecord()
		asked[i].record.Snapshot, asked[i].record.RowsSkipped = own.Snapshot, own.RowsSkipped
		asked[i].record.Engine = own.Engine
	}
	checkRules(asked, l.catalog, check.Options{Params: l.options.paramValues()})
	for _, q := range asked {
		if q.record.Error == nil {
			l.describe(q.record, []*check.Query{q.run.(*check.Query)})
		}
	}
	return asked
}

// newQuestion gives the question for query i, with its syntax errors found.
func newQuestion(i int, w written, now time.Time) *question {
	r := &record.Record{ID: cmp.Or(w.id, w.name, strconv.Itoa(i+1)), Index: i, Name: w.name, Query: w.text(), Now: now}
	q := &question{written: w, record: r}
	q.checked(nil, w.errors)
	return q
}

// checked takes what the checker gives and says: nothing where the query is wrong.
func (q *question) checked(typed *check.Query, ds ast.Diagnostics) {
	q.run, q.errors = typed, ds
	note(q.record, typed, ds, q.source.text)
}

// place makes what a worker has found wrong or doubtful name its place in the source of the
// query, of which the worker has seen the query alone.
func (q *question) place(r *record.Record) {
	line, column := lang.Position(q.source.text, q.statement.X.Span().Start)
	move := func(l, c *int) {
		if *l == 1 {
			*c += column - 1
		}
		*l += line - 1
	}
	if e := r.Error; e != nil && e.Line > 0 {
		move(&e.Line, &e.Column)
	}
	for i, text := range r.Warnings {
		var l, c int
		if _, err := fmt.Sscanf(text, warningPlace, &l, &c); err == nil {
			_, rest, _ := strings.Cut(text, ": ")
			move(&l, &c)
			r.Warnings[i] = fmt.Sprintf(warningPlace, l, c) + rest
		}
	}
}

// answer runs all good queries as one batch.
func (l *localAnswerer) answer(ctx context.Context, asked []*question, done func(*record.Record)) error {
	bar := startProgress(l.options, l.io)
	defer bar.stop()
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
			ID: id, Typed: q.run.(*check.Query), Sample: l.options.sample, Seed: cmp.Or(l.options.seed, redisx.DefaultSeed), Values: l.options.values,
		})
	}
	batch.Done = func(result exec.Result) {
		r := byID[result.ID]
		answer(r, result)
		done(r)
	}
	if len(batch.Queries) == 0 {
		return nil
	}
	_, err := l.engine.Run(ctx, batch)
	return err
}
