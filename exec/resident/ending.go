package resident

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/ast"
)

// ending is how a query has ended. A query ends once: whoever is first gives the answer, and
// whoever comes later finds it given.
type ending int32

// The endings of a query. Each has one function below, which says what becomes of the other
// queries of the batch.
const (
	open      ending = iota
	counted          // all partitions were seen: there is an answer
	failed           // an error of its own, in planning or evaluating it, or from who takes its profiles
	cancelled        // its own context is done: it was cancelled, or its time is over
	abandoned        // the context of the batch is done: it was cancelled, or its time is over
	closed           // the engine was closed
	broken           // a fault, which is a panic, in what is done for it
)

// count ends the query with its answer. The scan that sees the last partition does.
func (q *query) count(result exec.Result) { q.end(counted, result) }

// fail ends the query with an error of its own. The others go on. The error of an
// evaluation that was told to stop is no such error: who told it gives the answer.
func (q *query) fail(err error) {
	if !q.run.halted(q) {
		q.end(failed, exec.Result{Err: err})
	}
}

// watch ends the query when its own context is done. The others go on.
func (q *query) watch() {
	if q.Context != nil {
		q.unwatch = context.AfterFunc(q.Context, func() {
			q.end(cancelled, exec.Result{Err: stopped("query", context.Cause(q.Context))})
		})
	}
}

// abandon ends all queries that are open, because the context of the batch is done, or the
// engine closed. The reason is the error of the run, too.
func (r *run) abandon(cause error) {
	how := abandoned
	if errors.Is(cause, exec.ErrClosed) {
		how = closed
	}
	r.halt()
	err := stopped("batch", cause)
	for _, q := range r.queries {
		q.end(how, exec.Result{Err: err})
	}
}

// breaks ends the query with a fault in what it alone does. The others go on. A fault in what
// they share goes to run.broken, which finds out whose it is.
func (q *query) breaks(f *ast.Fault) {
	if err := q.run.gone(f); err != nil {
		q.end(failed, exec.Result{Err: err})
		return
	}
	q.end(broken, exec.Result{Err: f})
}

// gone returns an error when the data is not what it was any more, which may be why there is a
// fault; nil for none.
func (r *run) gone(f *ast.Fault) error {
	if r.snap == nil {
		return nil
	}
	return gone(r.snap, f)
}

func gone(s *column.Snapshot, f *ast.Fault) error {
	if s.Lost == nil {
		return nil
	}
	var value any
	if f != nil {
		value = f.Value
	}
	if err := s.Lost(value); err != nil {
		return &exec.DataError{Err: err}
	}
	return nil
}

// unplanned ends the query that cannot be planned even alone, for the planner's error or fault.
func (q *query) unplanned(err error) {
	var f *ast.Fault
	if errors.As(err, &f) {
		q.breaks(f)
		return
	}
	q.fail(err)
}

// follow ends the query as it has ended in a run that was made for it.
func (q *query) follow(other *query, result exec.Result) {
	q.end(ending(other.ended.Load()), result)
}

// over says whether the query has an answer, or is being given it.
func (q *query) over() bool { return q.ended.Load() != int32(open) }

// end ends the query, unless it is over.
func (q *query) end(how ending, result exec.Result) {
	if !q.ended.CompareAndSwap(int32(open), int32(how)) {
		return
	}
	if how == abandoned || how == closed {
		err := result.Err
		q.run.lost.CompareAndSwap(nil, &err)
	}
	q.deliver(result)
}

// deliver hands the answer over. With the last one of a run its work ends.
func (q *query) deliver(result exec.Result) {
	r := q.run
	defer r.answers.Done()
	q.meter.close()
	result.ID, result.Elapsed = q.ID, time.Since(r.start)
	r.results[q.index] = result
	r.tell(&r.results[q.index])
	if r.open.Add(-1) == 0 {
		r.halt()
	}
}

// tell hands an answer to who waits for it. A fault of theirs is the query's error, however
// it has ended.
func (r *run) tell(result *exec.Result) {
	defer ast.Guard(func(f *ast.Fault) { *result = exec.Result{ID: result.ID, Elapsed: result.Elapsed, Err: f} })
	if r.batch.Done != nil {
		r.batch.Done(*result)
	}
}

// stopped words what a context has ended.
func stopped(what string, cause error) error {
	var fault *exec.InternalError
	switch {
	case errors.Is(cause, exec.ErrClosed), errors.As(cause, &fault):
		return cause
	case errors.Is(cause, context.DeadlineExceeded):
		return fmt.Errorf("the time for the %s ran out: %w", what, cause)
	}
	return fmt.Errorf("the %s was cancelled: %w", what, cause)
}
