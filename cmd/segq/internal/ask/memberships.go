package ask

import (
	"context"
	"errors"
	"fmt"

	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
)

// Memberships gives the rules that each profile is in, in the order of the data. The error has the status of
// the process.
func (l *Local) Memberships(ctx context.Context, q resident.Memberships) (resident.MembershipsResult, error) {
	q.Now = l.now
	result, err := l.memberships(ctx, q)
	var rule *resident.RuleError
	if errors.As(err, &rule) {
		err = fmt.Errorf("%s: %w", q.Names[rule.Rule], rule.Err)
	}
	return result, l.ending(ctx, err)
}

func (l *Local) memberships(ctx context.Context, q resident.Memberships) (resident.MembershipsResult, error) {
	reads := q.Reads(l.Snapshot)
	if result, parted, err := l.membershipsOfParts(ctx, q, reads); parted || err != nil {
		return result, err
	}
	if err := l.Load(ctx, reads); err != nil {
		return resident.MembershipsResult{}, err
	}
	bar := printer.StartProgress(l.Options.Progress, 1, l.Options.Console)
	defer bar.Stop()
	q.Sink = bar
	return l.GiveMemberships(ctx, q)
}

// membershipsOfParts gives those of one part of the table after another, where what is read is too much to be
// in memory together.
func (l *Local) membershipsOfParts(ctx context.Context, q resident.Memberships, reads *check.Reads) (all resident.MembershipsResult, parted bool, err error) {
	all.Counts, all.Overflowed = make([]int, len(q.Rules)), make([]bool, len(q.Rules))
	parted, err = l.OrderedParts(ctx, reads, len(q.Rules), func(e *resident.Engine) error {
		one, err := e.Memberships(ctx, q)
		if err != nil {
			return err
		}
		q.First += e.Snapshot().Rows()
		all.Rows, all.Total, all.Members, all.Nameless = all.Rows+one.Rows, all.Total+one.Total, all.Members+one.Members, all.Nameless+one.Nameless
		for i := range all.Counts {
			all.Counts[i] += one.Counts[i]
			all.Overflowed[i] = all.Overflowed[i] || one.Overflowed[i]
		}
		return nil
	})
	return all, parted, err
}
