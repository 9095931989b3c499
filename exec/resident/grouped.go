package resident

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/plan"
)

// A scan has its answers when it has seen all rows, so that its queries end together. What
// may take a thousand times as long as the rest therefore has a scan of its own:
//
//   - what kernels answer is together: none of it is long;
//   - what vectors answer is together too, for it may have vectors in common;
//   - what may be long, as it goes through the profiles one by one, or through all pairs of
//     a profile's events, is alone or with those that have the long part in common;
//   - a query whose values are described is alone, where these are few: it has to evaluate
//     them, maybe for one profile after another.
//
// The scheduler counts their time as that of one batch, of which those that are together
// have as much as all that are alone.

// maxAlone is how many scans there are of what is long, and how many queries whose values
// are described have scans of their own: each holds what its goroutines need.
const maxAlone = 16

// headStart is how long what is long waits at most for what is not to be answered: one
// turn of it may take as long as all of the others, which keep the processors busy meanwhile.
const headStart = time.Second

// group is queries of a run with a scan of their own; long says that it may be long.
type group struct {
	queries []*query
	long    bool
	// apart says that the group is a batch of its own: for the others what it waits for
	// has nothing to do with them.
	apart bool
}

// grouped groups the queries of a run by that; nil when they are one group, or when
// nobody hears of an answer before the last.
func (r *run) grouped(queries []*query, p *plan.Plan) []group {
	if r.batch.Done == nil || len(r.parts) == 0 || r.whole != r {
		return nil
	}
	var quick, vectors, valued []*query
	var long longOnes
	for i, q := range queries {
		parts := p.Long(i)
		switch {
		case q.valued():
			valued = append(valued, q)
		case len(parts) > 0:
			long.add(q, parts)
		case p.Slow(i):
			vectors = append(vectors, q)
		default:
			quick = append(quick, q)
		}
	}
	alone := long.scans(maxAlone)
	if n := len(valued); n > maxAlone {
		alone = append(alone, valued)
	} else {
		alone = slices.AppendSeq(alone, slices.Chunk(valued, 1))
	}
	var groups []group
	for _, g := range [][]*query{quick, vectors} {
		if len(g) > 0 {
			groups = append(groups, group{queries: g})
		}
	}
	for _, g := range alone {
		groups = append(groups, group{queries: g, long: true})
	}
	if len(groups) < 2 {
		return nil
	}
	return groups
}

// scanGroups answers each group in a run of its own, side by side.
func (r *run) scanGroups(ctx context.Context) {
	var first, long []*run
	for _, g := range r.groups {
		own := r.runOf(g.queries)
		if g.apart {
			own.whole, own.cut = own, r.cut
		}
		if g.long {
			long = append(long, own)
		} else {
			first = append(first, own)
		}
	}
	for _, own := range first {
		own.weight = time.Duration(max(1, len(long)))
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		scanAll(ctx, first)
	}()
	select {
	case <-done:
	case <-ctx.Done():
	case <-time.After(headStart):
	}
	scanAll(ctx, long)
	<-done
}

// scanAll answers the queries of runs side by side.
func scanAll(ctx context.Context, runs []*run) {
	var all sync.WaitGroup
	for _, own := range runs {
		all.Go(func() { own.scan(ctx) })
	}
	all.Wait()
}

// runOf returns the run of some of the queries, which passes their answers on.
func (r *run) runOf(queries []*query) *run {
	own := r.batch
	own.Queries = nil
	index := make(map[string]int, len(queries))
	for i, q := range queries {
		own.Queries = append(own.Queries, q.Query)
		index[q.ID] = i
	}
	if r.batch.Sink != nil && r.parts != nil {
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
