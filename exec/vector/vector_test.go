package vector_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/vector"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// engine answers the scripts, and holds every answer against the reference.
type engine struct {
	t       *testing.T
	block   int
	reasons map[string]int
	asked   int
}

func (e *engine) Match(snap *column.Snapshot, q *check.Query, now time.Time) ([]string, error) {
	e.asked++
	want, err := exectest.Reference{}.Match(snap, q, now)
	p := vector.New(snap, now)
	var reason *vector.Unsupported
	if errors.As(p.Add(q.Cond, q.Slots), &reason) {
		e.reasons[reason.Reason]++
		return want, err
	}
	if err != nil {
		return want, err // what is too much for one profile is told by the engine
	}
	e.compare(p, snap, q, now)
	return want, nil
}

// compare evaluates ragged blocks.
func (e *engine) compare(p *vector.Program, snap *column.Snapshot, q *check.Query, now time.Time) {
	overflowed := false
	got, want := p.Evaluator(), eval.NewCond(q.Cond, q.Slots, snap, now).Evaluator()
	for start := 0; start < snap.Rows(); start += e.block {
		rows := column.Range{Start: start, End: min(start+e.block, snap.Rows())}
		got.Block(rows)
		bits := column.NewBitmap(rows.Rows())
		if err := got.Cond(bits, q.Cond, nil); err != nil {
			e.t.Fatal(err)
		}
		overflowed = overflowed || got.Overflowed()
		ones := 0
		for row := rows.Start; row < rows.End; row++ {
			is, err := want.Cond(row)
			if err != nil {
				e.t.Fatal(err)
			}
			if bits.Get(row-start) != is {
				e.t.Errorf("row %d of %s: got %t, want %t", row, check.Dump(q.Cond), !is, is)
			}
			if is {
				ones++
			}
		}
		if bits.Ones() != ones {
			e.t.Errorf("bits past the end: %s", check.Dump(q.Cond))
		}
	}
	if overflowed != want.Overflowed() {
		e.t.Errorf("overflowed is %t, want %t: %s", overflowed, want.Overflowed(), check.Dump(q.Cond))
	}
}

// Every script is answered as the reference evaluator answers it, but for a few
// forms that are known.
func TestScripts(t *testing.T) {
	for _, block := range []int{1, 3, 1000} {
		t.Run(fmt.Sprint(block), func(t *testing.T) {
			e := &engine{t: t, block: block, reasons: map[string]int{}}
			exectest.Run(t, "../exectest/testdata", e)
			without := 0
			for _, n := range e.reasons {
				without += n
			}
			t.Logf("%d of %d conditions have a form", e.asked-without, e.asked)
			for _, reason := range slices.Sorted(maps.Keys(e.reasons)) {
				t.Logf("%4d: %s", e.reasons[reason], reason)
			}
			if without*5 > e.asked {
				t.Errorf("%d of %d conditions have no form", without, e.asked)
			}
		})
	}
}

// What is remembered for a block is right only where it was needed then. It is not
// taken for right elsewhere, even when the caller uses its bitmap again.
func TestNeedIsTheCallersOwn(t *testing.T) {
	data := `{"_id":"a","n":1,"s":"x"}
{"_id":"b","n":7,"s":"a"}
{"_id":"c","n":1,"s":"a"}`
	snap, _, err := load.Reader(t.Context(), strings.NewReader(data), "ndjson", "d", load.Options{})
	if err != nil {
		t.Fatal(err)
	}
	q, ds := lang.Compile(`n + 1 = 2 or s = "a"`, column.Catalog{Snapshot: snap}, check.Options{})
	if ds.Failed() {
		t.Fatal(ds)
	}
	now := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	p := vector.New(snap, now)
	if err := p.Add(q.Cond, q.Slots); err != nil {
		t.Fatal(err)
	}
	e := p.Evaluator()
	e.Block(column.Range{End: 3})
	got, need := column.NewBitmap(3), column.Bitmap{0b001}
	for _, want := range []uint64{0b001, 0b010, 0b100, 0b111} {
		need[0] = want
		if err := e.Cond(got, q.Cond, need); err != nil {
			t.Fatal(err)
		}
		if got[0] != want {
			t.Errorf("of the rows %03b: %03b", want, got[0])
		}
	}
}
