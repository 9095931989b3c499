package ask

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/segq/segq/cmd/segq/internal/answer"
	"github.com/segq/segq/cmd/segq/internal/broker"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// queueAnswerer answers through a queue.
type queueAnswerer struct {
	*Queue
	options Options
	now     time.Time
	// elsewhere is what the workers say of their data, nil where that is here or nobody does.
	elsewhere *dataset.Published
}

func openQueueAnswerer(ctx context.Context, p Place, o Options) (Answerer, error) {
	q, err := OpenQueue(ctx, p, o.Notes)
	if err != nil {
		return nil, err
	}
	a := &queueAnswerer{Queue: q, options: o}
	if q.Data == nil {
		a.elsewhere, _ = dataset.ReadPublished(ctx, q.Client) // it is only told in records of what is wrong
	}
	return a, nil
}

// Prepare finds what is wrong with the form of the queries and with the segments that
// they ask about; where the data is here, with the rest of them too.
func (a *queueAnswerer) Prepare(queries []rules.Written, now time.Time) []*Question {
	a.now = now
	if a.Data != nil {
		return PrepareOver(a.Data, queries, a.options.Params, now)
	}
	asked := Questions(queries, now)
	if p := a.elsewhere; p != nil {
		for _, q := range asked {
			q.Record.Snapshot, q.Record.Engine, q.Record.RowsSkipped = p.Snapshot, p.Engine, p.RowsSkipped
		}
	}
	Link(asked)
	return asked
}

// TogetherFrom is from how many queries on a run goes as jobs of many rules, of at most
// togetherMost: a job for each takes the queue longer than answering them.
const TogetherFrom, togetherMost = 100, 1000

// Answer submits all good queries and waits for their jobs to end. When ctx ends
// first, it cancels those that are left.
func (a *queueAnswerer) Answer(ctx context.Context, asked []*Question, done func(*record.Record)) error {
	var good []*Question
	var commands []redisx.Command
	refuse := func(q *Question) {
		if !a.options.Analysis.Joint() {
			done(q.Record)
		}
	}
	for _, q := range asked {
		if q.Record.Error != nil {
			refuse(q)
			continue
		}
		c := a.options.Command(q, a.now)
		c.DeadlineMS = remaining(ctx, c.DeadlineMS)
		if err := c.Check(); err != nil {
			answer.RefuseCommand(q.Record, err)
			refuse(q)
			continue
		}
		good, commands = append(good, q), append(commands, c)
	}
	switch spec := a.options.Analysis; {
	case spec.Joint():
		good, commands = a.joint(asked, commands, done)
	case spec.Op == "" && len(commands) >= TogetherFrom:
		commands = Together(commands, togetherMost)
	}
	jobs := map[string]*queueJob{}
	for _, c := range commands {
		n := AnswersOf(c)
		jobs[c.ID] = &queueJob{c, good[:n]}
		good = good[n:]
	}
	ids, refused := broker.Submit(ctx, a.Client, commands, a.options.Notes)
	for _, c := range commands[len(ids):] {
		jobs[c.ID].fail(refused, done)
	}
	bar := printer.StartProgress(a.options.Progress, len(asked), a.options.Console)
	defer bar.Stop()
	defer broker.NoteNoWorker(ctx, a.Client, a.options.Notes)()
	left, err := broker.Follow(ctx, a.Client, ids, showing(bar), func(j redisx.Job, result []byte, err error) {
		jobs[j.ID].Answer(j, result, err, func(r *record.Record) {
			jobs[j.ID].noteStop(r, bar)
			done(r)
		})
	})
	if err == nil && refused != nil && ctx.Err() == nil {
		return exit.Data(fmt.Errorf("%d of %d are queued: %w", len(ids), len(commands), refused))
	}
	if err == nil && ctx.Err() == nil {
		return nil
	}
	if ctx.Err() == nil {
		return errors.Join(err, errors.New("the jobs continue; their ids are lost with this run"))
	}
	a.abandon(ctx, left, jobs, bar, done)
	return context.Cause(ctx)
}

