package cluster

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/executor"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
)

// taking asks for profiles: an answer that is too large for a row of the result, and comes in many, a part after another.
type taking struct {
	cluster *Cluster
	queries []*check.Query
	asked   exec.Operation
	// ask says what is asked of a table that is divided so.
	ask func(*shape) *executor.Take
	// few says that the answer is so small that the server may hold it.
	few bool
	// rows takes a line, and end hears that all of a part have come; false of it that no other part is wanted.
	rows func(*executor.Line) error
	end  func(part int, t *executor.Taken) (more bool, err error)
	// reset takes back the rows that were taken, nil where nobody can; taken says that there are some.
	reset func()
	taken bool
}

// run asks, again where the connection is lost, or the answer not whole, before any row was taken.
func (t *taking) run(ctx context.Context) error {
	c := t.cluster
	if c.snapshot.Rows() == 0 {
		return nil
	}
	for try := 1; ; try++ {
		err := t.once(ctx)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return stopped(ctx, context.Cause(ctx))
		case !again(err) && !errors.Is(err, errDivided):
			return c.explained(err)
		case try == attempts || t.taken && t.reset == nil:
			return &exec.DataError{Err: err}
		}
		if t.taken {
			t.reset()
			t.taken = false
		}
	}
}

// errDivided says that the table was divided anew meanwhile.
var errDivided = errors.New("the table was divided anew meanwhile")

// once asks once. How the table is divided is known before: who counts rows has to know those of the parts before.
func (t *taking) once(ctx context.Context) error {
	c := t.cluster
	s, err := c.shaped(ctx)
	if err != nil {
		return err
	}
	b, err := executor.NewTake(t.queries, c.snapshot.Schema, t.ask(s))
	if err != nil {
		return err
	}
	c.name(b)
	b.Now = t.asked.Now
	c.limit(ctx, b, &exec.Batch{Queries: make([]exec.Query, 1)})
	text, digest, err := b.Encode()
	if err != nil {
		return err
	}
	return c.on(ctx, t.asked.Class, func(session *session, k *kept) error {
		if k.shape.Load() != s {
			return errDivided
		}
		reader := &lineReader{taking: t, digest: digest, shape: s}
		name := "segq_" + strings.ToLower(rand.Text()) // which makes it another statement than any that was kept
		statement := "SELECT part, answer FROM (" + c.program.answering(k.sql(), text, "segq:"+digest, arguments+" --word "+name, b.Within) + ")"
		if err := c.each(ctx, session, name, statement, t.few, reader.take); err != nil {
			return err
		}
		return reader.whole()
	})
}

// shaped returns how the table is divided, which any answer tells.
func (c *Cluster) shaped(ctx context.Context) (*shape, error) {
	for try := 1; ; try++ {
		if s := c.shape.Load(); s != nil {
			return s, nil
		}
		yes := &check.Const{Info: check.Info{T: check.BoolType}, V: true}
		results, err := c.Run(ctx, exec.Batch{Now: time.Unix(0, 0), Queries: []exec.Query{{ID: "shape", Typed: &check.Query{Root: yes, Cond: yes, Slots: 1}}}})
		if err == nil {
			err = results[0].Err
		}
		if err != nil {
			return nil, err
		}
		if try == attempts {
			return nil, errors.New("the cluster does not say how the table is divided")
		}
	}
}

// each gives the rows of a statement of which there may be more than the server can hold: then they stay on the executors, and it fetches those of
// one part after another.
func (c *Cluster) each(ctx context.Context, s *session, name, statement string, few bool, take func([]row) error) error {
	if few {
		return s.each(ctx, statement, linesAtOnce, take)
	}
	defer func() {
		gone, cancel := context.WithTimeout(context.WithoutCancel(ctx), dropWithin)
		defer cancel()
		for _, sql := range []string{"SET spark.sql.thriftServer.incrementalCollect=false", "UNCACHE TABLE IF EXISTS " + name, "DROP VIEW IF EXISTS " + name} {
			_, _ = s.query(gone, sql) // a session that is lost takes all that along
		}
	}()
	for _, sql := range []string{"CACHE TABLE " + name + " AS " + statement, "SET spark.sql.thriftServer.incrementalCollect=true"} {
		if _, err := s.query(ctx, sql); err != nil {
			return err
		}
	}
	return s.each(ctx, "SELECT part, answer FROM "+name, linesAtOnce, take)
}

// linesAtOnce is how many lines are fetched together: some megabytes.
const linesAtOnce = 8

// errEnough ends a statement whose other rows nobody wants.
var errEnough = errors.New("there are as many rows as are wanted")

// lineReader proves that lines are those of all parts, in their order.
type lineReader struct {
	*taking
	digest string
	shape  *shape
	part   int // how many are whole
	next   int // the number of the next line of this one
	given  int // rows of this one
	enough bool
}

func (r *lineReader) take(rows []row) error {
	for _, one := range rows {
		l, err := executor.DecodeLine(one.text(1), r.digest)
		var refused *executor.RefusedError
		switch {
		case errors.As(err, &refused):
			return err
		case err != nil:
			return &proofError{err}
		}
		index, known := r.shape.index[l.Part]
		if !known || index != r.part || l.Number != r.next {
			return &proofError{fmt.Errorf("line %d of part %d comes in place of line %d of part %d of %d", l.Number, l.Part, r.next, r.part, len(r.shape.rows))}
		}
		r.next++
		r.given += l.Rows
		if l.End != nil {
			if err := r.ended(l.End); err != nil {
				return err
			}
			continue
		}
		r.taken = true
		if err := r.taking.rows(l); err != nil {
			return err
		}
	}
	return nil
}

// ended ends a part.
func (r *lineReader) ended(t *executor.Taken) error {
	switch {
	case t.Error != "":
		return &resident.RuleError{Rule: t.Rule, Err: fmt.Errorf("on an executor: %s", t.Error)}
	case t.Rows != r.shape.rows[r.part]:
		return &proofError{fmt.Errorf("part %d has %d rows, and had %d", r.part, t.Rows, r.shape.rows[r.part])}
	case t.Given != r.given:
		return &proofError{fmt.Errorf("part %d has given %d rows, and %d have come", r.part, t.Given, r.given)}
	}
	more, err := r.end(r.part, t)
	r.part, r.next, r.given = r.part+1, 0, 0
	if err == nil && !more {
		r.enough = true
		return errEnough
	}
	return err
}

// whole says whether all that is wanted has come.
func (r *lineReader) whole() error {
	if !r.enough && r.part < len(r.shape.rows) {
		return &proofError{fmt.Errorf("there are %d parts of %d", r.part, len(r.shape.rows))}
	}
	return nil
}
