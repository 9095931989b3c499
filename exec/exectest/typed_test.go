package exectest_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/plan"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/exec/vector"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/samples"
)

// By hand: go test ./exec/exectest -run TestTypedQueries -queries 1000000 -seed 7 -timeout 0.
var (
	drawnQueries = flag.Int("queries", 4000, "how many queries TestTypedQueries draws")
	drawnSeed    = flag.Uint64("seed", 1, "what they are drawn from")
)

// typedParams are the parameters that drawn queries may use.
var typedParams = map[string]any{"flag": true, "int": int64(3), "float": 1.5, "text": "US", "list": []any{"US", "CA"}}

// sampleRows returns some of the profiles that segq brings along.
func sampleRows(t *testing.T, n int) *column.Snapshot {
	t.Helper()
	r, err := samples.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfterN(text, []byte("\n"), n+1)
	data := bytes.Join(lines[:n], nil)
	snap, _, err := load.Reader(t.Context(), bytes.NewReader(data), "ndjson", "sample", load.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

// typedTest asks drawn queries in all ways: the reference about snap, the others about kind,
// which has the same values.
type typedTest struct {
	t       *testing.T
	snap    *column.Snapshot
	kind    *column.Snapshot
	catalog column.Catalog
	engine  *resident.Engine
	now     time.Time
	waiting []answered
	figures struct{ unparsed, refused, run, slow int }
	// failures counts what was found, of which mostFailures are enough.
	failures int
}

const mostFailures = 20

// errorf reports a failure.
func (f *typedTest) errorf(format string, args ...any) {
	f.t.Helper()
	f.failures++
	f.t.Errorf(format, args...)
}

// answered is a query that the reference has answered.
type answered struct {
	text  string
	typed *check.Query
	want  column.Bitmap
	over  bool
}

// TestTypedQueries draws queries that are nearly right, and some that are right, and does
// everything with them that one can do with a query. Nothing may panic; what is refused
// is refused at a place in the text; and all ways to evaluate agree.
func TestTypedQueries(t *testing.T) {
	snap := sampleRows(t, 70)
	t.Run("strings", func(t *testing.T) { askTyped(newTypedTest(t, snap, exectest.AsStrings(snap))) })
	t.Run("texts", func(t *testing.T) { askTyped(newTypedTest(t, snap, exectest.AsTexts(snap))) })
	t.Run("compact", func(t *testing.T) { askTyped(newTypedTest(t, snap, exectest.AsCompact(snap))) })
}

func askTyped(f *typedTest) {
	t, snap := f.t, f.snap
	gold, ds := lang.Compile(`loyalty.tier = "gold"`, column.Catalog{Snapshot: snap}, check.Options{})
	if ds.Failed() {
		t.Fatal(ds)
	}
	f.catalog = column.Catalog{Snapshot: snap, Saved: map[string]*check.Query{"gold": gold}}
	start := time.Now()
	for i := range *drawnQueries {
		a := exectest.NewAuthor(*drawnSeed<<32+uint64(i), snap.Schema)
		a.Wrong = []float64{0, 0.1, 0.25, 0.5}[i%4]
		a.Texts = []string{"", "US", "CA", "gold", "commerce.purchases", "email", "Ann", "%", "Ä"}
		a.Segments = []string{"gold"}
		a.Params = map[check.Kind]string{check.Bool: "flag", check.Int: "int", check.Float: "float", check.String: "text", check.List: "list"}
		if f.ask(a.Query(), a.Int); f.failures > mostFailures {
			t.Fatalf("too many failures after %d queries", i+1)
		}
	}
	f.flush()
	t.Logf("%d queries in %.1f s: %d did not parse, %d were refused, %d ran, of which %d took too long for the reference",
		*drawnQueries, time.Since(start).Seconds(), f.figures.unparsed, f.figures.refused, f.figures.run, f.figures.slow)
	if *drawnQueries >= 1000 && (f.figures.run*5 < *drawnQueries || f.figures.refused*5 < *drawnQueries || f.figures.unparsed*5 > *drawnQueries) {
		t.Error("the queries are not what they should be: right, and nearly right")
	}
}

func newTypedTest(t *testing.T, snap, kind *column.Snapshot) *typedTest {
	f := &typedTest{t: t, snap: snap, kind: kind, catalog: column.Catalog{Snapshot: snap}, now: time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)}
	f.engine = resident.Open(exectest.Partial(kind), resident.Options{Threads: 2})
	t.Cleanup(f.engine.Close)
	return f
}

// ask does everything with a query. It gives the rows that the reference finds, and
// whether it has an answer; draw gives numbers below its argument.
func (f *typedTest) ask(text string, draw func(int) int) (found column.Bitmap, ok bool) {
	defer ast.Guard(func(fault *ast.Fault) { f.errorf("%s\n%v\n%s", text, fault, fault.Report()) })
	lang.Complete(text)
	lang.Tokens(text)
	lang.Completions(text, draw(len(text)+1), f.catalog, nil)
	_, parsing := lang.Format(text)
	f.placed(text, parsing)
	typed, ds := lang.Compile(text, f.catalog, check.Options{Params: typedParams, Adobe: true})
	f.placed(text, ds)
	switch {
	case ds.Failed():
		if typed != nil {
			f.errorf("%s: refused, and compiled all the same", text)
		}
		if parsing.Failed() {
			f.figures.unparsed++
		} else {
			f.figures.refused++
		}
		return nil, false
	case typed == nil:
		f.errorf("%s: neither compiled nor refused", text)
		return nil, false
	}
	f.figures.run++
	check.Dump(typed.Root)
	return f.evaluate(text, typed)
}

// placed sees that every diagnostic has words and a place in the text, and that none is
// internal.
func (f *typedTest) placed(text string, ds ast.Diagnostics) {
	for _, d := range ds {
		inside := 0 <= d.At.Start && d.At.Start <= d.At.End && d.At.End <= len(text)
		if !inside || d.At == (ast.Span{}) || d.Code == "" || d.Message == "" || d.Code == ast.Internal {
			f.errorf("%s\n%+v", text, d)
		}
		lang.Render(d, "", text)
	}
}

// evaluate asks the reference, and vectors; the engine is asked for many at a time.
func (f *typedTest) evaluate(text string, typed *check.Query) (found column.Bitmap, ok bool) {
	q := answered{text: text, typed: typed, want: column.NewBitmap(f.snap.Rows())}
	deadline := time.Now().Add(200 * time.Millisecond)
	late := func() bool { return time.Now().After(deadline) }
	e := eval.New(typed, f.snap, f.now).Evaluator()
	e.Stop, e.Limit = late, 1<<16
	for row := range f.snap.Rows() {
		is, err := e.Cond(row)
		if err != nil {
			f.figures.slow++
			return nil, false
		}
		if is {
			q.want.Set(row)
		}
	}
	q.over = e.Overflowed()
	for row := range min(10, f.snap.Rows()) {
		v, err := e.Value(row)
		if err == nil {
			v.AppendJSON(nil)
		}
	}
	f.vectors(q)
	f.waiting = append(f.waiting, q)
	if len(f.waiting) == 40 {
		f.flush()
	}
	return q.want, true
}

// vectors asks vectors, in ragged blocks.
func (f *typedTest) vectors(q answered) {
	p := vector.New(f.kind, f.now)
	if err := p.Add(q.typed.Cond, q.typed.Slots); err != nil {
		return
	}
	e := p.Evaluator()
	over := false
	for start, size := 0, 1; start < f.snap.Rows(); start, size = start+size, 3*size {
		rows := column.Range{Start: start, End: min(start+size, f.snap.Rows())}
		e.Block(rows)
		got := column.NewBitmap(rows.Rows())
		if err := e.Cond(got, q.typed.Cond, nil); err != nil {
			f.errorf("%s: vectors: %v", q.text, err)
			return
		}
		over = over || e.Overflowed()
		for row := rows.Start; row < rows.End; row++ {
			if got.Get(row-rows.Start) != q.want.Get(row) {
				f.errorf("%s\nrow %d: vectors find %t, the reference %t", q.text, row, !q.want.Get(row), q.want.Get(row))
				return
			}
		}
	}
	// Vectors may warn of a number that no element has asked for.
	if q.over && !over {
		f.errorf("%s: vectors have seen no number that was too large, but the reference has", q.text)
	}
}

// flush plans the queries that wait, and has the engine answer them in one batch, each
// once as a count and once row by row.
func (f *typedTest) flush() {
	b := exec.Batch{Now: f.now}
	var typed []*check.Query
	var mu sync.Mutex
	got := make([]column.Bitmap, len(f.waiting))
	for i, q := range f.waiting {
		got[i] = column.NewBitmap(f.snap.Rows())
		typed = append(typed, q.typed)
		b.Queries = append(b.Queries, exec.Query{ID: fmt.Sprint("count", i), Typed: &check.Query{Root: q.typed.Cond, Cond: q.typed.Cond, Slots: q.typed.Slots}},
			exec.Query{ID: fmt.Sprint("rows", i), Typed: q.typed, Matches: func(start int, matched []uint64) error {
				mu.Lock()
				defer mu.Unlock()
				copy(got[i][start/64:], matched)
				return nil
			}})
	}
	if len(typed) == 0 {
		return
	}
	p, err := plan.New(context.Background(), typed, f.kind, f.now)
	if err == nil {
		_, err = p.Measure(context.Background(), 0)
	}
	if err != nil {
		f.errorf("explaining %s\n%v", f.texts(), err)
	}
	results, err := f.engine.Run(context.Background(), b)
	if err != nil {
		f.t.Fatalf("running %s\n%v", f.texts(), err)
	}
	for i, q := range f.waiting {
		count, rows := results[2*i], results[2*i+1]
		if err := errors.Join(count.Err, rows.Err); err != nil {
			f.errorf("%s: %v", q.text, err)
			continue
		}
		if count.Count != q.want.Ones() || rows.Count != q.want.Ones() || !slices.Equal(got[i], q.want) {
			f.errorf("%s\nthe engine counts %d, finds %d, the reference %d", q.text, count.Count, rows.Count, q.want.Ones())
		}
	}
	f.waiting = nil
}

func (f *typedTest) texts() string {
	texts := make([]string, len(f.waiting))
	for i, q := range f.waiting {
		texts[i] = q.text
	}
	return strings.Join(texts, "\n")
}