// showing returns what shows on a bar how far jobs are. The bar knows them by their ids, and
// begins again with a job that another worker has begun again.
func showing(bar *printer.Progress) func([]redisx.Job) {
	return func(jobs []redisx.Job) {
		for _, j := range jobs {
			if j.Load.Total > 0 {
				bar.Load(j.ID, exec.Loading(j.Load))
			}
			if len(j.Partitions) == 0 {
				continue
			}
			sizes := make([]int, len(j.Partitions))
			for i, p := range j.Partitions {
				sizes[i] = p.Total
			}
			bar.Start(j.ID, sizes)
			for i, p := range j.Partitions {
				bar.Progress(j.ID, i, exec.Progress{Rows: p.Rows, Matched: p.Matched, Done: p.Done})
			}
		}
	}
}

// joint returns the question that is about all, and its command, which is made of those of each; none
// where one of them is wrong, which is done then.
func (a *queueAnswerer) joint(asked []*Question, each []redisx.Command, done func(*record.Record)) ([]*Question, []redisx.Command) {
	q := joint(asked)
	if q.Record.Error != nil {
		done(q.Record)
		return nil, nil
	}
	c := AsJoint(each, a.options.Analysis)
	if err := c.Check(); err != nil {
		answer.RefuseCommand(q.Record, err)
		done(q.Record)
		return nil, nil
	}
	return []*Question{q}, []redisx.Command{c}
}

// AnswersOf is how many records the answer to a command has.
func AnswersOf(c redisx.Command) int {
	if c.Op == "rules" {
		return len(c.Queries)
	}
	return 1
}

// remaining returns how many milliseconds a job may take whose run ends with ctx: some of the
// time may have passed, and a job that expires with what it has is better than one that is
// abandoned.
func remaining(ctx context.Context, most int64) int64 {
	if deadline, ok := ctx.Deadline(); ok {
		return max(1, min(most, time.Until(deadline).Milliseconds()))
	}
	return most
}

// queueJob is a job of a run with the questions that it asks.
type queueJob struct {
	command redisx.Command
	asked   []*Question
}

// Answer gives the records of a job that has ended: the worker's, under the ids and in the
// places that the queries have in this run.
func (q *queueJob) Answer(j redisx.Job, result []byte, unread error, done func(*record.Record)) {
	j.Command = q.command // Redis may not know it any more
	records, _ := Records(j, result, unread)
	for i, r := range records {
		mine := q.asked[i].Record
		r.ID, r.Index, r.Name = mine.ID, mine.Index, mine.Name
		r.RuleSet, r.SegmentVersions = mine.RuleSet, mine.SegmentVersions
		q.asked[i].Locate(r)
		if j.Command.Now == "" {
			r.Now = mine.Now // the query does not ask
		}
		done(r)
	}
}

// fail gives records that say that the job was not submitted, or was given up.
func (q *queueJob) fail(err error, done func(*record.Record)) {
	for _, one := range q.asked {
		answer.Fail(one.Record, err)
		done(one.Record)
	}
}

// noteStop says how far the query of a job had come that was stopped. Of several, nobody counts each.
func (q *queueJob) noteStop(r *record.Record, bar *printer.Progress) {
	if len(q.asked) == 1 {
		bar.NoteStop(r, q.command.ID)
	}
}

// abandon cancels the jobs that are left, and records them as what ended ctx.
func (a *queueAnswerer) abandon(ctx context.Context, left []string, jobs map[string]*queueJob, bar *printer.Progress, done func(*record.Record)) {
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	for _, id := range left {
		_, _ = a.Client.Cancel(limited, id)
		jobs[id].fail(ctx.Err(), func(r *record.Record) {
			jobs[id].noteStop(r, bar)
			done(r)
		})
	}
}
