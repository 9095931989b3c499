package load

import (
	"context"
	"errors"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// LoadRest loads what is not resident, as long as there is memory, a column at a time, and
// adds to all columns what [column.Index] does. Between two columns it calls idle, which
// returns when nobody waits for anything, or ctx is done. That a column cannot be read does
// not keep it from the others; the errors are joined.
func (t *Table) LoadRest(ctx context.Context, idle func(context.Context) error) error {
	var failed error
	for _, u := range t.units {
		if err := idle(ctx); err != nil {
			return failed
		}
		if !t.roomFor(u) {
			continue
		}
		err := t.loadUnit(ctx, u)
		if ctx.Err() != nil {
			return failed
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

// roomFor says whether a unit is resident, or may be without another one having to go.
func (t *Table) roomFor(u *unit) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return u.loaded || t.options.Columns <= 0 || t.held+u.estimate() <= t.options.Columns
}

// loadUnit loads a unit, and adds to its column what speeds up answers.
func (t *Table) loadUnit(ctx context.Context, u *unit) error {
	t.mu.Lock()
	need := needs{u: true}
	need.tellAll(t)
	for v := range need {
		v.pins++
	}
	t.mu.Unlock()
	defer t.release(need)
	s, err := t.load(ctx, need, nil)
	if err != nil {
		return err
	}
	c := t.top.columnOf(s.Root, s.Schema, u)
	if better := column.Ordered(c); better != c {
		t.exchange(u, c, better)
	}
	return nil
}

// columnOf returns the column of a unit below b; nil for none.
func (b *branch) columnOf(c column.Column, t *check.Type, u *unit) column.Column {
	if b.unit != nil {
		if b.unit == u {
			return c
		}
		return nil
	}
	switch c := c.(type) {
	case *column.Struct:
		for i, f := range t.Fields {
			if found := b.fields[f.Name].columnOf(c.Fields[i], f.Type, u); found != nil {
				return found
			}
		}
	case *column.List:
		return b.elem.columnOf(c.Elem, t.Elem, u)
	}
	return nil
}

// exchange makes another column of equal values that of a unit.
func (t *Table) exchange(u *unit, old, now column.Column) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.top.columnOf(t.now.Root, t.now.Schema, u) != old {
		return // it was evicted meanwhile
	}
	s := *t.now
	s.Root = t.top.with(s.Root, s.Schema, func(v *unit, c column.Column) column.Column {
		if v == u {
			return now
		}
		return c
	}).(*column.Struct)
	s.Epoch++
	t.replace(&s)
}

// with returns a column that has for each unit below b what change makes of its column.
func (b *branch) with(c column.Column, t *check.Type, change func(*unit, column.Column) column.Column) column.Column {
	if b.unit != nil {
		return change(b.unit, c)
	}
	switch c := c.(type) {
	case *column.Struct:
		own := &column.Struct{Valid: c.Valid, N: c.N, Fields: make([]column.Column, len(c.Fields))}
		for i, f := range t.Fields {
			own.Fields[i] = b.fields[f.Name].with(c.Fields[i], f.Type, change)
		}
		return own
	case *column.List:
		own := *c
		own.Elem = b.elem.with(c.Elem, t.Elem, change)
		return &own
	}
	return c
}
