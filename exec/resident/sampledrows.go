package resident

import (
	"context"
	"slices"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
)

// sample chooses the rows of a sample in a scan of its own, of which the sink hears, and makes
// stretches of them.
func (r *rows) sample(ctx context.Context) error {
	own := &meter{budget: r.engine.budget}
	defer own.close()
	chosen := newSample(r.Sample, r.Seed)
	results, err := r.engine.Run(ctx, exec.Batch{
		Now: r.Now, Class: r.Class, Tenant: r.Tenant, Sink: r.Sink,
		Queries: []exec.Query{{
			// Nobody calls it twice at the same time.
			ID: r.ID, Typed: r.Where, Matches: func(start int, words []uint64) error { return chosen.see(words, start, own) },
		}},
	})
	if err != nil {
		return err
	}
	if results[0].Err != nil {
		return results[0].Err
	}
	r.result.Matched, r.result.Overflowed = results[0].Count, results[0].Overflowed
	rows := chosen.take()
	if r.Chosen != nil {
		some := make([]int, 0, len(r.Chosen))
		for _, i := range r.Chosen {
			if i >= 0 && i < len(rows) {
				some = append(some, rows[i])
			}
		}
		rows = some
	}
	if r.Limit > 0 && len(rows) > r.Limit {
		rows, r.result.Limited = rows[:r.Limit], true
	}
	r.Limit = 0
	return r.stretch(rows, own)
}

// stretch makes stretches of rows that are known.
func (r *rows) stretch(rows []int, own *meter) error {
	if err := own.charge(4 * len(rows)); err != nil {
		return err
	}
	r.sampled = true
	for some := range slices.Chunk(rows, r.lot()) {
		s := newStretch(len(r.stretches), column.Range{Start: some[0], End: some[len(some)-1] + 1})
		s.left.Start = s.left.End
		for _, row := range some {
			s.pending = append(s.pending, uint32(row))
		}
		r.stretches = append(r.stretches, s)
	}
	r.last.Store(int64(len(r.stretches)))
	return nil
}
