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
	// askedFor is how long a worker may take for what was asked of it by name, and reportFor how long it may count.
	askedFor  = 10 * time.Second
	reportFor = time.Minute
)

// errUntold says that the workers are of a version that knows nothing of what was asked.
var errUntold = errors.New("the workers are of a version that does not tell this")

// reportElsewhere asks a worker how it has read its data. It may count for a while.
func (b *backend) reportElsewhere(ctx context.Context, look show.Look) ([]string, error) {
	limited, cancel := context.WithTimeout(ctx, reportFor)
	defer cancel()
	counting := false
	for {
		var a loadreport.Answer
		err := b.askByName(limited, loadreport.Op, loadreport.Question{Snapshot: b.elsewhere.snapshot()}, &a)
		if counting && limited.Err() != nil && ctx.Err() == nil {
			return nil, errors.New("the worker counts for more than a minute, and goes on: ask again in a while")
		}
		if err != nil {
			return nil, err
		}
		if r := a.Report; r != nil {
			return r.Lines(look), nil
		}
		if !a.Pending {
			return nil, errOther
		}
		counting = true
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
		return fmt.Errorf("no worker has answered within %s: perhaps it has to load columns first, or none is there (.workers)", show.Seconds(askedFor))
	case err != nil:
		return b.reached(err)
	}
	return json.Unmarshal(body, answer)
}

// planElsewhere asks a worker how a query runs.
func (b *backend) planElsewhere(ctx context.Context, q repl.Query) ([]string, error) {
	c := b.command(q, b.definitions())
	var a plans.Answer
	ask := plans.Question{Text: q.Text, Params: c.Params, Now: b.info.Now, Segments: c.Segments, Snapshot: b.elsewhere.snapshot()}
	if err := b.askByName(ctx, plans.Op, ask, &a); err != nil {
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
