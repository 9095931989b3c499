package resident

import (
	"errors"
	"math/bits"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/vector"
	"github.com/segq/segq/lang/check"
)

// The values of a query are evaluated for the rows of a block that match, so many rows at a time:
// over vectors, or by the reference evaluator. Of lists and maps that is their sizes, and of objects
// nothing; the first of them are evaluated once more, to be examples.

// described is how the values of a query are evaluated.
type described struct {
	// of is what is evaluated, nil for nothing, and vectors has it, nil where it has no form there.
	of      check.Node
	vectors *vector.Program
	// plain evaluates of, and whole what the query asks for.
	plain, whole *eval.Program
}

// prepareValues prepares the evaluation of the values of a query.
func (q *query) prepareValues() {
	root, snap, at := q.Typed.Root, q.run.snap, q.run.batch.Now
	d := &described{of: root, whole: eval.New(q.Typed, snap, at)}
	switch root.Type().Kind {
	case check.Object:
		d.of = nil
	case check.List, check.Map:
		d.of = &check.Call{Info: check.Info{T: check.IntType, At: root.Span()}, Op: check.Count, Args: []check.Node{root}}
	}
	if d.of != nil {
		d.plain = eval.NewCond(d.of, q.Typed.Slots, snap, at)
		if p := vector.New(snap, at); p.Add(d.of, q.Typed.Slots) == nil {
			d.vectors = p
		}
	}
	q.values = d
}

// slow says whether the values are evaluated for one profile after another.
func (d *described) slow() bool { return d.of != nil && d.vectors == nil }

// valuer evaluates the values of a query for one goroutine.
type valuer struct {
	vectors      *vector.Evaluator
	plain, whole *eval.Evaluator
	rows         []uint32 // scratch
}

// valuer returns the worker's valuer of a query.
func (w *worker) valuer(q *query) *valuer {
	v := w.values[q]
	if v == nil {
		v = &valuer{whole: q.values.whole.Evaluator()}
		v.whole.Stop = w.stop
		if q.values.vectors != nil {
			v.vectors = q.values.vectors.Evaluator()
			v.vectors.Stop = w.stop
		}
		if q.values.plain != nil {
			v.plain = q.values.plain.Evaluator()
			v.plain.Stop = w.stop
		}
		w.values[q] = v
	}
	return v
}

// describe adds the values of the rows whose bit is set to a share; bit 0 is the first of rows.
func (q *query) describe(w *worker, matched column.Bitmap, rows column.Range, s *share, p *part) error {
	if s.tally == nil {
		s.tally = newTally(q.Typed.Root.Type(), &q.meter, p.rows.Rows())
	}
	v := w.valuer(q)
	if err := q.exemplify(v, matched, rows, s); err != nil {
		return err
	}
	if q.values.of == nil {
		s.tally.present += matched.Ones()
		return nil
	}
	for start := rows.Start; start < rows.End; start += rowsAtOnce {
		first := (start - rows.Start) >> 6
		lot := column.Range{Start: start, End: min(rows.End, start+rowsAtOnce)}
		if err := q.describeLot(v, matched[first:first+(lot.Rows()+63)>>6], lot, s); err != nil {
			return err
		}
	}
	return nil
}

// exemplify takes the first values of lists, maps and objects as examples.
func (q *query) exemplify(v *valuer, matched column.Bitmap, rows column.Range, s *share) error {
	switch q.Typed.Root.Type().Kind {
	case check.List, check.Map, check.Object:
	default:
		return nil
	}
	for i := 0; i < len(matched) && len(s.examples) < examples; i++ {
		for word := matched[i]; word != 0 && len(s.examples) < examples; word &= word - 1 {
			one, err := v.whole.Value(rows.Start + i<<6 + bits.TrailingZeros64(word))
			if err != nil {
				return err
			}
			if !one.IsNull() {
				s.examples = append(s.examples, string(one.AppendJSON(nil)))
			}
			s.overflowed = s.overflowed || v.whole.Overflowed()
		}
	}
	return nil
}

// describeLot adds the values of the rows whose bit is set: over vectors for all rows where most of
// them match, which takes less than to pick those that do.
func (q *query) describeLot(v *valuer, matched column.Bitmap, rows column.Range, s *share) error {
	n := matched.Ones()
	if n == 0 {
		return nil
	}
	if v.vectors != nil && 2*n > rows.Rows() {
		v.vectors.Block(rows)
		switch c, err := v.vectors.Value(q.values.of); {
		case err == nil:
			s.overflowed = s.overflowed || v.vectors.Overflowed()
			return s.tally.add(c, matched)
		case !errors.Is(err, vector.ErrCrowded):
			return err
		}
	}
	v.rows = v.rows[:0]
	for i, word := range matched {
		for ; word != 0; word &= word - 1 {
			v.rows = append(v.rows, uint32(rows.Start+i<<6+bits.TrailingZeros64(word)))
		}
	}
	return q.describeRows(v, v.rows, s)
}

// describeRows adds the values of rows, of fewer at a time where they are too many.
func (q *query) describeRows(v *valuer, rows []uint32, s *share) error {
	if v.vectors == nil {
		return q.describePlainly(v, rows, s)
	}
	v.vectors.Rows(rows)
	c, err := v.vectors.Value(q.values.of)
	switch {
	case errors.Is(err, vector.ErrCrowded) && len(rows) == 1:
		return q.describePlainly(v, rows, s)
	case errors.Is(err, vector.ErrCrowded):
		half := len(rows) / 2
		if err := q.describeRows(v, rows[:half], s); err != nil {
			return err
		}
		return q.describeRows(v, rows[half:], s)
	case err != nil:
		return err
	}
	s.overflowed = s.overflowed || v.vectors.Overflowed()
	return s.tally.add(c, nil)
}

// describePlainly adds the values of rows by the reference evaluator.
func (q *query) describePlainly(v *valuer, rows []uint32, s *share) error {
	for len(rows) > 0 {
		some := rows[:min(len(rows), slowAtOnce)]
		rows = rows[len(some):]
		values := make([]eval.Value, len(some))
		for i, row := range some {
			one, err := v.plain.Value(int(row))
			if err != nil {
				return err
			}
			values[i] = one
		}
		s.overflowed = s.overflowed || v.plain.Overflowed()
		if err := s.tally.add(eval.Column(q.values.of.Type(), values), nil); err != nil {
			return err
		}
	}
	return nil
}
