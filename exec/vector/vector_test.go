package vector_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
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
			exectest.RunKinds(t, "../exectest/testdata", e)
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

// asked asks for some rows of each block, one choice of them after another: what an
// evaluation has left behind does not change the next.
type asked struct {
	t       *testing.T
	choices *rand.Rand
}

func (a asked) Match(snap *column.Snapshot, q *check.Query, now time.Time) ([]string, error) {
	want, err := exectest.Reference{}.Match(snap, q, now)
	p := vector.New(snap, now)
	if err != nil || p.Add(q.Cond, q.Slots) != nil {
		return want, err
	}
	e, reference := p.Evaluator(), eval.NewCond(q.Cond, q.Slots, snap, now).Evaluator()
	const block = 5
	for start := 0; start < snap.Rows(); start += block {
		rows := column.Range{Start: start, End: min(start+block, snap.Rows())}
		var all uint64
		for row := range rows.Rows() {
			is, err := reference.Cond(start + row)
			if err != nil {
				a.t.Fatal(err)
			}
			if is {
				all |= 1 << row
			}
		}
		e.Block(rows)
		for range 6 {
			need := a.choices.Uint64N(1 << rows.Rows())
			got := column.NewBitmap(rows.Rows())
			if err := e.Cond(got, q.Cond, []uint64{need}); err != nil {
				a.t.Fatal(err)
			}
			if got[0] != all&need {
				a.t.Errorf("from row %d on, of %05b: got %05b, want %05b: %s", start, need, got[0], all&need, check.Dump(q.Cond))
			}
		}
	}
	return want, nil
}

func TestScriptsForSomeRows(t *testing.T) {
	exectest.RunKinds(t, "../exectest/testdata", asked{t, rand.New(rand.NewPCG(3, 4))})
}

// What a part needs is restored after it: the second operand is evaluated for all rows,
// though the last condition of the first was for few.
func TestNeedIsPutBack(t *testing.T) {
	data := `{"_id":"a","n":1,"s":"xy","t":"x"}
{"_id":"b","n":7,"s":"xy","t":"x"}
{"_id":"c","n":1,"s":"xy","t":"y"}
{"_id":"d","n":7,"s":"xy","t":"y"}`
	snap, _, err := load.Reader(t.Context(), strings.NewReader(data), "ndjson", "d", load.Options{})
	if err != nil {
		t.Fatal(err)
	}
	q, ds := lang.Compile(`(n = 1 and t = "x") = s.startsWith(t)`, column.Catalog{Snapshot: snap}, check.Options{})
	if ds.Failed() {
		t.Fatal(ds)
	}
	now := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	p := vector.New(snap, now)
	if err := p.Add(q.Cond, q.Slots); err != nil {
		t.Fatal(err)
	}
	(&engine{t: t, block: 4}).compare(p, snap, q, now)
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
