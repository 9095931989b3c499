package resident

import (
	"context"

	"github.com/segq/segq/lang/ast"
)

// broken ends the scan for a fault that may be that of any query.
func (r *run) broken(f *ast.Fault) {
	r.fault.CompareAndSwap(nil, f)
	r.halt()
}

// apart answers the queries that are open after a fault in what they share: half of
// them in a run of their own, then the other half, until the fault is that of one. A
// query that has handed over some of its profiles cannot begin again.
func (r *run) apart(ctx context.Context, f *ast.Fault) {
	var left []*query
	lost := r.gone(f) != nil // then it is that of all
	for _, q := range r.queries {
		if !lost && !q.over() && q.IDs == nil && q.Matches == nil {
			left = append(left, q)
		}
	}
	if len(left) > 1 || len(left) == 1 && len(r.queries) > 1 {
		r.again(ctx, left[:len(left)/2])
		r.again(ctx, left[len(left)/2:])
	}
	if ctx.Err() != nil {
		r.abandon(context.Cause(ctx))
	}
	for _, q := range r.queries {
		q.breaks(f)
	}
}

// again answers queries in a run of their own. Nobody hears of its progress, which would
// go backwards.
func (r *run) again(ctx context.Context, queries []*query) {
	if len(queries) == 0 || ctx.Err() != nil {
		return // abandon gives the answers
	}
	own := r.batch
	own.Queries, own.Sink, own.Done = nil, nil, nil
	for _, q := range queries {
		own.Queries = append(own.Queries, q.Query)
	}
	other := newRun(r.engine, own)
	other.scan(ctx)
	for i, q := range queries {
		q.follow(other.queries[i], other.results[i])
	}
}
