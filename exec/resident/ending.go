package resident

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/lang/ast"
)

// watch ends the query when its own context is done.
func (q *query) watch() {
	if q.Context != nil {
		q.unwatch = context.AfterFunc(q.Context, func() {
			q.answer(exec.Result{Err: stopped("query", context.Cause(q.Context))})
		})
	}
}

// fail answers with the error of an evaluation, unless that was told to stop: who
// told it gives the answer.
func (q *query) fail(err error) {
	if !q.run.halted(q) {
		q.answer(exec.Result{Err: err})
	}
}

// answer gives the answer, unless there is one already.
func (q *query) answer(r exec.Result) {
	if !q.answered.Swap(true) {
		q.deliver(r)
	}
}

// lose answers that the batch has ended before the query did, unless there is an
// answer already.
func (q *query) lose(err error) {
	if !q.answered.Swap(true) {
		q.run.lost.CompareAndSwap(nil, &err)
		q.deliver(exec.Result{Err: err})
	}
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

// tell hands an answer to who waits for it. A fault of theirs is the query's error.
func (r *run) tell(result *exec.Result) {
	defer ast.Guard(func(f *ast.Fault) { *result = exec.Result{ID: result.ID, Elapsed: result.Elapsed, Err: f} })
	if r.batch.Done != nil {
		r.batch.Done(*result)
	}
}

// abandon answers whatever is open with the reason why there will be no answer.
func (r *run) abandon(cause error) {
	r.halt()
	err := stopped("batch", cause)
	for _, q := range r.queries {
		q.lose(err)
	}
}

// stopped words what a context has ended.
func stopped(what string, cause error) error {
	var fault *exec.InternalError
	switch {
	case errors.Is(cause, exec.ErrClosed), errors.As(cause, &fault):
		return cause
	case errors.Is(cause, context.DeadlineExceeded):
		return fmt.Errorf("the time for the %s is over: %w", what, cause)
	}
	return fmt.Errorf("the %s was cancelled: %w", what, cause)
}
