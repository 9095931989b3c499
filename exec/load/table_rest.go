package load

import (
	"context"
	"errors"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// restBytes is about how much of the files is read at a time while nobody waits: as long as
// that takes, whoever comes may have to wait for it.
const restBytes = 8 << 20

// LoadRest loads what is not resident, as long as there is memory, some columns at a time,
// and adds to all columns what [column.Index] does. Before each time it calls idle, which
// returns when nobody waits for anything, or ctx is done. That columns cannot be read does
// not keep it from the others; the errors are joined.
func (t *Table) LoadRest(ctx context.Context, idle func(context.Context) error) error {
	var failed error
	for rest := t.units; len(rest) > 0; {
		if err := idle(ctx); err != nil {
			return failed
		}
		some := needs{}
		for size := int64(0); len(rest) > 0 && size < restBytes; rest = rest[1:] {
			if t.roomFor(rest[0]) {
				some[rest[0]] = true
				size += rest[0].size
			}
		}
		err := t.loadRest(ctx, some)
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

// loadRest loads units, and adds to their columns what speeds up answers.
func (t *Table) loadRest(ctx context.Context, need needs) error {
	t.mu.Lock()
	for u := range need {
		u.pins++
	}
	t.mu.Unlock()
	defer t.release(need)
	s, err := t.load(ctx, need, nil)
	if err != nil {
		return err
	}
	better := map[column.Column]column.Column{}
	t.top.eachColumn(s.Root, s.Schema, func(u *unit, c column.Column) {
		if need[u] && ctx.Err() == nil {
			if o := column.Ordered(c); o != c {
				better[c] = o
			}
		}
	})
	t.exchange(better)
	return nil
}

// exchange puts columns in the place of others with equal values.
func (t *Table) exchange(better map[column.Column]column.Column) {
	if len(better) == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	s := *t.now
	s.Root = t.top.with(s.Root, s.Schema, func(_ *unit, c column.Column) column.Column {
		if o := better[c]; o != nil {
			return o
		}
		return c
	}).(*column.Struct)
	s.Epoch++
	t.replace(&s)
}

// eachColumn calls f with the units below b and their columns.
func (b *branch) eachColumn(c column.Column, t *check.Type, f func(*unit, column.Column)) {
	if b.unit != nil {
		f(b.unit, c)
		return
	}
	switch c := c.(type) {
	case *column.Struct:
		for i, field := range t.Fields {
			b.fields[field.Name].eachColumn(c.Fields[i], field.Type, f)
		}
	case *column.List:
		b.elem.eachColumn(c.Elem, t.Elem, f)
	}
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
