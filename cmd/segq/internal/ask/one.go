package ask

import (
	"context"
	"errors"
	"time"

	"github.com/segq/segq/cmd/segq/internal/broker"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// One asks a command that has one answer, shows how far its job is, and returns the answer. When ctx ends first it
// cancels the job.
func (q *Queue) One(ctx context.Context, c redisx.Command, o Options) (r *record.Record, err error) {
	if err := c.Check(); err != nil {
		return nil, exit.Usage(err)
	}
	ids, err := broker.Submit(ctx, q.Client, []redisx.Command{c}, o.Notes)
	if err != nil {
		return nil, exit.Data(err)
	}
	bar := printer.StartProgress(o.Progress, 1, o.Console)
	defer bar.Stop()
	defer broker.NoteNoWorker(ctx, q.Client, o.Notes)()
	var unread error
	left, err := broker.Follow(ctx, q.Client, ids, showing(bar), func(j redisx.Job, result []byte, err error) {
		j.Command = c // Redis may not know it any more
		var all []*record.Record
		all, unread = Records(j, result, err)
		r = all[0]
	})
	if len(left) > 0 {
		limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		_, _ = q.Client.Cancel(limited, c.ID)
	}
	switch {
	case err != nil:
		return nil, err
	case unread != nil:
		return nil, exit.Data(unread)
	case r == nil:
		return nil, exit.Data(errors.New("the job has no answer"))
	}
	return r, nil
}
