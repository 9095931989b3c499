package cluster

import (
	"context"
	"errors"
	"fmt"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/columnwire"
	"github.com/segq/segq/exec/executor"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
)

// fewRows is how many rows the server may hold at once.
const fewRows = 10_000

// Rows gives the profiles that match, as an engine does: in the order of the parts, a line of an executor as a stretch. What was emitted
// when there is an error is not all.
func (c *Cluster) Rows(ctx context.Context, q resident.Rows) (resident.RowsResult, error) {
	take, err := c.rowsOf(ctx, &q)
	if err != nil {
		return resident.RowsResult{}, err
	}
	var types []*check.Type
	if q.IDs {
		_, t := resident.IDColumn(c.snapshot)
		types = append(types, t)
	}
	for _, s := range q.Select {
		types = append(types, s.Root.Type())
	}
	if q.Sink != nil && q.Sample == 0 {
		q.Sink.Start(q.ID, []int{c.snapshot.Rows()})
	}
	g := &giving{Rows: q, types: types, of: c.snapshot.Rows()}
	g.result.Matched = take.matched
	t := &taking{
		cluster: c, queries: append([]*check.Query{q.Where}, q.Select...), asked: q.Operation, ask: take.of, rows: g.take, end: g.end,
		few: max(q.Limit, q.Sample) > 0 && max(q.Limit, q.Sample)*max(c.tasks, 1) <= fewRows,
	}
	if err := t.run(ctx); err != nil {
		var of *resident.RuleError
		if errors.As(err, &of) {
			err = of.Err // there is one query
		}
		return resident.RowsResult{}, err
	}
	if q.Sink != nil && q.Sample == 0 {
		q.Sink.Progress(q.ID, 0, exec.Progress{Rows: g.of, Matched: g.result.Rows, Done: true})
	}
	return g.result, nil
}

// rowsAsked is what is asked of the parts of a table.
type rowsAsked struct {
	*resident.Rows
	matched int
	chosen  [][]int // of the sample of each part, nil for no sample
}

// rowsOf returns what is asked. Of a sample, how many there are of each part is drawn first.
func (c *Cluster) rowsOf(ctx context.Context, q *resident.Rows) (*rowsAsked, error) {
	a := &rowsAsked{Rows: q}
	if q.Sample == 0 {
		return a, nil
	}
	var counts, have []int
	answers, err := c.answers(ctx, &exec.Batch{Now: q.Now, Queries: []exec.Query{{ID: q.ID, Typed: q.Where}}}, func([]*executor.Progress) {})
	if err != nil {
		return nil, err
	}
	for _, answer := range answers {
		o := &answer.Outcomes[0]
		if o.Error != "" {
			return nil, o.Result(q.ID, 0).Err
		}
		counts, have = append(counts, o.Count), append(have, min(o.Count, q.Sample))
		a.matched += o.Count
	}
	a.chosen = chosen(counts, have, q.Sample, q.Seed)
	return a, nil
}

// of returns what is asked of a table that is divided so.
func (a *rowsAsked) of(s *shape) *executor.Take {
	t := &executor.Take{IDs: a.IDs, Limit: a.Limit, Sample: a.Sample, Seed: a.Seed, Parts: map[int]executor.TakePart{}}
	first := make([]int, len(s.rows)+1)
	for i, n := range s.rows {
		first[i+1] = first[i] + n
	}
	for part, i := range s.index {
		own := executor.TakePart{First: first[i]}
		if a.chosen != nil {
			own.Chosen = []int{}
			if i < len(a.chosen) && a.chosen[i] != nil {
				own.Chosen = a.chosen[i]
			}
		}
		t.Parts[part] = own
	}
	return t
}

// giving hands over the rows that come.
type giving struct {
	resident.Rows
	types  []*check.Type
	of     int
	seen   int // rows of the table
	result resident.RowsResult
}

// take hands over the rows of a line, as many as are wanted.
func (g *giving) take(l *executor.Line) error {
	n := l.Rows
	if g.Limit > 0 {
		n = min(n, g.Limit-g.result.Rows)
	}
	if n < l.Rows {
		g.result.Limited = true
	}
	if n == 0 {
		return nil
	}
	columns, err := columnsIn(l, g.types, n)
	if err != nil {
		return &proofError{err}
	}
	g.result.Rows += n
	return handed(g.Begin(), n, columns)
}

// handed hands over a stretch.
func handed(to resident.Stretch, n int, columns []column.Column) error {
	if err := to.Add(n, columns); err != nil {
		return err
	}
	if err := to.End(); err != nil {
		return err
	}
	return to.Emit()
}

// columnsIn returns the first n rows of a line.
func columnsIn(l *executor.Line, types []*check.Type, n int) ([]column.Column, error) {
	rest, columns := l.Columns, make([]column.Column, len(types))
	for i, t := range types {
		b := columnwire.NewBuilder(t)
		var err error
		if rest, err = b.Add(rest, l.Rows); err != nil {
			return nil, err
		}
		columns[i] = b.Column()
	}
	if len(rest) > 0 {
		return nil, fmt.Errorf("%d bytes are behind the rows of a line", len(rest))
	}
	if n == l.Rows {
		return columns, nil
	}
	some := &executor.Line{Rows: n}
	for i, t := range types {
		some.Columns = columnwire.Append(some.Columns, columns[i], t, columnwire.Range(0, n))
	}
	return columnsIn(some, types, n)
}

// end notes what a part tells.
func (g *giving) end(_ int, t *executor.Taken) (more bool, err error) {
	g.seen += t.Rows
	g.result.Nameless += t.Nameless
	g.result.Overflowed = g.result.Overflowed || t.Overflowed
	if g.Limit == 0 || g.Sample > 0 {
		return true, nil
	}
	full := g.result.Rows == g.Limit
	g.result.Limited = g.result.Limited || t.Limited || full && g.seen < g.of
	return !full, nil
}
