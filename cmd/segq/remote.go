package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/segq/segq/redisx"
)

// queueAnswerer answers through a queue.
type queueAnswerer struct {
	*queue
	options *options
	io      stdio
	now     time.Time
}

func openQueueAnswerer(ctx context.Context, o *options, data []string, io stdio) (answerer, error) {
	q, err := openQueue(ctx, o, data, o.notes(io))
	if err != nil {
		return nil, err
	}
	return &queueAnswerer{queue: q, options: o, io: io}, nil
}

// prepare finds what is wrong with the form of the queries; where the data is
// here, with the rest of them too.
func (a *queueAnswerer) prepare(queries []written, now time.Time) []*question {
	a.now = now
	if a.data != nil {
		local := &localAnswerer{dataset: a.data, options: a.options}
		return local.prepare(queries, now)
	}
	asked := make([]*question, len(queries))
	for i, w := range queries {
		asked[i] = newQuestion(i, w, now)
	}
	return asked
}

// answer submits all good queries and waits for their jobs to end. When ctx ends
// first, it cancels those that are left.
func (a *queueAnswerer) answer(ctx context.Context, asked []*question, done func(*record)) error {
	waiting := map[string]*question{}
	var commands []redisx.Command
	for _, q := range asked {
		if q.record.Error != nil {
			done(q.record)
			continue
		}
		c := a.command(q)
		commands = append(commands, c)
		waiting[c.ID] = q
	}
	ids, err := submitAll(ctx, a.client, commands, a.options.notes(a.io))
	for _, c := range commands[len(ids):] {
		waiting[c.ID].record.fail(err)
		done(waiting[c.ID].record)
	}
	left, err := awaitEach(ctx, a.client, ids, func(j redisx.Job, result []byte, err error) {
		done(a.record(waiting[j.ID].record, j, result, err))
	})
	if err == nil {
		return nil
	}
	if ctx.Err() == nil {
		return errors.Join(err, errors.New("the jobs go on; their ids are lost with this run"))
	}
	a.abandon(ctx, left, waiting, done)
	return context.Cause(ctx)
}

func (a *queueAnswerer) command(q *question) redisx.Command {
	o := a.options
	return redisx.Command{
		ID: uuid.NewString(), Op: "query", Tenant: o.tenant, Class: o.class,
		Query: q.text(), Name: q.name, Params: o.paramValues(), Now: nowFor(q.statement.X, a.now),
		Sample: o.sample, Seed: o.seed, DeadlineMS: o.timeout.Milliseconds(),
	}
}

// record gives the record of a job that has ended: the worker's, under the id
// and the place that the query has in this run.
func (a *queueAnswerer) record(mine *record, j redisx.Job, data []byte, err error) *record {
	if err != nil {
		mine.fail(err)
		return mine
	}
	if len(data) == 0 || j.State == redisx.Truncated { // half of a record is no answer
		mine.fail(jobError(j))
		return mine
	}
	r, err := recordOf(j, data)
	if err != nil {
		mine.fail(fmt.Errorf("the worker's answer cannot be read: %w", err))
		return mine
	}
	r.ID, r.Index, r.Name = mine.ID, mine.Index, mine.Name
	if j.Command.Now == "" {
		r.Now = mine.Now // the query does not ask
	}
	return r
}

// jobError says why a job ended without a result.
func jobError(j redisx.Job) error {
	switch j.State {
	case redisx.Cancelled:
		return context.Canceled
	case redisx.Expired:
		return fmt.Errorf("%w: %s", context.DeadlineExceeded, j.Error)
	case redisx.Lost:
		return errors.New("the job is lost: Redis does not know it any more; submit it again")
	}
	return errors.New(j.Error)
}

// abandon cancels the jobs that are left, and records them as what ended ctx.
func (a *queueAnswerer) abandon(ctx context.Context, left []string, waiting map[string]*question, done func(*record)) {
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	for _, id := range left {
		q := waiting[id]
		_, _ = a.client.Cancel(limited, id)
		q.record.fail(ctx.Err())
		done(q.record)
	}
}
