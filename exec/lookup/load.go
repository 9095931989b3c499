package lookup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// Load makes what is read resident, as [column.Table] says: the keys below, and the columns that are made of
// them. These are made once, whoever asks for them.
func (t *Table) Load(ctx context.Context, r *check.Reads, tell func(done, total int64)) (*column.Snapshot, func(), error) {
	need, inner, err := t.admit(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	_, release, err := t.base.Load(ctx, inner, tell)
	if err != nil {
		t.release(need)
		return nil, nil, err
	}
	both := sync.OnceFunc(func() {
		t.release(need)
		release()
	})
	if err := t.fill(ctx, need); err != nil {
		both()
		return nil, nil, err
	}
	return t.Snapshot(), both, nil
}

// fill makes what is not resident. The keys are.
func (t *Table) fill(ctx context.Context, need *needs) error {
	for _, j := range t.joined {
		if err := t.fillOne(ctx, need, j); err != nil {
			return err
		}
	}
	return t.settle(need)
}

func (t *Table) fillOne(ctx context.Context, need *needs, j *joined) error {
	t.mu.Lock()
	_, some := need.missing(j)
	t.mu.Unlock()
	if !some {
		return nil
	}
	select {
	case j.turn <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer func() { <-j.turn }()
	t.mu.Lock()
	units, some := need.missing(j) // unless somebody else has made it meanwhile
	s := t.compose()
	t.mu.Unlock()
	if !some {
		return nil
	}
	made, outer, err := t.make(ctx, j, units, s)
	if err != nil {
		return fmt.Errorf("lookup %s: %w", j.Name, err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	j.known, j.rows, j.valid, j.outer = true, made.N, made.Valid, outer
	for i, u := range units {
		u.column, u.bytes = made.Fields[i], bytesOf(made.Fields[i])
		t.held += u.bytes
	}
	t.loads++
	t.below = nil
	return nil
}

// make makes the columns of some fields, of the keys in a snapshot. A fault of memory that is none
// of ours, as of a file that was cut short, is the error of that.
func (t *Table) make(ctx context.Context, j *joined, units []*unit, s *column.Snapshot) (made *column.Struct, outer []column.Column, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if f := (*ast.Fault)(nil); errors.As(err, &f) && s.Lost != nil {
			err = cmp.Or(s.Lost(f.Value), err)
		}
	}()
	defer ast.Guard(func(f *ast.Fault) { err = f })
	keys, outer := j.keys(s.Root, j.before, 0)
	if keys == nil {
		keys = &column.Nulls{}
	}
	for i, o := range outer {
		outer[i] = hollow(o)
	}
	names := make([]string, len(units))
	for i, u := range units {
		names[i] = u.field.Name
	}
	made, err = t.rows(ctx, j, keys, names)
	if err == nil && s.Part == 0 { // the dictionaries of parts have to be the same
		for i, c := range made.Fields {
			made.Fields[i] = column.Compact(c)
		}
	}
	return made, outer, err
}

// rows gets the rows of keys, and makes columns of them.
func (t *Table) rows(ctx context.Context, j *joined, keys column.Column, names []string) (*column.Struct, error) {
	if r, ok := j.Source.(*Resident); ok {
		made, found, ok, err := r.spread(ctx, keys, names, t.matchesOf(j))
		if t.keepMatches(j, found); ok {
			return made, err
		}
	}
	d, err := distinctOf(ctx, keys)
	if err != nil {
		return nil, err
	}
	d.as(j.Source.Key())
	if d.keys == nil {
		d.nothing()
		d.keys = &column.Nulls{}
	}
	rows := &column.Struct{Fields: make([]column.Column, len(names))}
	if d.keys.Len() > 0 {
		if rows, err = j.Source.Rows(ctx, d.keys, names); err != nil {
			return nil, err
		}
	} else {
		for i := range names {
			rows.Fields[i] = &column.Nulls{}
		}
	}
	made, err := (&gathering{ctx: ctx, at: d.at, threads: t.options.Threads}).column(&column.Struct{Valid: rows.Valid, Fields: rows.Fields, N: max(rows.N, 1)})
	if err != nil {
		return nil, err
	}
	return made.(*column.Struct), nil
}

// hollow is a list or a map without what is in it.
func hollow(c column.Column) column.Column {
	switch c := c.(type) {
	case *column.List:
		own := *c
		own.Elem = nil
		return &own
	case *column.Map:
		own := *c
		own.Values = nil
		return &own
	}
	return c
}

// Keep returns what is resident, as [column.Keeper] says.
func (t *Table) Keep(r *check.Reads, yield func()) (*column.Snapshot, func(), bool) {
	t.mu.Lock()
	need, inner := t.split(r)
	for j := range need.joined {
		if _, some := need.missing(j); some || len(t.turn) > 0 {
			t.mu.Unlock()
			return nil, nil, false
		}
	}
	t.pin(need)
	gone := t.keepers.Add(yield)
	t.mu.Unlock()
	leave := func() {
		gone()
		t.release(need)
	}
	release, ok := t.keepBelow(inner, yield)
	if !ok {
		leave()
		return nil, nil, false
	}
	return t.Snapshot(), sync.OnceFunc(func() {
		leave()
		release()
	}), true
}

// keepBelow keeps what is resident of the table below.
func (t *Table) keepBelow(r *check.Reads, yield func()) (release func(), ok bool) {
	if k, is := t.base.(column.Keeper); is {
		_, release, ok = k.Keep(r, yield)
		return release, ok
	}
	if !t.base.Snapshot().Covers(r) {
		return nil, false
	}
	_, release, err := t.base.Load(context.Background(), r, nil) // which has nothing to load
	return release, err == nil
}
