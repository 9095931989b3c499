package cluster

import (
	"context"
	"fmt"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/columnwire"
	"github.com/segq/segq/exec/executor"
	"github.com/segq/segq/lang/check"
)

// Profiles asks for profiles as they are.
type Profiles struct {
	exec.Operation
	// Where is a condition for them, nil for all of the table, and Reads is what is wanted of them.
	Where *check.Query
	Reads *check.Reads
	// Share is which part of them is wanted, drawn by Seed; 0 for all.
	Share float64
	Seed  uint64
	// Few says that there are not many, so that the server may hold them.
	Few bool
}

// Profiles gives profiles, some at a time: n of them, as package columnwire writes objects of the schema. Fields that are not
// wanted are not loaded.
func (c *Cluster) Profiles(ctx context.Context, p Profiles, take func(n int, objects []byte) error) error {
	return c.profiles(ctx, p, nil, take)
}

// profiles does so, and has what was given taken back where it has to begin anew, if it can be.
func (c *Cluster) profiles(ctx context.Context, p Profiles, reset func(), take func(n int, objects []byte) error) error {
	t := &taking{
		cluster: c, asked: p.Operation, few: p.Few, reset: reset,
		ask: func(*shape) *executor.Take {
			return &executor.Take{Columns: p.Reads, Share: p.Share, Seed: p.Seed}
		},
		rows: func(l *executor.Line) error { return take(l.Rows, l.Columns) },
		end:  func(int, *executor.Taken) (bool, error) { return true, nil },
	}
	if p.Where != nil {
		t.queries = []*check.Query{{Root: p.Where.Cond, Cond: p.Where.Cond, Slots: p.Where.Slots}}
	}
	return t.run(ctx)
}

// TooManyError says that there are more profiles, or larger ones, than were wanted.
type TooManyError struct {
	Rows, Bytes int
}

func (e *TooManyError) Error() string {
	return fmt.Sprintf("more than %d profiles, or %d MB of them, came from the cluster", e.Rows, e.Bytes>>20)
}

// Gather returns profiles as a table of their own, whose columns are those that were wanted. It holds no more than so many bytes of them.
func (c *Cluster) Gather(ctx context.Context, p Profiles, most int) (*column.Snapshot, error) {
	var b *columnwire.Builder
	var bytes int
	reset := func() { b, bytes = columnwire.NewBuilder(c.snapshot.Schema), 0 }
	reset()
	err := c.profiles(ctx, p, reset, func(n int, objects []byte) error {
		if bytes += len(objects); bytes > most {
			return &TooManyError{b.Rows(), most}
		}
		rest, err := b.Add(objects, n)
		if err == nil && len(rest) > 0 {
			err = fmt.Errorf("%d bytes are behind the profiles of a line", len(rest))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	s := *c.snapshot
	if b.Rows() == 0 {
		s.Root = &column.Struct{}
		for range s.Schema.Fields {
			s.Root.Fields = append(s.Root.Fields, &column.Nulls{})
		}
		s.Partial = false
		return &s, nil
	}
	s.Root = b.Column().(*column.Struct) // profiles are objects
	return &s, nil
}

// ids answers a query that asks for the ids of all profiles that match.
func (c *Cluster) ids(ctx context.Context, now exec.Operation, q *exec.Query) exec.Result {
	r := exec.Result{Total: c.snapshot.Rows()}
	id := c.snapshot.ID
	reads := &check.Reads{Fields: map[string]*check.Reads{}}
	if id != nil {
		reads.Field(id.Name).All = true
	}
	r.Err = c.Profiles(ctx, Profiles{Operation: now, Where: q.Typed, Reads: reads}, func(n int, objects []byte) error {
		r.Count += n
		if id == nil {
			return nil
		}
		b := columnwire.NewBuilder(c.snapshot.Schema)
		if _, err := b.Add(objects, n); err != nil {
			return err
		}
		field := b.Column().(*column.Struct).Fields[id.Index]
		var all []string
		for i := range n {
			text, _ := column.AppendCell(nil, field, i, id.Type)
			if !field.Null(i) && (id.Type.Kind != check.Float || len(text) > 0) { // what is no number is no id
				all = append(all, string(text))
			}
		}
		return q.IDs(all)
	})
	if r.Err != nil {
		r = exec.Result{Err: r.Err}
	}
	return r
}
