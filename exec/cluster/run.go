package cluster

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/executor"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
)

// attempts is how often a batch is asked where the connection is lost, or the answer is not whole.
const attempts = 5

// Run answers the queries of a batch in one statement; those that ask for all ids or for values, in more. Those whose own context ends are ended; the
// statement goes on as long as somebody waits for it.
func (c *Cluster) Run(ctx context.Context, b exec.Batch) ([]exec.Result, error) {
	switch {
	case len(b.Queries) == 0:
		return nil, errors.New("the batch has no queries")
	case b.Now.IsZero():
		return nil, errors.New("the batch does not say what now is")
	case b.Class == exec.Idle:
		return nil, exec.ErrGaveWay
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	r := newRun(c, b, func() { cancel(errNobody) })
	defer r.watch()()
	defer r.ending.Wait() // nobody is told of an answer any more when there is the last
	asked := r.asked()
	for _, i := range r.ids {
		r.end(i, c.ids(ctx, exec.Operation{Now: b.Now, Class: b.Class, Tenant: b.Tenant}, &b.Queries[i]))
	}
	if err := r.describe(ctx); err != nil {
		r.fail(stopped(ctx, err))
		return r.results, nil
	}
	for len(asked.Queries) > 0 {
		some := c.pace.some(asked)
		asked.Queries = asked.Queries[len(some.Queries):]
		answers, err := c.answers(ctx, &some, func(parts []*executor.Progress) { r.hear(some.Queries, parts) })
		if err != nil {
			r.fail(stopped(ctx, err))
			break
		}
		c.pace.note(len(some.Queries), answers)
		r.take(some, answers)
	}
	return r.results, nil
}

// answers asks what is asked of the cluster.
func (c *Cluster) answers(ctx context.Context, asked *exec.Batch, hear func([]*executor.Progress)) ([]*executor.Answer, error) {
	batch, err := executor.NewBatch(*asked, c.snapshot.Schema)
	if err != nil {
		return nil, err
	}
	c.name(batch)
	c.limit(ctx, batch, asked)
	return c.ask(ctx, asked.Class, batch, len(asked.Queries), hear)
}

// limit says in what is asked of executors how long they may work.
func (c *Cluster) limit(ctx context.Context, of *executor.Batch, asked *exec.Batch) {
	of.Within = c.within(ctx, asked)
	of.Until = time.Now().Add(of.Within + clocksApart).UnixMilli()
}

// clocksApart is how far the clocks of executors may be from ours: of two ends of a task the first holds, that after so long a time and
// that at a time of day.
const clocksApart = 30 * time.Second

// name says in a batch which field has which role, and what the files are to have.
func (c *Cluster) name(b *executor.Batch) {
	b.ID, b.Events = c.id, c.events
	if c.piped == "" {
		b.Fields = c.fields
	}
}

// within is how long executors may work: as long as somebody waits.
func (c *Cluster) within(ctx context.Context, b *exec.Batch) time.Duration {
	most := c.options.Within
	if most == 0 {
		most = within
	}
	longest := time.Duration(0)
	for _, q := range b.Queries {
		of := most
		if q.Context != nil {
			if deadline, ok := q.Context.Deadline(); ok {
				of = time.Until(deadline)
			}
		}
		longest = max(longest, of)
	}
	if deadline, ok := ctx.Deadline(); ok {
		longest = min(longest, time.Until(deadline))
	}
	return max(longest, time.Millisecond)
}

// ask asks a batch of the cluster, and returns the answers of all parts; hear is told meanwhile how far they are.
func (c *Cluster) ask(ctx context.Context, class exec.Class, b *executor.Batch, queries int, hear func([]*executor.Progress)) (answers []*executor.Answer, err error) {
	if c.snapshot.Rows() == 0 {
		return nil, nil // there is nothing to ask about
	}
	text, digest, err := b.Encode()
	if err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		err := c.on(ctx, class, func(s *session, k *kept) error {
			return c.during(ctx, queries, hear, func(more string) error {
				rows, err := s.query(ctx, "SELECT part, answer FROM ("+c.program.answering(k.sql(), text, "segq:"+digest, arguments+more, b.Within)+")")
				if err == nil {
					answers, err = k.proven(rows, digest, queries, c.snapshot.Rows())
				}
				if err == nil {
					k.shape.CompareAndSwap(nil, shapeOf(answers))
					c.shape.Store(k.shape.Load())
				}
				return err
			})
		})
		switch {
		case err == nil:
			var misfits []load.Misfit
			for _, a := range answers {
				misfits = append(misfits, a.Misfits...)
			}
			c.tell(misfits)
			return answers, nil
		case ctx.Err() != nil:
			return nil, context.Cause(ctx)
		case !again(err):
			return nil, c.explained(err)
		case try == attempts:
			return nil, &exec.DataError{Err: err}
		}
	}
}

// arguments are those of all tasks: the cache is in the folder of the executor, and goes with it.
const arguments = "--cache ./segq-cache"

// proofError says that what came back is not the answer of the whole table.
type proofError struct{ err error }

func (e *proofError) Error() string {
	return "the answer of the cluster is not whole: " + e.err.Error()
}
func (e *proofError) Unwrap() error { return e.err }

// proven returns the answers of all parts, if there is exactly one of each, and they are as many rows as the table has.
func (k *kept) proven(rows []row, digest string, queries, total int) ([]*executor.Answer, error) {
	answers, seen := map[int]*executor.Answer{}, 0
	var all []*executor.Answer // in the order of the rows
	for _, r := range rows {
		part, err := strconv.Atoi(r.text(0))
		if err != nil || !k.parts[part] {
			return nil, &proofError{fmt.Errorf("there is no part %q", r.text(0))}
		}
		if answers[part] != nil {
			return nil, &proofError{fmt.Errorf("part %d is there twice", part)}
		}
		a, err := executor.DecodeAnswer(r.text(1), digest, queries)
		var refused *executor.RefusedError
		switch {
		case errors.As(err, &refused):
			return nil, err
		case err != nil:
			return nil, &proofError{fmt.Errorf("part %d: %w", part, err)}
		}
		if a.Part != part {
			return nil, &proofError{fmt.Errorf("part %d is called %d", a.Part, part)}
		}
		answers[part], all = a, append(all, a)
		seen += a.Rows
	}
	if len(answers) != len(k.parts) {
		return nil, &proofError{fmt.Errorf("there are %d parts of %d", len(answers), len(k.parts))}
	}
	if seen != total {
		return nil, &proofError{fmt.Errorf("its parts have %d rows, and the table %d", seen, total)}
	}
	return all, nil
}

// explained makes the error of a statement one of the data where a task says so.
func (c *Cluster) explained(err error) error {
	var refused *executor.RefusedError
	switch {
	case !errors.As(err, &refused):
	case refused.Over:
		return context.DeadlineExceeded
	default:
		return &exec.DataError{Err: err}
	}
	var failed *StatementError
	if !errors.As(err, &failed) {
		return err
	}
	switch failed.taskStatus() {
	case "75":
		return context.DeadlineExceeded
	case "3", "65":
		return &exec.DataError{Err: err}
	}
	return err
}

// numeric says whether there are numbers at a path of fields.
func numeric(t *check.Type, path []string) bool {
	for _, name := range path {
		f := t.Field(name)
		if f == nil {
			return false
		}
		t = f.Type
	}
	return t.Kind == check.Int || t.Kind == check.Float
}
