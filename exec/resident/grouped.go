package resident

import (
	"context"
	"slices"
	"sync"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/plan"
)

// A scan has its answers when it has seen all rows, so that its queries end together. What
// may take a thousand times as long as the rest therefore has a scan of its own:
//
//   - what kernels answer is together: none of it is long;
//   - what more than kernels answer is together too, for it may have vectors in common;
//   - a query whose values are described is alone, where these are few: it goes through its
//     profiles one by one.
//
// The scheduler counts their time as that of one batch.

// maxAlone is how many queries whose values are described have scans of their own: each
// holds what its goroutines need.
const maxAlone = 16

// grouped groups the queries of a run by that; nil when they are one group, or when
// nobody hears of an answer before the last.
func (r *run) grouped(queries []*query, p *plan.Plan) [][]*query {
	if r.batch.Done == nil || len(r.parts) == 0 {
		return nil
	}
	var quick, slow, valued []*query
	for i, q := range queries {
		switch {
		case q.valued():
			valued = append(valued, q)
		case p.Slow(i):
			slow = append(slow, q)
		default:
			quick = append(quick, q)
		}
	}
	groups := slices.DeleteFunc([][]*query{quick, slow, valued}, func(g []*query) bool { return len(g) == 0 })
	if n := len(valued); n > 1 && n <= maxAlone {
		groups = slices.AppendSeq(groups[:len(groups)-1], slices.Chunk(valued, 1))
	}
	if len(groups) < 2 {
		return nil
	}
	return groups
}

// scanGroups answers each group in a run of its own, side by side.
func (r *run) scanGroups(ctx context.Context) {
	var all sync.WaitGroup
	for _, g := range r.groups {
		all.Go(func() { r.runOf(g).scan(ctx) })
	}
	all.Wait()
}

// runOf gives the run of some of the queries, which passes their answers on.
func (r *run) runOf(queries []*query) *run {
	own := r.batch
	own.Queries = nil
	index := make(map[string]int, len(queries))
	for i, q := range queries {
		own.Queries = append(own.Queries, q.Query)
		index[q.ID] = i
	}
	if r.batch.Sink != nil {
		own.Sink = underway{r.batch.Sink}
	}
	var other *run
	own.Done = func(result exec.Result) {
		i := index[result.ID]
		queries[i].follow(other.queries[i], result)
	}
	other = newRun(r.engine, own)
	other.whole = r.whole
	return other
}

// underway is a sink that has heard of the start.
type underway struct{ exec.Sink }

// Start does nothing.
func (underway) Start(string, []int) {}
