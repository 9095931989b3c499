package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// queueAnswerer answers through a queue.
type queueAnswerer struct {
	*queue
	options *options
	io      stdio
	now     time.Time
	// elsewhere is what the workers say of their data, nil where that is here or nobody does.
	elsewhere *published
}

func openQueueAnswerer(ctx context.Context, o *options, data []string, io stdio) (answerer, error) {
	q, err := openQueue(ctx, o, data, o.notes(io))
	if err != nil {
		return nil, err
	}
	a := &queueAnswerer{queue: q, options: o, io: io}
	if q.data == nil {
		a.elsewhere, _ = readPublished(ctx, q.client) // it is only told in records of what is wrong
	}
	return a, nil
}

// prepare finds what is wrong with the form of the queries and with the segments that
// they ask about; where the data is here, with the rest of them too.
func (a *queueAnswerer) prepare(queries []written, now time.Time) []*question {
	a.now = now
	if a.data != nil {
		local := &localAnswerer{dataset: a.data, options: a.options}
		return local.prepare(queries, now)
	}
	asked := make([]*question, len(queries))
	for i, w := range queries {
		asked[i] = newQuestion(i, w, now)
		if p := a.elsewhere; p != nil {
			r := asked[i].record
			r.Snapshot, r.Engine, r.RowsSkipped = p.Snapshot, p.Engine, p.RowsSkipped
		}
	}
	linkRules(asked)
	return asked
}

// togetherFrom is from how many queries on a run goes as jobs of many rules, of at most
// togetherMost: a job for each takes the queue longer than answering them.
const togetherFrom, togetherMost = 100, 1000

// answer submits all good queries and waits for their jobs to end. When ctx ends
// first, it cancels those that are left.
func (a *queueAnswerer) answer(ctx context.Context, asked []*question, done func(*record.Record)) error {
	var good []*question
	var commands []redisx.Command
	for _, q := range asked {
		if q.record.Error != nil {
			done(q.record)
			continue
		}
		c := a.command(q)
		if err := c.Check(); err != nil {
			refuseCommand(q.record, err)
			done(q.record)
			continue
		}
		good, commands = append(good, q), append(commands, c)
	}
	if len(commands) >= togetherFrom {
		commands = together(commands, togetherMost)
	}
	jobs := map[string]*queueJob{}
	for _, c := range commands {
		n := max(1, len(c.Queries))
		jobs[c.ID] = &queueJob{c, good[:n]}
		good = good[n:]
	}
	ids, err := submitAll(ctx, a.client, commands, a.options.notes(a.io))
	for _, c := range commands[len(ids):] {
		jobs[c.ID].fail(err, done)
	}
	left, err := awaitEach(ctx, a.client, ids, func(j redisx.Job, result []byte, err error) {
		jobs[j.ID].answer(j, result, err, done)
	})
	if err == nil {
		return nil
	}
	if ctx.Err() == nil {
		return errors.Join(err, errors.New("the jobs go on; their ids are lost with this run"))
	}
	a.abandon(ctx, left, jobs, done)
	return context.Cause(ctx)
}

// queueJob is a job of a run with the questions that it asks.
type queueJob struct {
	command redisx.Command
	asked   []*question
}

// answer gives the records of a job that has ended: the worker's, under the ids and in the
// places that the queries have in this run.
func (q *queueJob) answer(j redisx.Job, result []byte, unread error, done func(*record.Record)) {
	j.Command = q.command // Redis may not know it any more
	records, _ := recordsOf(j, result, unread)
	for i, r := range records {
		mine := q.asked[i].record
		r.ID, r.Index, r.Name = mine.ID, mine.Index, mine.Name
		q.asked[i].place(r)
		if j.Command.Now == "" {
			r.Now = mine.Now // the query does not ask
		}
		done(r)
	}
}

// fail gives records that say that the job was not submitted, or was given up.
func (q *queueJob) fail(err error, done func(*record.Record)) {
	for _, one := range q.asked {
		fail(one.record, err)
		done(one.record)
	}
}

func (a *queueAnswerer) command(q *question) redisx.Command {
	o := a.options
	return redisx.Command{
		ID: uuid.NewString(), Op: "query", Tenant: o.tenant, Class: o.class,
		Query: q.record.Query, Name: q.name, Segments: q.segments(), Params: o.paramValues(), Now: o.nowFor(q, a.now),
		Sample: o.sample, Seed: o.seed, Values: o.values, DeadlineMS: o.timeout.Milliseconds(),
	}
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
func (a *queueAnswerer) abandon(ctx context.Context, left []string, jobs map[string]*queueJob, done func(*record.Record)) {
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	for _, id := range left {
		_, _ = a.client.Cancel(limited, id)
		jobs[id].fail(ctx.Err(), done)
	}
}
