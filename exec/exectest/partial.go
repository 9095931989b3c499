package exectest

import (
	"context"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// Partial returns a table that has of a snapshot what is asked for, at each time, and
// nothing else.
func Partial(s *column.Snapshot) column.Table { return &partial{s} }

type partial struct{ whole *column.Snapshot }

// Snapshot has no column.
func (t *partial) Snapshot() *column.Snapshot { return t.only(&check.Reads{}) }

// Load returns what is read and no more.
func (t *partial) Load(_ context.Context, r *check.Reads, _ func(done, total int64)) (*column.Snapshot, func(), error) {
	return t.only(r), func() {}, nil
}

// Close does nothing.
func (t *partial) Close() error { return nil }

func (t *partial) only(r *check.Reads) *column.Snapshot {
	s := *t.whole
	s.Partial = true
	if root, ok := only(s.Root, s.Schema, r).(*column.Struct); ok {
		s.Root = root
	}
	return &s
}

// only returns of c what is read.
func only(c column.Column, t *check.Type, r *check.Reads) column.Column {
	switch {
	case r == nil:
		return &column.Unloaded{N: c.Len()}
	case r.All:
		return c
	}
	switch c := c.(type) {
	case *column.Struct:
		out := &column.Struct{Valid: c.Valid, N: c.N}
		for i, f := range c.Fields {
			out.Fields = append(out.Fields, only(f, t.Fields[i].Type, r.Fields[t.Fields[i].Name]))
		}
		return out
	case *column.List:
		out := *c
		out.Elem = only(c.Elem, t.Elem, r.Elem)
		return &out
	case *column.Map:
		out := *c
		out.Values = only(c.Values, t.Elem, r.Elem)
		return &out
	}
	return c
}
