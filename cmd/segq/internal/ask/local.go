package ask

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/segq/segq/cmd/segq/internal/answer"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/explanation"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// Local answers with the engine in this process.
type Local struct {
	*dataset.Dataset
	Options Options
	now     time.Time
}

func openLocalAnswerer(ctx context.Context, p Place, o Options) (Answerer, error) {
	d, err := dataset.Open(ctx, p.Paths, p.Data, p.Threads, o.Notes)
	if err != nil {
		return nil, err
	}
	return &Local{Dataset: d, Options: o}, nil
}

// Prepare checks every query against the data's schema.
func (l *Local) Prepare(queries []rules.Written, now time.Time) []*Question {
	l.now = now
	return PrepareOver(l.Dataset, queries, l.Options.Params, now)
}

// PrepareOver returns the questions for queries, checked against the schema of a dataset.
func PrepareOver(d *dataset.Dataset, queries []rules.Written, params map[string]any, now time.Time) []*Question {
	asked := Questions(queries, now)
	for _, q := range asked {
		own := d.NewRecord()
		q.Record.Snapshot, q.Record.RowsSkipped, q.Record.Engine = own.Snapshot, own.RowsSkipped, own.Engine
	}
	Check(asked, d.Catalog, check.Options{Params: params})
	return asked
}

// Answer runs all good queries as one batch, or what is asked of them beside their size.
func (l *Local) Answer(ctx context.Context, asked []*Question, done func(*record.Record)) error {
	if l.Options.Analysis.Op != "" {
		return l.analyse(ctx, asked, done)
	}
	batch, byID, reads := l.batch(asked, done)
	explainer, began := explanation.New(l.Dataset), time.Now()
	var explaining sync.WaitGroup
	var bar *printer.Progress // nil where parts are added up
	defer explaining.Wait()
	batch.Done = func(result exec.Result) {
		q := byID[result.ID]
		result.Total += l.Others
		result.Err = l.Explain(result.Err)
		answer.Fill(q.Record, result)
		bar.NoteStop(q.Record, result.ID)
		l.Describe(q.Record, []*check.Query{q.Typed})
		a := l.explained(q, result, time.Since(began))
		if !explainer.Wants(a) {
			done(q.Record)
			return
		}
		explaining.Go(func() {
			q.Record.Notes = explainer.Notes(ctx, a)
			done(q.Record)
		})
	}
	if len(batch.Queries) == 0 {
		return nil
	}
	bar = printer.StartProgress(l.Options.Progress, len(batch.Queries), l.Options.Console)
	defer bar.Stop()
	batch.Sink = bar
	if l.Options.Sample == 0 && !l.Options.Values {
		conditions := make([]check.Node, len(batch.Queries))
		for i, q := range batch.Queries {
			conditions[i] = q.Typed.Cond
		}
		if err := l.Narrow(conditions, l.now); err != nil {
			return err
		}
		if parted, err := l.answerParts(ctx, batch, reads); parted || err != nil {
			return ended(ctx, batch, err)
		}
	}
	if err := l.Load(ctx, reads); err != nil {
		return ended(ctx, batch, err)
	}
	_, err := l.Runner().Run(ctx, batch)
	return err
}

// batch returns the good queries as one batch, with their questions by id, and what they read. Those that
// are wrong are done.
func (l *Local) batch(asked []*Question, done func(*record.Record)) (batch exec.Batch, byID map[string]*Question, reads *check.Reads) {
	batch, byID, reads = exec.Batch{Now: l.now}, map[string]*Question{}, &check.Reads{}
	for _, q := range asked {
		if q.Record.Error != nil {
			done(q.Record)
			continue
		}
		id := strconv.Itoa(q.Record.Index)
		byID[id] = q
		one := exec.Query{
			ID: id, Typed: q.Typed, Sample: l.Options.Sample, Seed: cmp.Or(l.Options.Seed, redisx.DefaultSeed), Values: l.Options.Values,
		}
		reads.Add(one.Reads(l.Snapshot.ID))
		batch.Queries = append(batch.Queries, one)
	}
	return batch, byID, reads
}

