package resident_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// printed is rows as text: of each, its values as JSON.
type printed struct {
	types   []*check.Type
	rows    []string
	emitted func(rows int) error // nil for nobody
}

// stretch is a part of them.
type stretch struct {
	to   *printed
	rows []string
}

func (p *printed) begin() resident.Stretch { return &stretch{to: p} }

func (s *stretch) Add(n int, columns []column.Column) error {
	for i := range n {
		var row []byte
		for k, c := range columns {
			row = append(column.AppendJSON(row, c, i, s.to.types[k]), ' ')
		}
		s.rows = append(s.rows, string(row))
	}
	return nil
}

func (s *stretch) End() error { return nil }

func (s *stretch) Emit() error {
	s.to.rows = append(s.to.rows, s.rows...)
	if s.to.emitted == nil {
		return nil
	}
	return s.to.emitted(len(s.to.rows))
}

// ask asks an engine for the ids of profiles and the values of expressions.
func (p *printed) ask(ctx context.Context, e *resident.Engine, q resident.Rows) (resident.RowsResult, error) {
	p.types = nil
	if q.IDs {
		_, t := resident.IDColumn(e.Snapshot())
		p.types = append(p.types, t)
	}
	for _, s := range q.Select {
		p.types = append(p.types, s.Root.Type())
	}
	q.Now, q.Begin = now, p.begin
	return e.Rows(ctx, q)
}

// plainRows are what the reference evaluator makes of the same.
func plainRows(t testing.TB, snap *column.Snapshot, where *check.Query, selected ...*check.Query) ([]string, error) {
	t.Helper()
	cond := eval.New(where, snap, now).Evaluator()
	var values []*eval.Evaluator
	for _, q := range selected {
		values = append(values, eval.New(q, snap, now).Evaluator())
	}
	var rows []string
	for row := range snap.Rows() {
		is, err := cond.Cond(row)
		if err != nil {
			return nil, err
		}
		if !is {
			continue
		}
		text := []byte(idJSON(snap, row) + " ")
		for _, e := range values {
			v, err := e.Value(row)
			if err != nil {
				return nil, err
			}
			text = append(v.AppendJSON(text), ' ')
		}
		rows = append(rows, string(text))
	}
	return rows, nil
}

// idJSON is the id of a profile, null for none, or the number of its row where the table has no ids.
func idJSON(snap *column.Snapshot, row int) string {
	if snap.ID == nil {
		return fmt.Sprint(row)
	}
	return string(column.AppendJSON(nil, snap.Root.Fields[snap.ID.Index], row, snap.ID.Type))
}

// selected are expressions of every kind of type, some of which only the reference evaluator
// knows.
func selected() []*check.Query {
	e := slot(1, eventType)
	objects := check.ListOf(check.ListOf(check.StringType))
	return []*check.Query{
		query(field("state")), query(field("age")), query(field("score")), query(field("vip")), query(field("xEvent")),
		query(purchases(100)), query(summed(300)),
		query(&check.Iterate{Info: info(check.ListOf(eventType)), Op: check.Filter, X: field("xEvent"), Slot: 1, Body: test(check.Eq, member(e, "type"), constant("view"))}),
		query(&check.MakeList{Info: info(objects.Elem), Items: []check.Node{field("state"), field("id")}}),
	}
}

// Rows are those of the reference evaluator, in the order of the data, on any number of
// threads, up to any limit, of a table of which only what is asked for is loaded.
func TestRows(t *testing.T) {
	for _, n := range sizes(0, 1, 63, 5000, 40_000) {
		snap := table(n, 2)
		for i, where := range append(rules(), query(constant("all"))) {
			columns := selected()[:7]
			if n <= 5000 {
				columns = selected()
			}
			want, err := plainRows(t, snap, where, columns...)
			if err != nil {
				t.Fatal(err)
			}
			for _, threads := range []int{1, 7} {
				e := resident.Open(exectest.Partial(snap), resident.Options{Threads: threads})
				for _, limit := range []int{0, 1, 2000, len(want), len(want) + 1} {
					var got printed
					result, err := got.ask(t.Context(), e, resident.Rows{Where: where, IDs: true, Select: columns, Limit: limit})
					if err != nil {
						t.Fatal(err)
					}
					want := want
					if limit > 0 {
						want = want[:min(limit, len(want))]
					}
					if !slices.Equal(got.rows, want) || result.Rows != len(want) {
						t.Errorf("%d rows, rule %d, %d threads, up to %d: %d rows (%d), not %d", n, i, threads, limit, len(got.rows), result.Rows, len(want))
					}
					if limit == 0 && result.Limited || limit > 0 && limit < len(want) && !result.Limited {
						t.Errorf("%d rows, rule %d, up to %d: limited is %t", n, i, limit, result.Limited)
					}
				}
				e.Close()
			}
		}
	}
}

