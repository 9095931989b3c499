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
	now     time.Time
}

func openQueueAnswerer(ctx context.Context, o *options, data []string, io stdio) (answerer, error) {
	q, err := openQueue(ctx, o, data, o.notes(io))
	if err != nil {
		return nil, err
	}
	return &queueAnswerer{queue: q, options: o}, nil
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

// pollEvery is how often a headless run asks for the state of its jobs.
const pollEvery = 50 * time.Millisecond

// answer submits all good queries and waits for their jobs to end. When ctx ends
// first, it cancels those that are left.
func (a *queueAnswerer) answer(ctx context.Context, asked []*question, done func(*record)) error {
	waiting := map[string]*question{}
	for _, q := range asked {
		if q.record.Error != nil {
			done(q.record)
			continue
		}
		id, err := a.client.Submit(ctx, a.command(q))
		if err != nil {
			q.record.fail(err)
			done(q.record)
			continue
		}
		waiting[id] = q
	}
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for len(waiting) > 0 {
		select {
		case <-ctx.Done():
			a.abandon(ctx, waiting, done)
			return context.Cause(ctx)
		case <-tick.C:
		}
		if err := a.poll(ctx, waiting, done); err != nil && ctx.Err() == nil {
			return dataError(errors.Join(err, errors.New("the jobs go on; their ids are lost with this run")))
		}
	}
	return nil
}

func (a *queueAnswerer) command(q *question) redisx.Command {
	o := a.options
	return redisx.Command{
		ID: uuid.NewString(), Op: "query", Tenant: o.tenant, Class: o.class,
		Query: q.text(), Name: q.name, Params: o.paramValues(), Now: nowFor(q.statement.X, a.now),
		Sample: o.sample, Seed: o.seed, DeadlineMS: o.timeout.Milliseconds(),
	}
}

// poll hands the records of jobs that have ended to done.
func (a *queueAnswerer) poll(ctx context.Context, waiting map[string]*question, done func(*record)) error {
	ids := make([]string, 0, len(waiting))
	for id := range waiting {
		ids = append(ids, id)
	}
	for len(ids) > 0 {
		n := min(len(ids), 200)
		jobs, err := a.client.Status(ctx, ids[:n]...)
		if err != nil {
			return err
		}
		ids = ids[n:]
		for _, j := range jobs {
			if !j.State.Final() {
				continue
			}
			done(a.record(ctx, waiting[j.ID].record, j))
			delete(waiting, j.ID)
		}
	}
	return nil
}

// record gives the record of a job that has ended: the worker's, under the id
// and the place that the query has in this run.
func (a *queueAnswerer) record(ctx context.Context, mine *record, j redisx.Job) *record {
	data, err := a.client.Result(ctx, j)
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
func (a *queueAnswerer) abandon(ctx context.Context, waiting map[string]*question, done func(*record)) {
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	for id, q := range waiting {
		_, _ = a.client.Cancel(limited, id)
		q.record.fail(ctx.Err())
		done(q.record)
	}
}