// explained is the answer to a query, for who explains it.
func (l *Local) explained(q *Question, r exec.Result, elapsed time.Duration) explanation.Answer {
	at := q.Statement.X.Span()
	return explanation.Answer{
		Typed: q.Typed, Text: q.Source.Text[at.Start:at.End], Start: at.Start, Now: l.now,
		Count: r.Count, Total: r.Total, Failed: r.Err != nil, Elapsed: elapsed,
	}
}

// Empty notes in the record of a question why its audiences are empty, if they are.
func (l *Local) Empty(ctx context.Context, explainer *explanation.Explainer, q *Question, elapsed time.Duration) {
	var audiences []explanation.Audience
	for _, one := range q.members() {
		audiences = append(audiences, explanation.Audience{Name: one.called(), Answer: l.explained(one, exec.Result{}, elapsed)})
	}
	explainer.Empty(ctx, q.Record, audiences...)
}

// answerParts answers queries of which only counts are asked, over parts of the rows of which
// nothing is kept, if there are such parts.
func (l *Local) answerParts(ctx context.Context, batch exec.Batch, reads *check.Reads) (parted bool, err error) {
	results, parted, err := l.sums(ctx, batch, reads)
	if parted && err == nil {
		for _, r := range results {
			batch.Done(r)
		}
	}
	return parted, err
}

// mostGrouped is how many values of fields are held while parts are added up. With more, a field is
// loaded, where they take less.
const mostGrouped = 1 << 18

// errGrouped is the error of more.
var errGrouped = errors.New("a field has too many values to be counted part by part")

// sums answers over parts, if there are such parts. Those that are answered side by side take as long
// as the slowest thread.
func (l *Local) sums(ctx context.Context, batch exec.Batch, reads *check.Reads) (results []exec.Result, parted bool, err error) {
	var mu sync.Mutex
	sums, took := make([]exec.Sum, len(batch.Queries)), make([]time.Duration, len(batch.Queries))
	elapsed := map[int][]time.Duration{}
	part := batch
	part.Done, part.Sink = nil, nil
	tell := batch.Sink
	for _, q := range batch.Queries {
		if tell != nil {
			tell.Start(q.ID, []int{l.Snapshot.Rows() - l.Others})
		}
	}
	part.Queries = slices.Clone(batch.Queries)
	for i := range part.Queries {
		part.Queries[i].ByTop = 0 // what is frequent in all parts may be rare in one
	}
	parted, err = l.Parts(ctx, reads, len(batch.Queries), func(ctx context.Context, thread int, r exec.Runner) error {
		results, err := r.Run(ctx, part)
		mu.Lock()
		defer mu.Unlock()
		if elapsed[thread] == nil {
			elapsed[thread] = make([]time.Duration, len(sums))
		}
		values := 0
		for i, one := range results {
			values += sums[i].Add(&batch.Queries[i], one)
			if tell != nil {
				tell.Progress(batch.Queries[i].ID, 0, sums[i].Progress())
			}
			elapsed[thread][i] += one.Elapsed
			took[i] = max(took[i], elapsed[thread][i])
		}
		if values > mostGrouped {
			return errGrouped
		}
		return err
	})
	if errors.Is(err, errGrouped) {
		return nil, false, nil
	}
	for i := range sums {
		results = append(results, sums[i].Result(took[i], numeric(l.Snapshot.Schema, batch.Queries[i].By)))
	}
	return results, parted, err
}

// numeric says whether there are numbers at a path of fields.
func numeric(t *check.Type, path []string) bool {
	for _, name := range path {
		t = t.Field(name).Type
	}
	return t.Kind == check.Int || t.Kind == check.Float
}

// ended gives all queries the answer that their time was over, or that they were cancelled, before
// there was one, if that is why there is an error.
func ended(ctx context.Context, batch exec.Batch, err error) error {
	if err != nil && ctx.Err() != nil {
		for _, q := range batch.Queries {
			batch.Done(exec.Result{ID: q.ID, Err: ctx.Err()})
		}
	}
	return err
}

// Memory returns the figures of a run with data here, nil for any other.
func Memory(a Answerer) *dataset.Figures {
	switch a := a.(type) {
	case *Local:
		return a.Figures()
	case *queueAnswerer:
		if a.Data != nil {
			return a.Data.Figures()
		}
	}
	return nil
}
