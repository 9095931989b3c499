// Package worker answers the commands of a queue with the engine of a dataset.
//
// The tour: [Run] works through a queue, and [Worker.Replace] gives it other data meanwhile (worker.go); what
// answers over one dataset is a service (service.go). Handle (this file) takes commands that were claimed
// together, checks each (compiled.go, ruleset.go), answers what it can from the cache
// (cached.go), and runs the rest: queries in one scan (scan.go), other operations one by one
// (operation.go, rows.go, export.go, memberships.go, compared.go, diff.go, save.go). A panic ends only its own command (guard.go). Beside the queue it answers
// requests (request.go).
package worker

import (
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/segq/segq/cmd/segq/internal/analysis"
	"github.com/segq/segq/cmd/segq/internal/answer"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/cmd/segq/internal/store"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// handler answers the commands of a queue with the engine of a dataset.
type handler struct {
	*dataset.Dataset
	compiled   compiled
	checked    checkedSets
	qualifiers qualifiers
	sets       *sets // of the worker
	client     *redisx.Client
	// exports is where files go, nil for nowhere.
	exports *exportRoot
	// deliver says where an export goes instead, by the id of its job.
	deliver func(job string) (Delivery, bool)
	// store is where segments are kept, nil for Redis.
	store store.Opener
	// log hears what an operator should know; nil for nobody.
	log *slog.Logger
	// lost hears that the data was lost, once; nil for nobody.
	lost func(error)
}

// explain says of the error of a query what would help, and heeds one that says that the data is lost.
func (h *handler) explain(err error) error {
	if !dataset.Overwritten(err) {
		return h.Explain(err)
	}
	if h.Lose(err) && h.lost != nil {
		go h.lost(err) // who tells may wait for Redis
	}
	err = h.Explain(err)
	if h.client.Embedded() {
		return err
	}
	return fmt.Errorf("%w; a worker opens it again on SIGHUP", err)
}

// work is a task whose query, or whose rules, have been checked.
type work struct {
	task  *redisx.Task
	typed *check.Query // nil without a query
	rules *ruleSet     // nil for other operations than rules
	// audiences are those that were analysed, nil for other operations.
	audiences []analysis.Audience
	// columns are those of rows, which begin with the ids of profiles if ids says so.
	columns rules.Columns
	ids     bool
	record  *record.Record
	set     *broughtSet // that the command names, nil for none
	// suggested are segments that may be meant where there is none of a name.
	suggested []string
	// before and now are what a diff compares.
	before, now side
	// keys are those of the answer in the cache, none for one that is not kept.
	keys []string
}

// Handle runs tasks together, those of each class for themselves: what somebody waits for
// does not wait until thousands of other queries have been checked.
func (h *handler) Handle(tasks []*redisx.Task) {
	classes := map[string][]*redisx.Task{}
	for _, t := range tasks {
		classes[t.Command.Class] = append(classes[t.Command.Class], t)
	}
	var all sync.WaitGroup
	for _, own := range classes {
		all.Go(func() { h.guardAll(own, func() { h.answer(own) }) })
	}
	all.Wait()
}

// answer runs tasks of one class. Queries of one tenant that mean the same by now share
// one scan; the scans, and the other operations, run side by side.
func (h *handler) answer(tasks []*redisx.Task) {
	scans, present := map[scan][]*work{}, time.Now().UTC().Truncate(time.Millisecond)
	var good []*work
	for _, t := range tasks {
		w := h.workOf(t, present)
		ready := false
		if h.guard(w, func() { ready = h.check(w) }) && ready {
			good = append(good, w)
		}
	}
	var all sync.WaitGroup
	for _, w := range h.recall(good) {
		c := w.task.Command
		if w.rules != nil || c.Op == "query" || c.Op == "sample" {
			s := scan{w.record.Now, c.Class, c.Tenant}
			scans[s] = append(scans[s], w)
			continue
		}
		all.Go(func() { h.guard(w, func() { h.operate(w) }) })
	}
	for s, group := range scans {
		all.Go(func() { h.guardGroup(group, func() { h.run(s, group) }) })
	}
	all.Wait()
}

// workOf returns the work of a task of which nothing is known to be wrong.
func (h *handler) workOf(t *redisx.Task, present time.Time) *work {
	c := &t.Command
	r := h.NewRecord()
	r.ID, r.Name, r.Query, r.Now = c.ID, c.Name, c.Query, present
	return &work{task: t, record: r}
}

// check checks the query of a task, and says whether it can run. The task of a query that
// is wrong is rejected with a record that says where.
func (h *handler) check(w *work) bool {
	c := &w.task.Command
	if c.Now != "" {
		at, ok := rules.Instant(c.Now)
		if !ok {
			w.reject(fmt.Errorf("now %q is not a time: write it like 2026-11-01T00:00:00Z", c.Now))
			return false
		}
		w.record.Now = at
	}
	if c.Sample < 0 {
		w.reject(errors.New("sample is negative"))
		return false
	}
	if err := h.bring(w.task.Context(), w); err != nil {
		w.unbrought(err)
		return false
	}
	if c.Op == "rules" {
		return h.checkRules(w)
	}
	if c.Query == "" {
		return true
	}
	var ds ast.Diagnostics
	w.typed, ds = h.compilerOf(c, w.suggested...).compile(c.Query)
	if !answer.Note(w.record, w.typed, ds, c.Query) {
		w.finish()
		return false
	}
	if c.Columns.Any() || typedExport(c) {
		if !h.checkColumns(w) {
			return false
		}
	}
	h.Describe(w.record, w.queries(), analysis.Of(*c).Paths(h.Snapshot)...)
	return true
}

// checkRules checks the rules of a task, and says whether any can run. Where none can, the
// task has its answer.
func (h *handler) checkRules(w *work) bool {
	w.rules = h.newRuleSet(&w.task.Command, w.suggested)
	w.record.Total = new(int)
	*w.record.Total = h.Snapshot.Rows()
	if w.rules.open > 0 {
		return true
	}
	w.end(nil)
	return false
}

// end ends the task of a query that has run. What its client or its worker has
// stopped has no record.
func (w *work) end(err error) {
	if err != nil && w.task.Context().Err() != nil {
		w.task.Fail(err)
		return
	}
	if w.rules != nil {
		w.rules.tell(w.record)
		if err != nil {
			w.keys = nil // another time it may go better
		}
	}
	w.finish()
}

// expired says what the task has expired of, "" for one that has not.
func (w *work) expired() string {
	if w.rules == nil {
		return ""
	}
	return w.rules.late()
}

// unbrought ends the task of a command that names what cannot be had.
func (w *work) unbrought(err error) {
	var passes transient
	var refused refusal
	switch {
	case errors.As(err, &passes):
		w.task.Retry(err)
		return
	case errors.As(err, &refused):
		w.record.Status, w.record.Exact, w.record.Error = record.Failed, false, &refused.says
	default:
		answer.RefuseCommand(w.record, err)
	}
	w.finish()
}

// reject ends the task with what is wrong with its command.
func (w *work) reject(err error) {
	answer.RefuseCommand(w.record, err)
	w.finish()
}

// finish ends the task with its record.
func (w *work) finish() {
	data, err := record.Encode(w.record)
	switch {
	case err != nil:
		w.task.Fail(err)
	case w.expired() != "":
		w.task.Expire(w.expired(), data)
	case w.record.Error != nil:
		w.task.Reject(w.record.Error.Code, w.record.Error.Message, data)
	default:
		w.task.Keep(w.keys)
		w.task.Finish(data)
	}
}