// Drawn expressions have the values of the reference evaluator.
func TestRowsOfDrawnQueries(t *testing.T) {
	snap := table(300, 3)
	kinds := []func(*column.Snapshot) *column.Snapshot{
		func(s *column.Snapshot) *column.Snapshot { return s }, exectest.AsTexts, exectest.AsCompact,
	}
	asked := 0
	for seed := range uint64(400) {
		a := exectest.NewAuthor(seed, profileType)
		a.Texts = append(a.Texts, states...)
		var queries []*check.Query
		for len(queries) < 3 {
			q, ds := lang.Compile(a.Query(), column.Catalog{Snapshot: snap}, check.Options{})
			if !ds.Failed() {
				queries = append(queries, q)
			}
		}
		want, err := plainRows(t, snap, queries[0], queries[1:]...)
		if err != nil {
			continue
		}
		asked++
		e := open(t, kinds[seed%3](snap), 3)
		var got printed
		if _, err := got.ask(t.Context(), e, resident.Rows{Where: queries[0], IDs: true, Select: queries[1:]}); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got.rows, want) {
			t.Errorf("seed %d: %s, of which %s and %s: %d rows, not %d", seed, queries[0].Canonical, queries[1].Canonical, queries[2].Canonical, len(got.rows), len(want))
		}
	}
	if asked < 300 {
		t.Errorf("only %d were asked", asked)
	}
}

// rowsEngine answers the scripts by rows, with their values.
type rowsEngine struct{ t *testing.T }

func (r rowsEngine) Match(snap *column.Snapshot, q *check.Query, now time.Time) ([]string, error) {
	ids, err := exectest.Reference{}.Match(snap, q, now)
	values, failed := exectest.Reference{}.Values(snap, q, now)
	if err != nil || failed != nil {
		return ids, err
	}
	e := resident.New(snap, resident.Options{Threads: 2})
	defer e.Close()
	got := printed{types: []*check.Type{q.Root.Type()}}
	if _, err := e.Rows(r.t.Context(), resident.Rows{Operation: exec.Operation{Now: now}, Where: q, Select: []*check.Query{q}, Begin: got.begin}); err != nil {
		r.t.Fatal(err)
	}
	cond := eval.New(q, snap, now).Evaluator()
	var want []string
	for row := range snap.Rows() {
		if is, _ := cond.Cond(row); is {
			want = append(want, values[row]+" ")
		}
	}
	if !slices.Equal(got.rows, want) {
		r.t.Errorf("%s: %q, not %q", q.Canonical, got.rows, want)
	}
	return ids, nil
}

func TestRowsOfScripts(t *testing.T) { exectest.RunKinds(t, "../exectest/testdata", rowsEngine{t}) }

// A profile without an id has none. Of a table without ids it is the number of the row, which counts from the first of
// the table of which this is a part.
func TestRowsWithoutIDs(t *testing.T) {
	snap := table(200, 0)
	id := *snap.Root.Fields[0].(*column.Strings)
	id.Valid = column.NewBitmap(200)
	for i := range 200 {
		if i%3 > 0 {
			id.Valid.Set(i)
		}
	}
	snap.Root.Fields[0] = &id
	none := *snap
	none.ID = nil
	for _, s := range []*column.Snapshot{snap, exectest.AsTexts(snap), &none} {
		want, err := plainRows(t, s, query(constant("all")))
		if err != nil {
			t.Fatal(err)
		}
		var got, later printed
		q := resident.Rows{Where: query(constant("all")), IDs: true}
		nameless, third := 67, "null "
		if s.ID == nil {
			nameless, third = 0, "1003 "
		}
		if r, err := got.ask(t.Context(), open(t, s, 2), q); err != nil || !slices.Equal(got.rows, want) || r.Nameless != nameless {
			t.Errorf("%v: %q, not %q; %d have no id", err, got.rows, want, r.Nameless)
		}
		q.First = 1000
		if _, err := later.ask(t.Context(), open(t, s, 2), q); err != nil || later.rows[3] != third {
			t.Errorf("%v: %q", err, later.rows[:5])
		}
	}
}

