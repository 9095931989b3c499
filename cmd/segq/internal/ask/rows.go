package ask

import (
	"context"
	"errors"
	"time"

	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/explanation"
	"github.com/segq/segq/cmd/segq/internal/output"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
)

// NoRows notes in the record of a question why no profile matches.
func (l *Local) NoRows(ctx context.Context, q *Question, elapsed time.Duration) {
	none, total := 0, l.Snapshot.Rows()+l.Others
	q.Record.Count, q.Record.Total = &none, &total
	l.Empty(ctx, explanation.New(l.Dataset), q, elapsed)
}

// Rows gives the profiles that match, in the order of the data. The error has the status of the
// process.
func (l *Local) Rows(ctx context.Context, q resident.Rows) (resident.RowsResult, error) {
	q.Now = l.now
	result, err := l.rows(ctx, q)
	return result, l.ending(ctx, err)
}

// ending returns the error of rows with the status of the process.
func (l *Local) ending(ctx context.Context, err error) error {
	var status *exit.Error
	var lost *output.Error
	var data *exec.DataError
	switch {
	case err == nil, errors.As(err, &status), errors.As(err, &lost), exit.IsInternal(err), ctx.Err() != nil:
	case errors.As(err, &data):
		return exit.Data(err)
	default:
		return &exit.Error{Status: exit.WrongQuery, Err: l.Explain(err)}
	}
	return err
}

func (l *Local) rows(ctx context.Context, q resident.Rows) (resident.RowsResult, error) {
	// The number of a row may be its id, and decides whether it is in a sample: it is to be that of
	// the data.
	if !q.IDs && q.Sample == 0 {
		if err := l.Narrow([]check.Node{q.Where.Cond}, l.now); err != nil {
			return resident.RowsResult{}, err
		}
	}
	reads := q.Reads(l.Snapshot)
	if q.Sample == 0 {
		if result, parted, err := l.rowsOfParts(ctx, q, reads); parted || err != nil {
			return result, err
		}
	}
	if err := l.Load(ctx, reads); err != nil {
		return resident.RowsResult{}, err
	}
	bar := printer.StartProgress(l.Options.Progress, 1, l.Options.Console)
	defer bar.Stop()
	q.Sink = bar
	return l.GiveRows(ctx, q)
}

// errEnough ends the parts when the limit is reached.
var errEnough = errors.New("there are as many rows as are wanted")

// rowsOfParts gives the rows of one part of the table after another, where what is read is too
// much to be in memory together.
func (l *Local) rowsOfParts(ctx context.Context, q resident.Rows, reads *check.Reads) (all resident.RowsResult, parted bool, err error) {
	limit := q.Limit
	parted, err = l.OrderedParts(ctx, reads, 1, func(e *resident.Engine) error {
		if limit > 0 {
			if q.Limit = limit - all.Rows; q.Limit == 0 {
				all.Limited = true
				return errEnough
			}
		}
		one, err := e.Rows(ctx, q)
		q.First += e.Snapshot().Rows()
		all.Rows, all.Nameless = all.Rows+one.Rows, all.Nameless+one.Nameless
		all.Limited, all.Overflowed = one.Limited, all.Overflowed || one.Overflowed
		return err
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return all, parted, err
}
