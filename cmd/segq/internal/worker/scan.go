package worker

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/segq/segq/cmd/segq/internal/answer"
	"github.com/segq/segq/cmd/segq/internal/explanation"
	"github.com/segq/segq/cmd/segq/internal/personal"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// scan is what the tasks of one scan have in common.
type scan struct {
	now           time.Time
	class, tenant string
}

// asked is one query of a scan: the only one of its task, or one of its rules.
type asked struct {
	*work
	rule int // index in work.rules, if that is not nil
}

// defaultSample is how many ids a sample has that does not say.
const defaultSample = 10

// run runs a group as one batch.
func (h *handler) run(s scan, group []*work) {
	byID := scanSink{}
	var ends []context.CancelFunc
	defer func() {
		for _, end := range ends {
			end()
		}
	}()
	var ending sync.WaitGroup
	batch := exec.Batch{Now: s.now, Class: classOf(s.class), Tenant: s.tenant, Sink: byID}
	for _, w := range group {
		queries, end := byID.add(w)
		batch.Queries, ends = append(batch.Queries, queries...), append(ends, end)
	}
	explainer := explanation.New(h.Dataset)
	batch.Done = func(r exec.Result) {
		a := byID[r.ID]
		h.guard(a.work, func() {
			h.describe(a)
			r.Err = h.explain(r.Err)
			// Neither explanations nor Redis are waited for here: what ends together is sent together.
			if why := s.explained(a, r); explainer.Wants(why) {
				ending.Go(func() { h.guard(a.work, func() { a.answeredWith(r, explainer.Notes(a.task.Context(), why)) }) })
			} else if last, err := a.answered(r, nil); last {
				ending.Go(func() { h.guard(a.work, func() { a.end(err) }) })
			}
		})
	}
	defer ending.Wait()
	if _, err := h.Runner().Run(context.Background(), batch); err != nil {
		for _, w := range group {
			w.task.Fail(err)
		}
	}
}

// describe says in the record of a query what was skipped of what it names, as is known
// when that is loaded.
func (h *handler) describe(a asked) {
	if a.rules != nil {
		h.Describe(a.rules.records[a.rule], []*check.Query{a.rules.typed[a.rule]})
		return
	}
	h.Describe(a.record, []*check.Query{a.typed})
}

// scanSink holds the queries of a scan by their ids, and passes the engine's progress on
// to their tasks.
type scanSink map[string]asked

// add takes the queries of a task in, and gives them. The caller calls end when they have
// run.
func (s scanSink) add(w *work) (queries []exec.Query, end context.CancelFunc) {
	c := w.task.Command
	if c.Op == "sample" && c.Sample == 0 {
		c.Sample = defaultSample
	}
	q := exec.Query{ID: c.ID, Typed: w.typed, Sample: c.Sample, Seed: c.Seed, Values: c.Values, Context: w.task.Context()}
	if w.rules == nil {
		s[q.ID] = asked{work: w}
		return []exec.Query{q}, func() {}
	}
	q.Context, end = w.rules.within(w.task)
	for i, typed := range w.rules.typed {
		if typed == nil {
			continue
		}
		q.ID, q.Typed = fmt.Sprintf("%s/%d", c.ID, i), typed
		s[q.ID] = asked{w, i}
		queries = append(queries, q)
	}
	return queries, end
}

// explained is the answer to a query, for who explains it.
func (s *scan) explained(a asked, r exec.Result) explanation.Answer {
	out := explanation.Answer{
		Typed: a.typed, Text: a.task.Command.Query, Now: s.now, Class: classOf(s.class), Tenant: s.tenant,
		Count: r.Count, Total: r.Total, Failed: r.Err != nil, Elapsed: r.Elapsed,
		Personal: personal.Read(a.task.Command.Personal),
	}
	if a.rules != nil {
		out.Typed, out.Text = a.rules.typed[a.rule], a.task.Command.Queries[a.rule]
	}
	return out
}

// answered notes the answer to a query with what explains it, and says whether it is the last of its
// task, and the error of that or of one before it.
func (a asked) answered(r exec.Result, notes []record.Note) (last bool, err error) {
	if a.rules != nil {
		return a.rules.answer(a.task, a.rule, r, notes)
	}
	answer.Fill(a.record, r)
	a.record.Notes = notes
	return true, r.Err
}

// answeredWith is answered for an answer that was explained, and ends the task with its last.
func (a asked) answeredWith(r exec.Result, notes []record.Note) {
	if last, err := a.answered(r, notes); last {
		a.end(err)
	}
}

// Start tells a task the rows of its partitions.
func (s scanSink) Start(query string, partitions []int) {
	if a := s[query]; a.rules != nil {
		a.rules.start(a.task, partitions)
	} else {
		a.task.Start(partitions)
	}
}

// Load tells a task how far its data is.
func (s scanSink) Load(query string, l exec.Loading) { s[query].task.Load(redisx.Load(l)) }

// Progress tells a task how far one of its partitions is.
func (s scanSink) Progress(query string, partition int, p exec.Progress) {
	if a := s[query]; a.rules != nil {
		a.rules.progress(a.task, a.rule, partition, p)
	} else {
		a.task.Progress(partition, p.Rows, p.Matched, p.Done)
	}
}
