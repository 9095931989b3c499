package load

import (
	"fmt"
	"slices"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// unloaded returns columns that are not resident.
func unloaded(fields, rows int) []column.Column {
	none := &column.Unloaded{N: rows}
	out := make([]column.Column, fields)
	for i := range out {
		out[i] = none
	}
	return out
}

// publish makes what was read part of the table.
func (t *Table) publish(r *reading) error {
	t.noteRepeats(r)
	t.mu.Lock()
	defer t.mu.Unlock()
	before := t.now.Load()
	root, err := graft(before.Root, before.Schema, r.root, r.schema, "the profiles")
	if err != nil {
		return err
	}
	for _, u := range r.units {
		u.loaded = true
	}
	s := *before
	s.Root = t.complete(root.(*column.Struct), s.Schema)
	t.top.weigh(s.Root, s.Schema)
	r.report.Peak += t.held
	t.replace(&s)
	t.loads += len(r.units)
	t.learn(r.report)
	return nil
}

// nothingLoaded returns the profiles of a table before anything of it is resident.
func (t *Table) nothingLoaded(schema *check.Type, rows int) *column.Struct {
	return t.complete(&column.Struct{N: rows, Fields: unloaded(len(schema.Fields), rows)}, schema)
}

// complete returns profiles that have nulls where the files have nothing.
func (t *Table) complete(root *column.Struct, schema *check.Type) *column.Struct {
	if t.options.Schema == nil {
		return root
	}
	return t.top.complete(root, schema).(*column.Struct)
}

// weigh notes what the columns hold that are resident.
func (b *branch) weigh(c column.Column, t *check.Type) {
	b.eachColumn(c, t, func(u *unit, c column.Column) {
		if u.loaded {
			u.bytes = bytesOf(c)
		}
	})
}

// replace makes s what the table is now. The mutex is held.
func (t *Table) replace(s *column.Snapshot) {
	s.Partial = slices.ContainsFunc(t.units, func(u *unit) bool { return !u.loaded })
	s.Cost = t.costOf(s)
	t.now.Store(s)
	t.held = s.Bytes()
	t.report.Columns = t.held
	t.report.Peak = max(t.report.Peak, t.held)
}

// learn adds to the report what was found in columns. The mutex is held.
func (t *Table) learn(r *Report) {
	for _, note := range r.Notes {
		if !slices.Contains(t.report.Notes, note) {
			t.report.Notes = append(t.report.Notes, note)
		}
	}
	for _, m := range r.Misfits {
		if !slices.Contains(t.report.Misfits, m) {
			t.report.Misfits = append(t.report.Misfits, m)
		}
	}
	for _, c := range r.Coerced {
		if !slices.Contains(t.report.Coerced, c) {
			t.report.Coerced = append(t.report.Coerced, c)
		}
	}
	t.report.Peak = max(t.report.Peak, r.Peak)
	t.report.Read, t.report.Elapsed = t.report.Read+r.Read, t.report.Elapsed+r.Elapsed
}

// graft returns a column of type t that has what c has, and what was read. They have to
// agree about objects and lists.
func graft(c column.Column, t *check.Type, read column.Column, of *check.Type, name string) (column.Column, error) {
	_, none := c.(*column.Unloaded)
	switch r := read.(type) {
	case *column.Struct:
		s, ok := c.(*column.Struct)
		switch {
		case none:
			s = &column.Struct{Valid: r.Valid, N: r.N, Fields: unloaded(len(t.Fields), r.N)}
		case !ok || !slices.Equal(s.Valid, r.Valid):
			return nil, disagree(name)
		}
		return graftFields(s, t, r, of, name)
	case *column.List:
		l, ok := c.(*column.List)
		switch {
		case none:
			l = &column.List{Valid: r.Valid, Offsets: r.Offsets, Ends: r.Ends, Elem: &column.Unloaded{N: r.Elem.Len()}}
			l.Index()
		case !ok || !slices.Equal(l.Valid, r.Valid) || !slices.Equal(l.Offsets, r.Offsets):
			return nil, disagree(name)
		}
		elem, err := graft(l.Elem, t.Elem, r.Elem, of.Elem, name+"[]")
		own := *l
		own.Elem = elem
		return &own, err
	}
	if t.Kind != of.Kind {
		return nil, fmt.Errorf("%s was of type %s, and is of type %s", name, t, of)
	}
	if none {
		return read, nil
	}
	return c, nil // it was read to tell where something is
}

func graftFields(s *column.Struct, t *check.Type, read *column.Struct, of *check.Type, name string) (column.Column, error) {
	out := &column.Struct{Valid: s.Valid, N: s.N, Fields: slices.Clone(s.Fields)}
	for i, f := range of.Fields {
		own := t.Field(f.Name)
		below := f.Name
		if name != "the profiles" {
			below = name + "." + f.Name
		}
		if own == nil {
			return nil, fmt.Errorf("there is no field %s", below)
		}
		c, err := graft(s.Fields[own.Index], own.Type, read.Fields[i], f.Type, below)
		if err != nil {
			return nil, err
		}
		out.Fields[own.Index] = c
	}
	return out, nil
}

func disagree(name string) error {
	return fmt.Errorf("the file is damaged: its columns disagree about %s", name)
}
