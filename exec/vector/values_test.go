package vector_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/vector"
	"github.com/segq/segq/lang/check"
)

// valued asks for the values of each query of the scripts for some rows at a time, of both
// evaluators, as columns.
type valued struct {
	t       *testing.T
	choices *rand.Rand
	block   int
	asked   int
}

func (v *valued) Match(snap *column.Snapshot, q *check.Query, now time.Time) ([]string, error) {
	ids, err := exectest.Reference{}.Match(snap, q, now)
	want, failed := exectest.Reference{}.Values(snap, q, now)
	if failed != nil {
		return ids, err
	}
	v.asked++
	e := eval.New(q, snap, now).Evaluator()
	var vectors *vector.Evaluator
	if p := vector.New(snap, now); p.Add(q.Root, q.Slots) == nil {
		vectors = p.Evaluator()
	}
	for start := 0; start < snap.Rows(); start += v.block {
		var rows []uint32
		var values []eval.Value
		for row := start; row < min(start+v.block, snap.Rows()); row++ {
			if v.choices.IntN(4) == 0 {
				continue
			}
			one, err := e.Value(row)
			if err != nil {
				v.t.Fatal(err)
			}
			rows, values = append(rows, uint32(row)), append(values, one)
		}
		v.compare("reference", eval.Column(q.Root.Type(), values), rows, want, q)
		if vectors == nil {
			continue
		}
		vectors.Rows(rows)
		c, err := vectors.Value(q.Root)
		if err != nil {
			v.t.Fatal(err)
		}
		v.compare("vectors", c, rows, want, q)
	}
	return ids, err
}

func (v *valued) compare(who string, c column.Column, rows []uint32, want []string, q *check.Query) {
	v.t.Helper()
	if c.Len() != len(rows) {
		v.t.Fatalf("%s: %d values of %d rows: %s", who, c.Len(), len(rows), check.Dump(q.Root))
	}
	for i, row := range rows {
		if got := string(column.AppendJSON(nil, c, i, q.Root.Type())); got != want[row] {
			v.t.Errorf("%s: row %d is %s, not %s: %s", who, row, got, want[row], check.Dump(q.Root))
		}
	}
}

// Values as columns are those of the reference evaluator, whatever rows are asked for.
func TestValuesOfScripts(t *testing.T) {
	for _, block := range []int{1, 3, 1000} {
		v := &valued{t: t, choices: rand.New(rand.NewPCG(5, uint64(block))), block: block}
		exectest.RunKinds(t, "../exectest/testdata", v)
		if v.asked < 1000 {
			t.Errorf("only %d queries were asked", v.asked)
		}
	}
}
