package resident

import (
	"errors"
	"math"
	"slices"
	"strconv"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/vector"
	"github.com/segq/segq/lang/check"
)

// IDColumn returns the name and the type of the ids of a table: those of the field that
// identifies a profile. A profile without one, and every profile of a table that has no such
// field, is known by the number of its row.
func IDColumn(s *column.Snapshot) (name string, t *check.Type) {
	if s.ID == nil {
		return "row", check.IntType
	}
	if s.ID.Type.Kind == check.Any { // there is no value
		return s.ID.Name, check.IntType
	}
	return s.ID.Name, s.ID.Type
}

// prepareIDs adds the field that identifies a profile to what is asked for.
func (r *rows) prepareIDs() error {
	v := value{id: true}
	if f := r.snap.ID; f != nil && f.Type.Kind != check.Any {
		v.root = &check.Member{Info: check.Info{T: f.Type}, X: &check.Slot{Info: check.Info{T: r.snap.Schema}}, F: f}
		if err := r.vector.Add(v.root, 1); err != nil {
			return err
		}
	}
	r.values = append(r.values, v)
	return nil
}

// columns returns the values of rows. It is [vector.ErrCrowded] where fewer rows should be
// asked for.
func (l *lane) columns(s *stretch, rows []uint32) ([]column.Column, error) {
	r, w := l.rows, l.worker
	w.vector.Rows(rows)
	columns, without := make([]column.Column, len(r.values)), 0
	for i, v := range r.values {
		var c column.Column
		var err error
		switch {
		case v.root == nil: // an id that is no field
		case v.reference == nil:
			c, err = w.vector.Value(v.root)
			s.overflowed = s.overflowed || w.vector.Overflowed()
		default:
			c, err = l.byReference(s, i, rows)
		}
		if errors.Is(err, vector.ErrCrowded) && len(rows) == 1 {
			c, err = l.byReference(s, i, rows)
		}
		if err != nil {
			return nil, err
		}
		if v.id {
			c, without = numbered(c, rows, r.First)
		}
		columns[i] = c
	}
	s.numbered += without
	return columns, nil
}

// byReference returns the values of an expression one row after another.
func (l *lane) byReference(s *stretch, i int, rows []uint32) (column.Column, error) {
	r, w := l.rows, l.worker
	e := w.reference[i]
	if e == nil {
		p := r.values[i].reference
		if p == nil {
			p = eval.NewCond(r.values[i].root, r.slots(i), r.snap, r.Now)
		}
		e = p.Evaluator()
		e.Stop = r.stop.Load
		w.reference[i] = e
	}
	values := make([]eval.Value, len(rows))
	for k, row := range rows {
		v, err := e.Value(int(row))
		if err != nil {
			return nil, err
		}
		values[k] = v
	}
	s.overflowed = s.overflowed || e.Overflowed()
	return eval.Column(r.values[i].root.Type(), values), nil
}

// slots is the number of slots of an expression.
func (r *rows) slots(i int) int {
	if r.IDs {
		i--
	}
	if i < 0 {
		return 1
	}
	return r.Select[i].Slots
}

// numbered returns ids with the numbers of the rows where there are none, and how many those are: c
// is nil for no ids at all. Ids that are neither texts nor numbers stay null.
func numbered(c column.Column, rows []uint32, first int) (column.Column, int) {
	switch c := c.(type) {
	case nil:
		out := &column.Ints{I64: make([]int64, len(rows))}
		for i, row := range rows {
			out.I64[i] = int64(first) + int64(row)
		}
		return out, len(rows)
	case *column.Ints:
		if c.Valid == nil {
			return c, 0
		}
		out, without := &column.Ints{I64: make([]int64, len(rows))}, 0
		for i, row := range rows {
			if out.I64[i] = c.At(i); c.Null(i) {
				out.I64[i] = int64(first) + int64(row)
				without++
			}
		}
		return out, without
	case *column.Floats:
		out, without := &column.Floats{V: slices.Clone(c.V)}, 0
		for i, row := range rows {
			if c.Null(i) || math.IsNaN(c.V[i]) {
				out.V[i] = float64(first) + float64(row)
				without++
			}
		}
		if without == 0 {
			return c, 0
		}
		return out, without
	case *column.Strings:
		if c.Valid != nil {
			return numberedTexts(c, c.At, rows, first)
		}
	case *column.Texts:
		if c.Valid != nil {
			return numberedTexts(c, c.At, rows, first)
		}
	}
	return c, 0
}

func numberedTexts(c column.Column, text func(i int) string, rows []uint32, first int) (*column.Texts, int) {
	out, without := &column.Texts{Offsets: make([]uint32, 1, len(rows)+1)}, 0
	for i, row := range rows {
		if c.Null(i) {
			out.Bytes = strconv.AppendInt(out.Bytes, int64(first)+int64(row), 10)
			without++
		} else {
			out.Bytes = append(out.Bytes, text(i)...)
		}
		out.Offsets = append(out.Offsets, uint32(len(out.Bytes)))
	}
	return out, without
}
