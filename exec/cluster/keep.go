package cluster

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/executor"
	"github.com/segq/segq/exec/load"
)

// kept is a table of the splits on the cluster, one row for each: Spark asks a row of it where it was made, which is
// where the columns of the part are packed, and what an executor had that is gone it makes anew. All sessions have it.
type kept struct {
	name  string                // of a view that is cached
	parts map[int]bool          // the numbers of the splits
	shape atomic.Pointer[shape] // nil before all have answered
}

// sql is the name in a statement.
func (k *kept) sql() string { return "global_temp." + k.name }

// making is a table of the splits that is there, or on its way.
type making struct {
	done chan struct{} // is closed when it is there, or will not be
	kept *kept
	err  error
}

// keep returns the table of the splits. The first who wants it has it made; that goes on when he does not wait any
// more, as the next one would have to begin with nothing.
func (c *Cluster) keep(ctx context.Context) (*kept, error) {
	c.mu.Lock()
	m := c.made
	if m == nil && c.closed {
		c.mu.Unlock()
		return nil, exec.ErrClosed
	}
	if m == nil {
		m = &making{done: make(chan struct{})}
		c.made = m
		c.work.Go(func() { c.fulfil(m) })
	}
	c.mu.Unlock()
	select {
	case <-m.done:
		return m.kept, m.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// fulfil makes the table of the splits; one that could not be made the next one begins anew.
func (c *Cluster) fulfil(m *making) {
	defer close(m.done)
	for try := 1; ; try++ {
		if m.kept, m.err = c.makeKept(c.ctx); m.err == nil {
			return
		}
		if try == attempts || c.ctx.Err() != nil || !again(m.err) {
			break
		}
	}
	if c.ctx.Err() != nil {
		m.err = exec.ErrClosed
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.made == m {
		c.made = nil
	}
}

// makeKept makes the table of the splits, in the session that is for that.
func (c *Cluster) makeKept(ctx context.Context) (*kept, error) {
	c.own.Lock()
	defer c.own.Unlock()
	s, err := c.connected(ctx, &c.own.lane)
	if err != nil {
		return nil, err
	}
	if k := c.renewed(ctx, s); k != nil {
		return k, nil
	}
	// Spark takes for equal what is written equally, and would give what is kept for somebody else: hence a word of our own.
	word := strings.ToLower(rand.Text())
	k := &kept{name: "segq_" + word, parts: map[int]bool{}}
	made := c.program.placing(c.splits, word)
	if c.piped != "" {
		made = c.program.packing(c.address.sql(), c.lines, c.piped, arguments+" --word "+word, c.tasks)
	}
	if _, err = s.query(ctx, "CREATE GLOBAL TEMPORARY VIEW "+k.name+" AS "+made); err != nil {
		return nil, err
	}
	if _, err = s.query(ctx, "CACHE TABLE "+k.sql()); err == nil {
		err = c.outlineKept(ctx, s, k)
	}
	if err != nil {
		c.dropKept(k)
		return nil, c.explained(err)
	}
	return k, nil
}

// renewed returns a table that Spark has made anew in part, whose parts have other numbers since; nil where there is none, or where
// it is not whole.
func (c *Cluster) renewed(ctx context.Context, s *session) *kept {
	c.mu.Lock()
	k := c.renew
	c.renew = nil
	c.mu.Unlock()
	if k == nil {
		return nil
	}
	other := &kept{name: k.name, parts: map[int]bool{}}
	if c.outlineKept(ctx, s, other) == nil {
		return other
	}
	c.dropKept(k)
	return nil
}

// outlineKept finds out which parts there are.
func (c *Cluster) outlineKept(ctx context.Context, s *session, k *kept) error {
	if c.piped == "" {
		for part := range c.splits {
			k.parts[part] = true
		}
		return nil
	}
	rows, err := s.query(ctx, "SELECT part, rows, sum, misfits FROM "+k.sql())
	if err != nil {
		return err
	}
	packed, sum, misfits := 0, executor.Sum{}, []load.Misfit(nil)
	for _, r := range rows {
		part, err := strconv.Atoi(r.text(0))
		n, err2 := strconv.Atoi(r.text(1))
		own, err3 := executor.ParseSum(r.text(2))
		unfit, err4 := executor.DecodeMisfits(r.text(3))
		if err := cmp.Or(err, err2, err3, err4); err != nil {
			return &goneError{&proofError{fmt.Errorf("what was packed cannot be read: %w", err)}}
		}
		if k.parts[part] {
			return &goneError{&proofError{fmt.Errorf("part %d is there twice", part)}}
		}
		k.parts[part] = true
		packed, sum, misfits = packed+n, sum.Plus(own), append(misfits, unfit...)
	}
	if packed != c.snapshot.Rows() {
		return &exec.DataError{Err: fmt.Errorf("the table has changed since it was opened: it had %d rows, and %d were read: open it again", c.snapshot.Rows(), packed)}
	}
	// What is packed anew, since it was lost, goes by the same name: it has to be the same.
	if c.own.rowSum != nil && *c.own.rowSum != sum {
		return &exec.DataError{Err: errors.New("the table has changed since it was read, and what was read of it is gone: open it again")}
	}
	c.own.rowSum = &sum
	c.tell(misfits)
	return nil
}

// isGone says whether an error is one that another table of the splits would not meet.
func (c *Cluster) isGone(err error, k *kept) bool {
	if err == nil {
		return false
	}
	var unproven *proofError
	var failed *StatementError
	switch {
	case errors.As(err, &unproven):
		return true
	case errors.As(err, &failed) && strings.Contains(failed.text, k.name) && strings.Contains(failed.text, "TABLE_OR_VIEW_NOT_FOUND"):
		return true // the server is another one
	}
	return c.piped != "" && strings.Contains(err.Error(), executor.ErrGone.Error())
}

// forget has a table of the splits made anew when it is next wanted. Where the rows are piped, and an answer was not whole that was before,
// Spark may have packed those of a lost executor anew: then it is looked at again.
func (c *Cluster) forget(k *kept, why error) {
	var unproven *proofError
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.made == nil || c.made.kept != k:
		return // somebody else has
	case c.piped != "" && k.shape.Load() != nil && errors.As(why, &unproven):
		c.renew = k
	case !c.closed:
		c.work.Go(func() {
			c.own.Lock()
			defer c.own.Unlock()
			c.dropKept(k)
		})
	}
	c.made = nil
	c.shape.Store(nil)
}

// dropKept gives the cluster back what it keeps, if that can be reached. The session that is for that is had.
func (c *Cluster) dropKept(k *kept) {
	ctx, cancel := context.WithTimeout(context.Background(), dropWithin)
	defer cancel()
	err := c.dropOver(ctx, k)
	if again(err) {
		_ = c.dropOver(ctx, k) // who has ended the server has dropped it as well
	}
}

func (c *Cluster) dropOver(ctx context.Context, k *kept) error {
	l := &c.own.lane
	if l.session == nil || l.session.lost() {
		l.drop()
		s, err := c.newSession(ctx, pools[l.class])
		if err != nil {
			return err
		}
		l.session = s
	}
	for _, sql := range []string{"UNCACHE TABLE IF EXISTS " + k.sql(), "DROP VIEW IF EXISTS " + k.sql()} {
		if _, err := l.session.query(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

// dropWithin is how long that may take.
const dropWithin = 5 * time.Second
