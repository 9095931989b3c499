package resident

import (
	"errors"
	"math"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/vector"
	"github.com/segq/segq/lang/check"
)

// IDColumn returns the name and the type of the ids of a table: those of the field that
// identifies a profile, which is null for one without. Where a table has no such field, the number of
// the row identifies a profile.
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
	columns, none := make([]column.Column, len(r.values)), 0
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
			c, none = r.identified(c, rows)
		}
		columns[i] = c
	}
	s.nameless += none
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

// identified returns the ids of rows, and how many of them are none: c is nil where no profile of the table has one. A
// table that has no such field has the numbers of the rows as its ids.
func (r *rows) identified(c column.Column, rows []uint32) (column.Column, int) {
	switch {
	case c != nil:
		return c, without(c, len(rows))
	case r.snap.ID != nil:
		return &column.Ints{Valid: column.NewBitmap(len(rows)), I64: make([]int64, len(rows))}, len(rows)
	}
	out := &column.Ints{I64: make([]int64, len(rows))}
	for i, row := range rows {
		out.I64[i] = int64(r.First) + int64(row)
	}
	return out, 0
}

// without counts those of n ids that are none. What is no number is none.
func without(c column.Column, n int) (none int) {
	valid, known := column.Bitmap(nil), true
	floats, _ := c.(*column.Floats)
	switch c := c.(type) {
	case *column.Ints:
		valid = c.Valid
	case *column.Strings:
		valid = c.Valid
	case *column.Texts:
		valid = c.Valid
	default:
		known = false
	}
	if known && valid == nil {
		return 0
	}
	for i := range n {
		if c.Null(i) || floats != nil && math.IsNaN(floats.V[i]) {
			none++
		}
	}
	return none
}
