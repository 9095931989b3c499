package cluster

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/executor"
	"github.com/segq/segq/lang/check"
)

// errNobody is the cause of the end of a statement for which nobody waits any more.
var errNobody = errors.New("nobody waits for the answer")

// run is a batch under way. Each of its queries ends once.
type run struct {
	cluster *Cluster
	batch   exec.Batch
	began   time.Time
	nobody  func() // is called when the last query has ended
	valued  []int  // the queries whose values are described, in a statement of their own, and values what came of it
	values  map[int]*exec.Values
	ids     []int  // the queries that ask for the ids of all profiles that match, each with a statement of its own
	shape   *shape // of the table when the run began; nil where it is not known

	mu      sync.Mutex // guards what follows
	results []exec.Result
	ended   []bool
	open    int
	ending  sync.WaitGroup // of those that are told their answers
}

func newRun(c *Cluster, b exec.Batch, nobody func()) *run {
	return &run{cluster: c, batch: b, began: time.Now(), nobody: nobody, shape: c.shape.Load(), results: make([]exec.Result, len(b.Queries)), ended: make([]bool, len(b.Queries)), open: len(b.Queries)}
}

// end gives a query its answer, if it has none yet.
func (r *run) end(i int, result exec.Result) {
	r.mu.Lock()
	if r.ended[i] {
		r.mu.Unlock()
		return
	}
	result.ID, result.Elapsed = r.batch.Queries[i].ID, time.Since(r.began)
	r.ended[i], r.results[i] = true, result
	r.ending.Add(1)
	defer r.ending.Done()
	r.open--
	last := r.open == 0
	r.mu.Unlock()
	if r.batch.Done != nil {
		r.batch.Done(result)
	}
	if last {
		r.nobody()
	}
}

// watch ends queries when their own contexts are done.
func (r *run) watch() (unwatch func()) {
	var stops []func() bool
	for i, q := range r.batch.Queries {
		if q.Context != nil {
			stops = append(stops, context.AfterFunc(q.Context, func() { r.end(i, exec.Result{Err: stopped(q.Context, q.Context.Err())}) }))
		}
	}
	return func() {
		for _, stop := range stops {
			stop()
		}
	}
}

// stopped words the end of a context, where that is why there is an error.
func stopped(ctx context.Context, err error) error {
	switch cause := context.Cause(ctx); {
	case cause == nil || errors.Is(cause, errNobody):
		return err
	case errors.Is(cause, context.DeadlineExceeded):
		return fmt.Errorf("the time for the query ran out: %w", cause)
	default:
		return fmt.Errorf("the query was cancelled: %w", cause)
	}
}

// asked returns the batch of what is asked of executors. The others have ended.
func (r *run) asked() exec.Batch {
	own := r.batch
	own.Queries, own.Done, own.Sink = nil, nil, nil
	for i, q := range r.batch.Queries {
		if q.IDs != nil {
			r.ids = append(r.ids, i)
			continue
		}
		if q.Values && q.Typed.Root.Type().Kind != check.Bool {
			r.valued = append(r.valued, i)
		}
		r.start(&q)
		own.Queries = append(own.Queries, q)
	}
	return own
}

// fail ends what is open with an error.
func (r *run) fail(err error) {
	for i := range r.batch.Queries {
		r.end(i, exec.Result{Err: err})
	}
}

// take adds up the answers of the parts to what was asked, and ends the queries with that.
func (r *run) take(asked exec.Batch, answers []*executor.Answer) {
	if err := tellMatches(asked.Queries, answers); err != nil {
		r.fail(err)
		return
	}
	k := 0
	for i := range r.batch.Queries {
		q := &r.batch.Queries[i]
		if k == len(asked.Queries) || asked.Queries[k].ID != q.ID {
			continue
		}
		result := r.cluster.sum(q, k, answers)
		result.Values = r.values[i]
		if result.Err == nil {
			r.through(q.ID, k, answers)
		}
		r.end(i, result)
		k++
	}
}

// sum adds up what the parts have found of a query, which is number k of what was asked.
func (c *Cluster) sum(q *exec.Query, k int, answers []*executor.Answer) exec.Result {
	var sum exec.Sum
	var parts []drawn
	for _, a := range answers {
		o := &a.Outcomes[k]
		sum.Add(q, o.Result(q.ID, a.Rows))
		parts = append(parts, drawn{o.Sample, o.Count})
	}
	result := sum.Result(0, numeric(c.snapshot.Schema, q.By))
	if q.ByTop > 0 && len(result.Groups) > q.ByTop {
		result.Groups = result.Groups[:q.ByTop]
	}
	if result.Err == nil && q.Sample > 0 {
		result.Sample = merge(parts, q.Sample, q.Seed)
	}
	return result
}

// matchWords is how many words of matches are told at once, of one query after another: who puts them together holds no more.
const matchWords = 1024

// tellMatches tells the queries that ask for it which profiles match. Profiles are numbered part by part, each of which begins at a
// multiple of 64: the numbers in between are of none.
func tellMatches(queries []exec.Query, answers []*executor.Answer) error {
	first := 0
	for _, a := range answers {
		n := (a.Rows + 63) / 64
		for from := 0; from < n; from += matchWords {
			to := min(from+matchWords, n)
			for i, q := range queries {
				if o := &a.Outcomes[i]; q.Matches != nil && o.Bits != nil {
					if err := q.Matches(first+64*from, o.Words(from, to)); err != nil {
						return err
					}
				}
			}
		}
		first += 64 * n
	}
	return nil
}
