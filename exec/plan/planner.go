package plan

import (
	"context"
	"sync"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// Planner plans batches over the snapshots of one epoch of a table, and remembers what the
// strings of its dictionaries have answered: a search through millions of them is made
// once. It is safe for concurrent use.
type Planner struct {
	mu    sync.Mutex
	asked map[string]valueSet
	spans int // of all that is remembered, with emptySpans for each key
}

// emptySpans is about what a key takes, in spans.
const emptySpans = 16

// maxRemembered is how many spans are remembered, of 16 bytes each; past that all is
// forgotten, and the next that is asked begins anew.
const maxRemembered = 4 << 20

// NewPlanner returns a planner that remembers nothing yet.
func NewPlanner() *Planner { return &Planner{asked: map[string]valueSet{}} }

// New plans queries as [New] does.
func (p *Planner) New(ctx context.Context, queries []*check.Query, snap *column.Snapshot, now time.Time) (*Plan, error) {
	return newPlan(ctx, queries, snap, p, now, false)
}

// NewShown plans queries of which [Evaluator.Rule] is asked for each block: bitmaps that are otherwise only
// counted are kept where they are computed, at the price of smaller blocks.
func (p *Planner) NewShown(ctx context.Context, queries []*check.Query, snap *column.Snapshot, now time.Time) (*Plan, error) {
	return newPlan(ctx, queries, snap, p, now, true)
}

// recall returns what was found for a key.
func (p *Planner) recall(key string) (valueSet, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	set, ok := p.asked[key]
	return set, ok
}

// remember keeps what was found. The spans are shared, and never changed.
func (p *Planner) remember(key string, set valueSet) {
	p.mu.Lock()
	defer p.mu.Unlock()
	size := len(set.spans) + emptySpans
	if p.spans += size; p.spans > maxRemembered {
		clear(p.asked)
		p.spans = size
	}
	p.asked[key] = set
}
