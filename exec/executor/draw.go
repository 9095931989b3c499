package executor

import (
	"context"
	"math/rand/v2"
	"runtime/debug"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/ast"
)

// partSeed is the seed of a part: rows of equal number in two parts are to be drawn independently.
func partSeed(seed uint64, part int) uint64 { return seed + uint64(part)*0x9e3779b97f4a7c15 }

// matched finds the profiles that match the first query, nil for all where there is none.
func (t *task) matched(ctx context.Context, o *opened) (column.Bitmap, error) {
	if len(o.queries) == 0 {
		return nil, nil
	}
	m := &matches{bits: make([]byte, 8*words(o.table.Snapshot().Rows()))}
	results, err := o.engine.Run(ctx, exec.Batch{Now: t.batch.Now, Queries: []exec.Query{{ID: "0", Typed: o.queries[0], Matches: m.take}}})
	if err == nil {
		err = results[0].Err
	}
	if err != nil {
		return nil, err
	}
	return (&Outcome{Bits: m.bits}).Words(0, len(m.bits)/8), nil
}

// drawn returns the numbers of the rows that are given, of those that match: all, or each as probably as the share says.
func (t *task) drawn(matched column.Bitmap, n int) (rows []uint32) {
	take := t.batch.Take
	rng := rand.New(rand.NewPCG(take.Seed, uint64(t.split.Part)))
	for row := range n {
		if matched != nil && !matched.Get(row) {
			continue
		}
		if take.Share == 0 || rng.Float64() < take.Share {
			rows = append(rows, uint32(row))
		}
	}
	return rows
}

// guarded does something with the columns of a snapshot, which may lie in a file that somebody changes.
func guarded(snap *column.Snapshot, do func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer ast.Guard(func(f *ast.Fault) {
		if err = f; snap.Lost != nil {
			if lost := snap.Lost(f.Value); lost != nil {
				err = &exec.DataError{Err: lost}
			}
		}
	})
	if err = do(); err == nil && snap.Lost != nil {
		if lost := snap.Lost(nil); lost != nil {
			err = &exec.DataError{Err: lost}
		}
	}
	return err
}
