package load

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// restBytes is about how much of the files is read at a time while nobody waits: as long as
// that takes, whoever comes may have to wait for it.
const restBytes = 8 << 20

// LoadRest loads what is not resident, as long as there is memory, some columns at a time,
// and improves all columns for those who ask later. Before each time it calls idle, which
// returns when nobody waits for anything, or ctx is done. That columns cannot be read does
// not keep it from the others; the errors are joined.
func (t *Table) LoadRest(ctx context.Context, idle func(context.Context) error) error {
	if t.files == nil {
		return t.improveAll(ctx, idle)
	}
	var failed error
	for rest := t.byNeed(); len(rest) > 0; {
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
		if full := (*MemoryError)(nil); errors.As(err, &full) && errors.As(failed, &full) {
			continue // what all take is said once
		} else if errors.As(err, &full) {
			err = t.wholeError()
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

// wholeError is the error of columns for which there is no room, and says what all would take.
func (t *Table) wholeError() *MemoryError {
	t.mu.Lock()
	defer t.mu.Unlock()
	e := &MemoryError{Limit: t.options.columnLimit(), Columns: true}
	for _, u := range t.units {
		e.Needs += t.guess(u)
	}
	return e
}

// byNeed returns the units in the order in which they are loaded while nobody waits: those first
// that were asked for last, then the small ones, so that most fields are there soon.
func (t *Table) byNeed() []*unit {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.SortedStableFunc(slices.Values(t.units), func(a, b *unit) int {
		return cmp.Or(cmp.Compare(b.used, a.used), cmp.Compare(a.size, b.size))
	})
}

// roomFor says whether a unit is resident, or may be without another one having to go.
func (t *Table) roomFor(u *unit) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return u.loaded || t.options.Columns <= 0 || t.held+t.guess(u) <= t.options.columnLimit()
}

// loadRest loads units, and improves their columns.
func (t *Table) loadRest(ctx context.Context, need needs) error {
	if !t.pin(need) {
		return nil
	}
	defer t.release(need)
	s, err := t.load(ctx, need, forRest, nil)
	if err != nil {
		return err
	}
	var loaded []column.Column
	t.top.eachColumn(s.Root, s.Schema, func(u *unit, c column.Column) {
		if need[u] {
			loaded = append(loaded, c)
		}
	})
	for _, c := range loaded {
		if err := t.improve(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// pin pins units, if they are within the limit with all that is in use.
func (t *Table) pin(need needs) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.fits(need, false) {
		return false
	}
	for u := range need {
		u.pins++
	}
	return true
}

// improve puts a column in the place of one with equal values that speeds up answers: with what
// [column.Index] adds, or with a dictionary of its texts, in order. Where there is no memory
// for both it does nothing.
func (t *Table) improve(ctx context.Context, c column.Column) error {
	if most := t.options.columnLimit(); most > 0 && t.Residency().Bytes+2*bytesOf(c) > most {
		return nil
	}
	better := column.Ordered(c)
	if texts, ok := column.Stored(c).(*column.Texts); ok {
		sorted, err := column.Sorted(ctx, texts, t.options.Threads)
		if err != nil {
			return err
		}
		better = column.Restored(c, sorted)
	}
	if better == c {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	s := *t.now.Load()
	s.Root = exchanged(s.Root, c, better).(*column.Struct)
	s.Epoch++
	t.replace(&s)
	return nil
}

// improveAll improves what was read at once, while nobody waits.
func (t *Table) improveAll(ctx context.Context, idle func(context.Context) error) error {
	for _, c := range leavesBelow(t.Snapshot().Root, nil) {
		if idle(ctx) != nil || t.improve(ctx, c) != nil {
			return ctx.Err()
		}
	}
	return nil
}

// leavesBelow appends the columns that are no objects or lists.
func leavesBelow(c column.Column, all []column.Column) []column.Column {
	switch c := c.(type) {
	case *column.Struct:
		for _, f := range c.Fields {
			all = leavesBelow(f, all)
		}
		return all
	case *column.List:
		return leavesBelow(c.Elem, all)
	}
	return append(all, c)
}

// exchanged returns a column that has one in the place of another; c itself where that is not in
// it.
func exchanged(c, old, now column.Column) column.Column {
	if c == old {
		return now
	}
	switch c := c.(type) {
	case *column.Struct:
		for i, f := range c.Fields {
			if g := exchanged(f, old, now); g != f {
				own := &column.Struct{Valid: c.Valid, N: c.N, Fields: slices.Clone(c.Fields)}
				own.Fields[i] = g
				return own
			}
		}
	case *column.List:
		if elem := exchanged(c.Elem, old, now); elem != c.Elem {
			own := *c
			own.Elem = elem
			return &own
		}
	}
	return c
}

// eachColumn calls f with the units below b and their columns.
func (b *branch) eachColumn(c column.Column, t *check.Type, f func(*unit, column.Column)) {
	if b == nil {
		return // what the files do not have
	}
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
