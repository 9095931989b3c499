package cluster

import (
	"context"
	"fmt"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/executor"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
)

// mostValues is how many bytes the different values of a query may take here. Of more numbers there are neither quantiles nor bins, as in an engine.
const mostValues = 512 << 20

// describing puts together what executors have gathered of the values of queries. It is exact: each part tells how often it has each value.
type describing struct {
	queries []*check.Query
	sums    []*resident.Tallies
	errs    []error
	query   int    // whose pieces come
	pieces  []byte // of what a part tells of it
}

// reset forgets what has come.
func (d *describing) reset() {
	*d = describing{queries: d.queries, errs: make([]error, len(d.queries))}
	for _, q := range d.queries {
		d.sums = append(d.sums, resident.NewTallies(q.Root.Type(), mostValues))
	}
}

// take takes a piece.
func (d *describing) take(l *executor.Line) error {
	if l.Query < 0 || l.Query >= len(d.queries) {
		return &proofError{fmt.Errorf("there is no query %d", l.Query)}
	}
	if l.Query != d.query {
		d.add()
		d.query = l.Query
	}
	if l.Error != "" {
		d.errs[d.query] = fmt.Errorf("on an executor: %s", l.Error)
		return nil
	}
	d.pieces = append(d.pieces, l.Columns...)
	return nil
}

// add adds what a part has told of a query.
func (d *describing) add() {
	if len(d.pieces) > 0 && d.errs[d.query] == nil {
		d.errs[d.query] = d.sums[d.query].Add(d.pieces)
	}
	d.pieces = d.pieces[:0]
}

// describe answers the queries of a run that ask for their values, beside what else they ask.
func (r *run) describe(ctx context.Context) error {
	if len(r.valued) == 0 {
		return nil
	}
	d := &describing{}
	for _, i := range r.valued {
		d.queries = append(d.queries, r.batch.Queries[i].Typed)
	}
	d.reset()
	t := &taking{
		cluster: r.cluster, queries: d.queries, asked: exec.Operation{Now: r.batch.Now}, rows: d.take, reset: d.reset,
		ask: func(*shape) *executor.Take { return &executor.Take{Values: true} },
		end: func(int, *executor.Taken) (bool, error) { d.add(); d.query = 0; return true, nil },
	}
	if err := t.run(ctx); err != nil {
		return err
	}
	r.values = map[int]*exec.Values{}
	for k, i := range r.valued {
		err := d.errs[k]
		if err == nil {
			r.values[i], err = d.sums[k].Describe()
		}
		if err != nil {
			r.end(i, exec.Result{Err: err})
		}
	}
	return nil
}
