package load

import (
	"slices"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// makeRoom gives up columns, those that were not asked for for longest first, until so many
// bytes more would be within the limit, or none is left that nobody uses. It says whether
// it has given up any.
func (t *Table) makeRoom(bytes int64) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	limit := t.options.columnLimit()
	if limit <= 0 || t.held+bytes <= limit {
		return false
	}
	return t.evict(func() bool { return t.held+bytes <= limit })
}

// evict gives up columns until enough says so. The mutex is held.
func (t *Table) evict(enough func() bool) (some bool) {
	var idle []*unit
	for _, u := range t.units {
		if u.loaded && u.pins == 0 {
			idle = append(idle, u)
		}
	}
	slices.SortStableFunc(idle, func(a, b *unit) int { return int(min(max(a.used-b.used, -1), 1)) })
	for _, u := range idle {
		if enough() {
			break
		}
		t.giveUp(u)
		some = true
	}
	return some
}

// giveUp makes a unit not resident. The mutex is held.
func (t *Table) giveUp(units ...*unit) {
	for _, u := range units {
		u.loaded = false
	}
	s := *t.now.Load()
	if root, ok := t.top.resident(s.Root, s.Schema).(*column.Struct); ok {
		s.Root = root
	} else {
		s.Root = t.nothingLoaded(s.Schema, s.Root.N)
	}
	s.Epoch++
	t.evicted += len(units)
	t.replace(&s)
}

// resident returns what of a column is resident: of an object or list below which nothing
// is, nobody knows where it is any more.
func (b *branch) resident(c column.Column, t *check.Type) column.Column {
	if b == nil {
		return c // what the files do not have
	}
	if !slices.ContainsFunc(b.units, func(u *unit) bool { return u.loaded }) {
		return &column.Unloaded{N: c.Len()}
	}
	switch c := c.(type) {
	case *column.Struct:
		if b.unit != nil {
			return c
		}
		own := &column.Struct{Valid: c.Valid, N: c.N, Fields: slices.Clone(c.Fields)}
		for i, f := range t.Fields {
			own.Fields[i] = b.fields[f.Name].resident(c.Fields[i], f.Type)
		}
		return own
	case *column.List:
		if b.unit != nil {
			return c
		}
		own := *c
		own.Elem = b.elem.resident(c.Elem, t.Elem)
		return &own
	}
	return c
}

// settled checks that the columns are within the limit, after units were loaded; else they
// are given up again.
func (t *Table) settled(l *loading, units []*unit) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	limit := t.options.columnLimit()
	within := func() bool { return limit <= 0 || t.held <= limit }
	if within() {
		return nil
	}
	if l.purpose == forSpare {
		t.giveUpFresh(l)
		return ErrNoRoom
	}
	own := int64(0)
	for _, u := range units {
		own += u.bytes
	}
	if t.evict(within); within() || own <= limit {
		return nil // or soon, when those who use the others are done
	}
	err := &MemoryError{Needs: t.held, Limit: limit, Columns: true}
	t.giveUp(units...)
	return err
}
