package exectest

import (
	"context"
	"testing"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// AsTexts returns a snapshot with the same values in which each column of strings is a
// [column.Texts], but for the keys of maps.
func AsTexts(snap *column.Snapshot) *column.Snapshot {
	return converted(snap, func(c column.Column) column.Column {
		if _, ok := c.(*column.Constant); ok {
			return c // whose value always is in a dictionary
		}
		if s, ok := column.Stored(c).(*column.Strings); ok {
			return column.Restored(c, Texts(s))
		}
		return c
	})
}

// Texts returns the strings of c in the order of the rows.
func Texts(c *column.Strings) *column.Texts {
	out := &column.Texts{Valid: c.Valid, Offsets: make([]uint32, 1, c.Len()+1)}
	for i := range c.Len() {
		if !c.Null(i) {
			out.Bytes = append(out.Bytes, c.At(i)...)
		}
		out.Offsets = append(out.Offsets, uint32(len(out.Bytes)))
	}
	return out
}

// AsStrings returns a snapshot with the same values in which each column of strings is a
// [column.Strings].
func AsStrings(snap *column.Snapshot) *column.Snapshot {
	return converted(snap, func(c column.Column) column.Column {
		if t, ok := column.Stored(c).(*column.Texts); ok {
			s, _ := column.Sorted(context.Background(), t, 1) // it fails with its context alone
			return column.Restored(c, s)
		}
		return c
	})
}

// AsCompact returns a snapshot with the same values in which each leaf is a [column.Constant] or
// a [column.Sparse] if it can be one, however small it is.
func AsCompact(snap *column.Snapshot) *column.Snapshot { return converted(snap, Compact) }

// AsDense returns a snapshot with the same values in which each leaf has a slot for each row.
func AsDense(snap *column.Snapshot) *column.Snapshot { return converted(snap, column.Dense) }

// Compact returns c as a [column.Constant] or a [column.Sparse], if it can be one.
func Compact(c column.Column) column.Column {
	for _, as := range []func(column.Column) column.Column{column.AsConstant, column.AsSparse} {
		if few := as(column.Dense(c)); few != nil {
			return few
		}
	}
	return c
}

// converted returns a snapshot of the columns that leaf makes of those without parts.
func converted(snap *column.Snapshot, leaf func(column.Column) column.Column) *column.Snapshot {
	out := *snap
	out.Root = converter(leaf).column(snap.Root).(*column.Struct)
	return &out
}

type converter func(column.Column) column.Column

func (f converter) column(c column.Column) column.Column {
	switch c := c.(type) {
	case *column.Struct:
		out := *c
		out.Fields = make([]column.Column, len(c.Fields))
		for i, field := range c.Fields {
			out.Fields[i] = f.column(field)
		}
		return &out
	case *column.List:
		out := *c
		out.Elem = f.column(c.Elem)
		return &out
	case *column.Map:
		out := *c
		out.Values = f.column(c.Values)
		return &out
	}
	return f(c)
}

// Converted returns an engine that asks another one about what convert makes of the table:
// [AsTexts], [AsStrings] or [AsCompact].
func Converted(engine Engine, convert func(*column.Snapshot) *column.Snapshot) Engine {
	c := converting{engine, convert}
	if v, ok := engine.(Valuer); ok {
		return convertingValuer{c, v}
	}
	return c
}

type converting struct {
	engine  Engine
	convert func(*column.Snapshot) *column.Snapshot
}

// Match asks the engine.
func (c converting) Match(snap *column.Snapshot, q *check.Query, now time.Time) ([]string, error) {
	return c.engine.Match(c.convert(snap), q, now)
}

type convertingValuer struct {
	converting
	valuer Valuer
}

// Values asks the engine.
func (c convertingValuer) Values(snap *column.Snapshot, q *check.Query, now time.Time) ([]string, error) {
	return c.valuer.Values(c.convert(snap), q, now)
}

// RunKinds is [Run] with the columns that the data is loaded into, with all columns of strings of
// the one kind, and of the other, and of each of these with all columns compact that can be.
func RunKinds(t *testing.T, dir string, engine Engine) {
	t.Helper()
	t.Run("loaded", func(t *testing.T) { Run(t, dir, engine) })
	t.Run("texts", func(t *testing.T) { Run(t, dir, Converted(engine, AsTexts)) })
	t.Run("strings", func(t *testing.T) { Run(t, dir, Converted(engine, AsStrings)) })
	t.Run("compact", func(t *testing.T) { Run(t, dir, Converted(engine, AsCompact)) })
	t.Run("compact texts", func(t *testing.T) { Run(t, dir, Converted(Converted(engine, AsCompact), AsTexts)) })
}
