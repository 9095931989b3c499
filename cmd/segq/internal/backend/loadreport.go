package backend

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/loadreport"
	"github.com/segq/segq/cmd/segq/internal/plans"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/repl"
	"github.com/segq/segq/repl/show"
)

// LoadReport says how the data was read, here or by a worker, as far as it is in memory; nothing where the workers do not tell.
func (b *backend) LoadReport(ctx context.Context, look show.Look) ([]string, error) {
	h, release := b.hold()
	defer release()
	if h == nil {
		lines, err := b.reportElsewhere(ctx, look)
		if errors.Is(err, errUntold) {
			return nil, nil
		}
		return lines, err
	}
	r, err := loadreport.Of(ctx, h.data, false)
	if err != nil {
		return nil, err
	}
	return r.Lines(look), nil
}

const (
	// askedFor is how long a worker may take to answer what was asked of it by name, and laterFor how long it may do what it says is
	// on its way.
	askedFor = 10 * time.Second
	laterFor = time.Minute
)

// errUntold says that the workers are of a version that knows nothing of what was asked.
var errUntold = errors.New("the workers are of a version that does not tell this")

// reportElsewhere asks a worker how it has read its data. It may count for a while.
func (b *backend) reportElsewhere(ctx context.Context, look show.Look) (lines []string, err error) {
	err = untilThere(ctx, "counts", func(ctx context.Context, again bool) (pending bool, err error) {
		var a loadreport.Answer
		err = b.askByName(ctx, loadreport.Op, loadreport.Question{Snapshot: b.elsewhere.snapshot(), Again: again}, &a)
		switch {
		case err != nil || a.Pending:
			return a.Pending, err
		case a.Report == nil:
			return false, errOther
		}
		lines = a.Report.Lines(look)
		return false, nil
	})
	return lines, err
}

// untilThere asks a worker for what it does in the background until that is there, not too often and not for ever. again says of a
// question that it was asked before.
func untilThere(ctx context.Context, does string, ask func(ctx context.Context, again bool) (pending bool, err error)) error {
	limited, cancel := context.WithTimeout(ctx, laterFor)
	defer cancel()
	pending := false
	for pause := 20 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		now, err := ask(limited, pending)
		if err == nil && !now {
			return nil
		}
		if err == nil {
			pending = true
			select {
			case <-limited.Done():
				err = limited.Err()
			case <-time.After(pause):
				continue
			}
		}
		if pending && limited.Err() != nil && ctx.Err() == nil {
			return fmt.Errorf("the worker %s for more than a minute, and goes on: ask again in a while", does)
		}
		return err
	}
}

// askByName asks a worker something by name, and reads its answer.
func (b *backend) askByName(ctx context.Context, op string, question, answer any) error {
	body, err := json.Marshal(question)
	if err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, askedFor)
	defer cancel()
	body, err = b.elsewhere.ask(limited, op, body)
	switch {
	case errors.Is(err, redisx.ErrRequest) && strings.HasPrefix(err.Error(), redisx.ErrRequest.Error()+": requests are "): // of a version that does not know of it
		return errUntold
	case errors.Is(err, redisx.ErrRequest):
		return errors.New("the worker says: " + strings.TrimPrefix(err.Error(), redisx.ErrRequest.Error()+": "))
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("no worker has answered within %s: perhaps none is there (.workers)", show.Seconds(askedFor))
	case err != nil:
		return b.reached(err)
	}
	return json.Unmarshal(body, answer)
}

// planElsewhere asks a worker how a query runs.
func (b *backend) planElsewhere(ctx context.Context, q repl.Query) ([]string, error) {
	c := b.command(q, b.definitions())
	var a plans.Answer
	err := untilThere(ctx, "loads what the query reads", func(ctx context.Context, again bool) (pending bool, err error) {
		a = plans.Answer{}
		err = b.askByName(ctx, plans.Op, plans.Question{
			Text: q.Text, Params: c.Params, Now: b.info.Now, Segments: c.Segments, Snapshot: b.elsewhere.snapshot(), Again: again,
		}, &a)
		return a.Pending, err
	})
	if err != nil {
		return nil, err
	}
	if a.Plan == "" {
		return nil, errOther
	}
	return planLines(a.Canonical, a.Plan), nil
}

// planLines are the canonical form of a query and how it runs.
func planLines(canonical, plan string) []string {
	return append([]string{show.Clean(canonical)}, show.CleanLines(strings.TrimRight(plan, "\n"))...)
}
