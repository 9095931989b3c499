package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
)

// handler answers the commands of a queue with the engine of a dataset.
type handler struct {
	*dataset
	client *redisx.Client
	// exports is where files go, nil for nowhere.
	exports *exportRoot
}

// work is a task whose query has been checked.
type work struct {
	task   *redisx.Task
	typed  *check.Query
	record *record
	// keys are those of the answer in the cache, none for one that is not kept.
	keys []string
}

// scan is what the tasks of one scan have in common.
type scan struct {
	now   time.Time
	class string
}

// Handle runs tasks together. Queries of one class that mean the same by now share one
// scan; the scans, and the other operations, run side by side.
func (h *handler) Handle(tasks []*redisx.Task) {
	scans, present := map[scan][]*work{}, time.Now().UTC().Truncate(time.Millisecond)
	var good []*work
	for _, t := range tasks {
		if w := h.check(t, present); w != nil {
			good = append(good, w)
		}
	}
	var all sync.WaitGroup
	for _, w := range h.recall(good) {
		c := w.task.Command
		if c.Op == "query" || c.Op == "sample" {
			s := scan{w.record.Now, c.Class}
			scans[s] = append(scans[s], w)
			continue
		}
		all.Go(func() { h.operate(w) })
	}
	for s, group := range scans {
		all.Go(func() { h.run(s, group) })
	}
	all.Wait()
}

// check checks the query of a task. A task whose query is wrong is rejected with
// a record that says where, and gives nil.
func (h *handler) check(t *redisx.Task, present time.Time) *work {
	c := t.Command
	w := &work{task: t, record: &record{ID: c.ID, Name: c.Name, Query: c.Query, Snapshot: h.snapshot.Fingerprint, Now: present}}
	if c.Now != "" {
		at, ok := parseInstant(c.Now)
		if !ok {
			w.reject(fmt.Errorf("now %q is no time: write it like 2026-11-01T00:00:00Z", c.Now))
			return nil
		}
		w.record.Now = at
	}
	if c.Sample < 0 {
		w.reject(errors.New("sample is negative"))
		return nil
	}
	if c.Query == "" {
		return w
	}
	var ds ast.Diagnostics
	w.typed, ds = h.compiled.compile(c.Query, h.catalog, jsonParams(c.Params))
	if ds.Failed() {
		w.record.refuse(ds, c.Query)
		w.finish()
		return nil
	}
	return w
}

// jsonParams gives parameters that came as JSON their types: a whole number is an
// integer.
func jsonParams(in map[string]any) map[string]any {
	out := make(map[string]any, len(in))
	for name, v := range in {
		out[name] = jsonParam(v)
	}
	return out
}

func jsonParam(v any) any {
	switch v := v.(type) {
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return int64(v)
		}
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = jsonParam(v[i])
		}
		return out
	}
	return v
}

// defaultSample is how many ids a sample has that does not say.
const defaultSample = 10

// run runs a group as one batch.
func (h *handler) run(s scan, group []*work) {
	byID := make(map[string]*work, len(group))
	var ending sync.WaitGroup
	batch := exec.Batch{Now: s.now, Class: classOf(s.class), Sink: taskSink(byID)}
	for _, w := range group {
		c := w.task.Command
		byID[c.ID] = w
		if c.Op == "sample" && c.Sample == 0 {
			c.Sample = defaultSample
		}
		batch.Queries = append(batch.Queries, exec.Query{
			ID: c.ID, Typed: w.typed, Sample: c.Sample, Seed: c.Seed, Context: w.task.Context(),
		})
	}
	batch.Done = func(r exec.Result) {
		w := byID[r.ID]
		w.record.answer(r)
		// Redis is not waited for here: what ends together is sent together.
		ending.Go(func() { w.end(r.Err) })
	}
	defer ending.Wait()
	if _, err := h.engine.Run(context.Background(), batch); err != nil {
		for _, w := range group {
			w.task.Fail(err)
		}
	}
}

// end ends the task of a query that has run. What its client or its worker has
// stopped has no record.
func (w *work) end(err error) {
	if err != nil && w.task.Context().Err() != nil {
		w.task.Fail(err)
		return
	}
	w.finish()
}

// reject ends the task with what is wrong with its command.
func (w *work) reject(err error) {
	w.record.Status = recordFailed
	w.record.Error = &recordError{Code: "bad-command", Message: err.Error()}
	w.finish()
}

// finish ends the task with its record.
func (w *work) finish() {
	data, err := encodeRecord(w.record)
	switch {
	case err != nil:
		w.task.Fail(err)
	case w.record.Error != nil:
		w.task.Reject(w.record.Error.Code, w.record.Error.Message, data)
	default:
		w.task.Keep(w.keys)
		w.task.Finish(data)
	}
}

// taskSink passes the engine's progress on to the tasks.
type taskSink map[string]*work

// Start tells a task the rows of its partitions.
func (s taskSink) Start(query string, partitions []int) { s[query].task.Start(partitions) }

// Progress tells a task how far one of its partitions is.
func (s taskSink) Progress(query string, partition int, p exec.Progress) {
	s[query].task.Progress(partition, p.Rows, p.Matched, p.Done)
}
