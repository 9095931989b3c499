package resident

import (
	"context"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
)

// Cut makes partitions of rows that end at the given ones.
func (e *Engine) Cut(ends []int) {
	var parts []column.Partition
	start := 0
	for _, end := range ends {
		parts = append(parts, column.Partition{Range: column.Range{Start: start, End: end}})
		start = end
	}
	e.views.of(e.Snapshot()).cuts = [2][]column.Partition{parts, parts}
}

// Parts returns the partitions.
func (e *Engine) Parts() []column.Partition {
	snap := e.Snapshot()
	return e.views.of(snap).partitions(snap)
}

// Times runs a batch, and says how long the turns of each partition were together.
func (e *Engine) Times(ctx context.Context, b exec.Batch) []time.Duration {
	r := newRun(e, b)
	r.scan(ctx)
	var times []time.Duration
	for _, p := range r.parts {
		times = append(times, p.took)
	}
	return times
}
