package lookup

import (
	"context"
	"fmt"
	"slices"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// Single has what is read of the lookups of a table for profiles that are in no table. It belongs to one goroutine.
type Single struct {
	table *Table
	found []singleJoined
	reads *check.Reads
}

// singleJoined is a lookup of which something is read.
type singleJoined struct {
	*joined
	field *check.Field // of the object, in the schema with all lookups
	names []string     // of the fields that are read
	at    []int        // their places
}

// Single returns the lookups of which something is read.
func (t *Table) Single(r *check.Reads) *Single {
	own := t.Over(column.Resident(&column.Snapshot{})) // nothing of which is resident
	need, inner := own.split(r)
	s := &Single{table: own, reads: inner}
	for _, j := range own.joined {
		if !need.joined[j] {
			continue
		}
		one := singleJoined{joined: j, field: j.fieldIn(t.schema)}
		for i, u := range j.units {
			if slices.Contains(need.units, u) {
				one.names, one.at = append(one.names, u.field.Name), append(one.at, i)
				s.reads.Add(j.readsOf(u.field.Name))
			}
		}
		if len(one.names) == 0 {
			s.reads.Add(j.readsOf(""))
		}
		s.found = append(s.found, one)
	}
	return s
}

// fieldIn returns the object of a lookup in a schema.
func (j *joined) fieldIn(t *check.Type) *check.Field {
	through := func() {
		for t.Kind == check.List || t.Kind == check.Map {
			t = t.Elem
		}
	}
	for _, name := range j.Path[:j.depth] {
		if through(); name != Values {
			t = t.Field(name).Type
		}
	}
	through()
	return t.Field(j.Name)
}

// Own is the schema of a profile without lookups.
func (s *Single) Own() *check.Type { return s.table.joined[0].before }

// Fields are the objects of the lookups, in the schema with these.
func (s *Single) Fields() (all []*check.Field) {
	for _, one := range s.found {
		all = append(all, one.field)
	}
	return all
}

// Reads is what is read of the schema with lookups, the keys among it.
func (s *Single) Reads() *check.Reads { return s.reads }

// Fill finds the rows of a profile, which root is, and hands each object to lay, beside the keys: a later one may have its keys in it, so
// that lay puts it into root. An error is that of a source.
func (s *Single) Fill(ctx context.Context, root *column.Struct, lay func(f *check.Field, values column.Column)) error {
	for _, one := range s.found {
		keys, outer := one.keys(root, one.before, 0)
		if keys == nil {
			keys = &column.Nulls{}
		}
		made, err := s.table.rows(ctx, one.joined, keys, one.names)
		if err != nil {
			return fmt.Errorf("lookup %s: %w", one.Name, err)
		}
		row := &column.Struct{Valid: made.Valid, N: made.N, Fields: make([]column.Column, len(one.units))}
		for i, at := range one.at {
			row.Fields[at] = made.Fields[i]
		}
		lay(one.field, within(row, outer))
	}
	return nil
}
