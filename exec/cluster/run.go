package cluster

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/executor"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
)

// attempts is how often a batch is asked where the connection is lost, or the answer is not whole.
const attempts = 3

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
	asked := r.asked()
	for _, i := range r.ids {
		r.end(i, c.ids(ctx, exec.Operation{Now: b.Now, Class: b.Class, Tenant: b.Tenant}, &b.Queries[i]))
	}
	if len(asked.Queries) == 0 {
		return r.results, nil
	}
	answers, err := c.answers(ctx, &asked, func(parts []*executor.Progress) { r.hear(asked.Queries, parts) })
	if err != nil {
		r.fail(stopped(ctx, err))
		return r.results, nil
	}
	if err := r.describe(ctx); err != nil {
		r.fail(stopped(ctx, err))
		return r.results, nil
	}
	r.take(asked, answers)
	return r.results, nil
}

// answers asks what is asked of the cluster.
func (c *Cluster) answers(ctx context.Context, asked *exec.Batch, hear func([]*executor.Progress)) ([]*executor.Answer, error) {
	batch, err := executor.NewBatch(*asked, c.snapshot.Schema)
	if err != nil {
		return nil, err
	}
	c.name(batch)
	batch.Within = c.within(ctx, asked)
	return c.ask(ctx, batch, len(asked.Queries), hear)
}

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
func (c *Cluster) ask(ctx context.Context, b *executor.Batch, queries int, hear func([]*executor.Progress)) (answers []*executor.Answer, err error) {
	if c.snapshot.Rows() == 0 {
		return nil, nil // there is nothing to ask about
	}
	text, digest, err := b.Encode()
	if err != nil {
		return nil, err
	}
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	for try := 1; ; try++ {
		var rows []row
		err = c.during(ctx, queries, hear, func(arguments string) (err error) {
			rows, err = c.once(ctx, text, digest, arguments, b.Within)
			return err
		})
		if err == nil {
			if answers, err = c.proven(rows, digest, queries); err == nil {
				c.shape.Store(shapeOf(answers))
				return answers, nil
			}
		}
		var lost *lostError
		var unproven *proofError
		switch {
		case ctx.Err() != nil:
			return nil, context.Cause(ctx)
		case errors.As(err, &lost):
			c.drop()
		case errors.As(err, &unproven), c.piped != "" && strings.Contains(err.Error(), executor.ErrGone.Error()):
			c.cached = "" // what was kept is not whole, or an executor is another one
		default:
			return nil, c.explained(err)
		}
		if try == attempts {
			return nil, &exec.DataError{Err: err}
		}
	}
}

// arguments are those of all tasks: the cache is in the folder of the executor, and goes with it.
const arguments = "--cache ./segq-cache"

// once runs one statement, whose tasks have more arguments, and returns its rows. The first of a session leaves its answers, and with them the splits, where they
// were made; rows that are piped are packed before.
func (c *Cluster) once(ctx context.Context, batch, digest, more string, within time.Duration) ([]row, error) {
	arguments := arguments + more
	s, err := c.connected(ctx)
	if err != nil {
		return nil, err
	}
	if c.cached == "" && c.piped != "" {
		if err := c.pack(ctx, s); err != nil {
			return nil, err
		}
	}
	comment := "segq:" + digest
	if c.cached != "" {
		return s.query(ctx, "SELECT part, answer FROM ("+c.program.answering(c.cached, batch, comment, arguments, within)+")")
	}
	name := c.newName()
	if _, err := s.query(ctx, "CACHE TABLE "+name+" AS SELECT part, answer, split FROM ("+c.program.answering(listed(c.splits), batch, comment, arguments, within)+")"); err != nil {
		return nil, err
	}
	rows, err := s.query(ctx, "SELECT part, answer FROM "+name)
	if err == nil {
		c.cached, c.parts = name, map[int]bool{}
		for part := range c.splits {
			c.parts[part] = true
		}
	}
	return rows, err
}

// newName returns a name of a table of splits that no other has.
func (c *Cluster) newName() string {
	c.names++
	return "segq_" + c.snapshot.Fingerprint + "_" + strconv.Itoa(c.names)
}

// pack has the rows of the table packed, once.
func (c *Cluster) pack(ctx context.Context, s *session) error {
	name := c.newName()
	if _, err := s.query(ctx, "CACHE TABLE "+name+" AS "+c.program.packing(c.address.sql(), c.lines, c.piped, arguments, c.tasks)); err != nil {
		return err
	}
	rows, err := s.query(ctx, "SELECT part, rows, sum, misfits FROM "+name)
	if err != nil {
		return err
	}
	parts, packed, sum, misfits := map[int]bool{}, 0, executor.Sum{}, []load.Misfit(nil)
	for _, r := range rows {
		part, err := strconv.Atoi(r.text(0))
		n, err2 := strconv.Atoi(r.text(1))
		own, err3 := executor.ParseSum(r.text(2))
		unfit, err4 := executor.DecodeMisfits(r.text(3))
		if err := cmp.Or(err, err2, err3, err4); err != nil {
			return &proofError{fmt.Errorf("what was packed cannot be read: %w", err)}
		}
		if parts[part] {
			return &proofError{fmt.Errorf("part %d is there twice", part)}
		}
		parts[part] = true
		packed, sum, misfits = packed+n, sum.Plus(own), append(misfits, unfit...)
	}
	if packed != c.snapshot.Rows() {
		return &exec.DataError{Err: fmt.Errorf("the table has changed since it was opened: it had %d rows, and %d were read: open it again", c.snapshot.Rows(), packed)}
	}
	// What is packed anew, since it was lost, goes by the same name: it has to be the same.
	if c.rowSum != nil && *c.rowSum != sum {
		return &exec.DataError{Err: errors.New("the table has changed since it was read, and what was read of it is gone: open it again")}
	}
	c.rowSum = &sum
	c.tell(misfits)
	c.cached, c.parts = name, parts
	return nil
}

// proofError says that what came back is not the answer of the whole table.
type proofError struct{ err error }

func (e *proofError) Error() string {
	return "the answer of the cluster is not whole: " + e.err.Error()
}
func (e *proofError) Unwrap() error { return e.err }

// proven returns the answers of all parts, if there is exactly one of each, and they are as many rows as the table has.
func (c *Cluster) proven(rows []row, digest string, queries int) ([]*executor.Answer, error) {
	answers, seen := map[int]*executor.Answer{}, 0
	var all []*executor.Answer // in the order of the rows
	for _, r := range rows {
		part, err := strconv.Atoi(r.text(0))
		if err != nil || !c.parts[part] {
			return nil, &proofError{fmt.Errorf("there is no part %q", r.text(0))}
		}
		if answers[part] != nil {
			return nil, &proofError{fmt.Errorf("part %d is there twice", part)}
		}
		a, err := executor.DecodeAnswer(r.text(1), digest, queries)
		if err != nil {
			return nil, &proofError{fmt.Errorf("part %d: %w", part, err)}
		}
		if a.Part != part {
			return nil, &proofError{fmt.Errorf("part %d is called %d", a.Part, part)}
		}
		answers[part], all = a, append(all, a)
		seen += a.Rows
	}
	if len(answers) != len(c.parts) {
		return nil, &proofError{fmt.Errorf("there are %d parts of %d", len(answers), len(c.parts))}
	}
	if seen != c.snapshot.Rows() {
		return nil, &proofError{fmt.Errorf("its parts have %d rows, and the table %d", seen, c.snapshot.Rows())}
	}
	return all, nil
}

// explained makes the error of a statement one of the data where a task says so.
func (c *Cluster) explained(err error) error {
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
