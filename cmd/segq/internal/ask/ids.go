package ask

import (
	"context"
	"errors"
	"strconv"

	"github.com/segq/segq/cmd/segq/internal/answer"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/lang/check"
)

// ErrNoIDs says that profiles have no ids.
var ErrNoIDs = errors.New("the profiles of this data have no ids: name the field that has them with --id")

// IDs answers a question that is right, and gives the ids of all profiles that match, some at a time.
func (l *Local) IDs(ctx context.Context, q *Question, give func(ids []string) error) error {
	if l.Snapshot.ID == nil {
		return ErrNoIDs
	}
	one := exec.Query{ID: strconv.Itoa(q.Record.Index), Typed: q.Typed, IDs: give}
	bar := printer.StartProgress(l.Options.Progress, 1, l.Options.Console)
	defer bar.Stop()
	if err := l.Load(ctx, one.Reads(l.Snapshot.ID)); err != nil {
		return err
	}
	results, err := l.Runner().Run(ctx, exec.Batch{Now: l.now, Sink: bar, Queries: []exec.Query{one}})
	if err != nil {
		return err
	}
	r := results[0]
	r.Err = l.Explain(r.Err)
	answer.Fill(q.Record, r)
	l.Describe(q.Record, []*check.Query{q.Typed})
	return r.Err
}