// Who takes the rows ends them with an error, and hears of no others.
func TestRowsEndWithWhoTakesThem(t *testing.T) {
	e := open(t, table(100_000, 0), 4)
	full := errors.New("the disk is full")
	got := printed{emitted: func(rows int) error {
		if rows > 30_000 {
			return full
		}
		return nil
	}}
	if _, err := got.ask(t.Context(), e, resident.Rows{Where: query(constant("all")), IDs: true}); !errors.Is(err, full) || len(got.rows) > 65_000 {
		t.Errorf("%v after %d rows", err, len(got.rows))
	}
}

// Rows can be cancelled, and their time can run out, inside of a single profile.
func TestCancelledRows(t *testing.T) {
	e := open(t, table(100, 300), 2)
	for _, q := range []resident.Rows{{Where: forever()}, {Where: query(constant("all")), Select: []*check.Query{forever()}}} {
		ctx, cancel := context.WithCancel(t.Context())
		s := started{make(chan struct{})}
		q.Sink = s
		go func() { <-s.ch; cancel() }()
		if _, err := new(printed).ask(ctx, e, q); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := new(printed).ask(ctx, e, resident.Rows{Where: forever()}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// seen is a sink that knows how many rows are through.
type seen struct {
	started
	mu   sync.Mutex
	rows int
}

func (s *seen) Progress(_ string, _ int, p exec.Progress) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rows = max(s.rows, p.Rows)
}

// Rows are through when their values are there: not when the condition was asked, nor when they are
// broken off.
func TestProgressOfRows(t *testing.T) {
	e := open(t, table(100, 300), 2)
	ctx, cancel := context.WithCancel(t.Context())
	s := &seen{started: started{make(chan struct{})}}
	go func() { <-s.ch; cancel() }()
	q := resident.Rows{Operation: exec.Operation{Sink: s}, Where: query(constant("all")), Select: []*check.Query{forever()}}
	if _, err := new(printed).ask(ctx, e, q); !errors.Is(err, context.Canceled) || s.rows > 0 {
		t.Errorf("%d rows are through: %v", s.rows, err)
	}
	all := &seen{started: started{make(chan struct{})}}
	q = resident.Rows{Operation: exec.Operation{Sink: all}, Where: query(constant("all")), IDs: true}
	if _, err := new(printed).ask(t.Context(), e, q); err != nil || all.rows != 100 {
		t.Errorf("%d rows are through: %v", all.rows, err)
	}
}

func TestRowsOfAClosedEngine(t *testing.T) {
	e := resident.New(table(100, 300), resident.Options{Threads: 2})
	s := started{make(chan struct{})}
	go func() { <-s.ch; e.Close() }()
	if _, err := new(printed).ask(t.Context(), e, resident.Rows{Operation: exec.Operation{Sink: s}, Where: forever()}); !errors.Is(err, exec.ErrClosed) {
		t.Errorf("got %v", err)
	}
	if _, err := new(printed).ask(t.Context(), e, resident.Rows{Where: forever()}); !errors.Is(err, exec.ErrClosed) {
		t.Errorf("got %v", err)
	}
}

// A fault is the error of the question, whether the condition or a value meets it, and the
// engine goes on.
func TestFaultOfRows(t *testing.T) {
	e := open(t, damaged(30_000), 2)
	for _, q := range []resident.Rows{{Where: query(old(30))}, {Where: query(from("CA")), Select: []*check.Query{query(field("age"))}}} {
		if _, err := new(printed).ask(t.Context(), e, q); !internal(err) {
			t.Errorf("got %v", err)
		}
	}
	var got printed
	if _, err := got.ask(t.Context(), e, resident.Rows{Where: query(from("CA")), IDs: true}); err != nil || len(got.rows) < 1000 {
		t.Errorf("%v after %d rows", err, len(got.rows))
	}
}

// What a row in a stretch after the limit would fail with is nobody's error.
func TestErrorAfterTheLimit(t *testing.T) {
	snap := table(60_000, 0)
	lost := 0
	snap.Lost = func(any) error {
		if lost++; lost > 1 {
			return errors.New("the file is gone")
		}
		return nil
	}
	e := open(t, snap, 2)
	q := resident.Rows{Where: query(constant("all")), IDs: true, Limit: 5}
	if result, err := new(printed).ask(t.Context(), e, q); err != nil || result.Rows != 5 || !result.Limited {
		t.Errorf("%+v, %v", result, err)
	}
	q.Limit = 0
	var data *exec.DataError
	if _, err := new(printed).ask(t.Context(), e, q); !errors.As(err, &data) {
		t.Errorf("got %v", err)
	}
}
