package dataset

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"

	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// The columns of a part hold about partBytes for each query that is asked of it, since what
// planning costs is by part and query, but no less than leastPart, and no more than mostPart.
// A part of leastPart stays in the caches of a processor.
const (
	partBytes = 256 << 10
	leastPart = 2 << 20
	mostPart  = 128 << 20
)

// fewParts is how many parts for each thread are so few that a thread would be left with one
// at the end.
const fewParts = 8

// Parts has queries, so many, answered over parts of the rows of which nothing is kept: what
// is asked has to be something that can be added up. Threads that work side by side call
// answer, each with its number, an engine and one part after another. Parts says whether
// there are such parts; else what was answered is to be forgotten.
func (d *Dataset) Parts(ctx context.Context, reads *check.Reads, queries int, answer func(ctx context.Context, thread int, r exec.Runner) error) (parted bool, err error) {
	files, ok := files(d.table)
	if !ok || d.all || !files.parted() {
		return false, nil
	}
	parts, err := files.Parts(files.reads(reads), d.partBytes(max(leastPart, queries*partBytes)))
	if err != nil {
		return false, exit.Data(err)
	}
	if parts == nil {
		return false, nil
	}
	g, ctx := errgroup.WithContext(ctx)
	readers := parts.Readers(parts.Len())
	for thread, reader := range readers {
		o := d.options
		if parts.Len() >= fewParts*len(readers) {
			o.Threads = 1
		}
		o.Memory /= int64(len(readers))
		g.Go(func() error {
			return eachPart(ctx, reader, files.part(reader), o, func(e *resident.Engine) error {
				return answer(ctx, thread, e)
			})
		})
	}
	err = g.Wait()
	d.notes.wipe()
	if errors.Is(err, load.ErrNotInParts) {
		return false, nil
	}
	if err != nil {
		return true, exit.Data(d.memory.explain(err))
	}
	d.notes.report(d.table.Report())
	return true, nil
}

// orderedPart is what the columns of a part hold that all threads work on.
const orderedPart = 64 << 20

// errNotInOrder says that what was given may be wrong.
var errNotInOrder = errors.New("a column turned out to be no text in the middle of the data, which decides what it is in all of it: give --load all")

// OrderedParts is Parts for what cannot be added up: one part is answered after another, in the order
// of the rows. What answer has given when there is an error may be wrong.
func (d *Dataset) OrderedParts(ctx context.Context, reads *check.Reads, queries int, answer func(*resident.Engine) error) (parted bool, err error) {
	files, ok := files(d.table)
	if !ok || d.all || !files.parted() {
		return false, nil
	}
	parts, err := files.Parts(files.reads(reads), d.partBytes(max(orderedPart, queries*partBytes)))
	if err != nil {
		return false, exit.Data(err)
	}
	if parts == nil {
		return false, nil
	}
	reader := parts.Readers(1)[0]
	err = eachPart(ctx, reader, files.part(reader), d.options, func(e *resident.Engine) error {
		defer func() { d.notes.progress(parts.Progress()) }()
		return answer(e)
	})
	d.notes.wipe()
	switch {
	case errors.Is(err, load.ErrNotInParts):
		return true, exit.Data(errNotInOrder)
	case err != nil:
		return true, d.memory.explain(err)
	}
	d.notes.report(d.table.Report())
	return true, nil
}

// partBytes is what the columns of a part may hold, of so much that would be best.
func (d *Dataset) partBytes(best int) int64 {
	most := int64(min(best, mostPart))
	if d.memory.columns > 0 {
		most = min(most, d.memory.columns/8)
	}
	return most
}

// eachPart calls f with an engine over each part that a reader reads, which table has.
func eachPart(ctx context.Context, reader *load.PartReader, table column.Table, o resident.Options, f func(*resident.Engine) error) (err error) {
	defer ast.Guard(func(fault *ast.Fault) { err = fault }) // in a goroutine, a panic would end the process
	defer func() { _ = reader.Close() }()
	e := resident.Open(table, o)
	defer e.Close()
	for {
		ok, err := reader.Next(ctx)
		if err != nil || !ok {
			return err
		}
		if err := f(e); err != nil {
			return err
		}
	}
}
