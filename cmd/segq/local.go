package main

import (
	"context"
	"strconv"
	"time"

	"github.com/segq/segq/cmd/segq/internal/answer"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx/record"
)

// localAnswerer answers with the engine in this process.
type localAnswerer struct {
	*dataset.Dataset
	options askOptions
	now     time.Time
}

func openLocalAnswerer(ctx context.Context, p place, o askOptions) (answerer, error) {
	d, err := dataset.Open(ctx, p.Paths, p.Data, p.Threads, o.Notes)
	if err != nil {
		return nil, err
	}
	return &localAnswerer{Dataset: d, options: o}, nil
}

// prepare checks every query against the data's schema.
func (l *localAnswerer) prepare(queries []rules.Written, now time.Time) []*question {
	l.now = now
	return prepareOver(l.Dataset, queries, l.options.Params, now)
}

// prepareOver gives the questions for queries, checked against the schema of a dataset.
func prepareOver(d *dataset.Dataset, queries []rules.Written, params map[string]any, now time.Time) []*question {
	asked := newQuestions(queries, now)
	for _, q := range asked {
		own := d.NewRecord()
		q.record.Snapshot, q.record.RowsSkipped, q.record.Engine = own.Snapshot, own.RowsSkipped, own.Engine
	}
	checkRules(asked, d.Catalog, check.Options{Params: params})
	for _, q := range asked {
		if q.record.Error == nil {
			d.Describe(q.record, []*check.Query{q.typed})
		}
	}
	return asked
}

// answer runs all good queries as one batch.
func (l *localAnswerer) answer(ctx context.Context, asked []*question, done func(*record.Record)) error {
	bar := printer.StartProgress(l.options.Progress, l.options.Console)
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
			ID: id, Typed: q.typed, Sample: l.options.Sample, Seed: l.options.Seed, Values: l.options.Values,
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
