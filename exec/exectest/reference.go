package exectest

import (
	"fmt"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/lang/check"
)

// Reference is the reference evaluator as an [Engine]. It is a [Valuer].
type Reference struct{}

var _ Valuer = Reference{}

// Match evaluates the condition of q row by row.
func (Reference) Match(snap *column.Snapshot, q *check.Query, now time.Time) ([]string, error) {
	e := eval.New(q, snap, now).Evaluator()
	var ids []string
	for row := range snap.Rows() {
		ok, err := e.Cond(row)
		if err != nil {
			return nil, fmt.Errorf("match: %w", err)
		}
		if ok {
			ids = append(ids, rowID(snap, row))
		}
	}
	return ids, nil
}

// Values evaluates q row by row.
func (Reference) Values(snap *column.Snapshot, q *check.Query, now time.Time) ([]string, error) {
	e := eval.New(q, snap, now).Evaluator()
	values := make([]string, snap.Rows())
	for row := range values {
		v, err := e.Value(row)
		if err != nil {
			return nil, fmt.Errorf("values: %w", err)
		}
		values[row] = string(v.AppendJSON(nil))
	}
	return values, nil
}
