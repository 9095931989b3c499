package peek_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/peek"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/samples"
)

// truth is a condition with the rows for which the reference evaluator says yes.
type truth struct {
	text string
	rows []bool
}

// sample opens the embedded profiles.
func sample(t *testing.T) *dataset.Dataset {
	t.Helper()
	d, err := dataset.Open(t.Context(), nil, dataset.Options{}, 2, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

var reference = time.UnixMilli(int64(samples.Reference)).UTC()

// conditions are those of the tour and of an author, none of which is an and.
func conditions(t *testing.T, d *dataset.Dataset) (all []truth) {
	t.Helper()
	for _, w := range rules.Statements(rules.Source{Name: "tour.pql", Text: samples.Tour}) {
		for _, text := range operands(w.Statement.X, samples.Tour) {
			all = add(t, all, d, text)
		}
	}
	author := exectest.NewAuthor(15, d.Snapshot.Schema)
	for range 100 {
		all = add(t, all, d, author.Condition(2))
	}
	if len(all) < 60 {
		t.Fatalf("only %d conditions", len(all))
	}
	return all
}

// operands are what the ands at the top of x join.
func operands(x ast.Expr, text string) []string {
	if b, ok := x.(*ast.Binary); ok && b.Op == "and" {
		return append(operands(b.L, text), operands(b.R, text)...)
	}
	at := x.Span()
	return []string{text[at.Start:at.End]}
}

// add adds a text if it is a right condition and no and, in brackets.
func add(t *testing.T, all []truth, d *dataset.Dataset, text string) []truth {
	t.Helper()
	x, ds := lang.Query(text)
	if ds.Failed() {
		return all
	}
	typed, ds := check.Check(x, column.Catalog{Snapshot: d.Snapshot}, check.Options{})
	if ds.Failed() || typed.Root.Type().Kind != check.Bool {
		return all
	}
	if b, ok := x.(*ast.Binary); ok && b.Op == "and" {
		return all
	}
	rows := make([]bool, d.Snapshot.Rows())
	e := eval.New(typed, d.Snapshot, reference).Evaluator()
	for row := range rows {
		is, err := e.Cond(row)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		rows[row] = is
	}
	return append(all, truth{"(" + text + ")", rows})
}

// count counts the rows for which all conditions hold but that with the number but.
func count(all []truth, but int) (n int64) {
	for row := range all[0].rows {
		holds := true
		for i := range all {
			holds = holds && (i == but || all[i].rows[row])
		}
		if holds {
			n++
		}
	}
	return n
}

// Counts are those of the reference evaluator, and what a clause does is what two queries without
// and with it alone would say.
func TestCountsAreTrue(t *testing.T) {
	t.Parallel()
	d := sample(t)
	all := conditions(t, d)
	c := peek.Patient(t.Context(), d)
	rng := rand.New(rand.NewPCG(15, 1))
	for round := range 200 {
		some := make([]truth, 1+rng.IntN(4))
		for i := range some {
			some[i] = all[rng.IntN(len(all))]
		}
		at := rng.IntN(len(some))
		var text strings.Builder
		cursor := 0
		for i, s := range some {
			if i > 0 {
				text.WriteString(" and ")
			}
			if text.WriteString(s.text); i == at {
				cursor = text.Len() - rng.IntN(2) // at its end, or just before
			}
		}
		unfinished := round%4 == 0
		if unfinished {
			text.WriteString(" and homeAddress.countryCode =")
		}
		got := c.Count(t.Context(), peek.Question{Text: text.String(), Cursor: cursor, Now: reference})
		if want := count(some, -1); got.Count != want || int(got.Total) != d.Snapshot.Rows() || !got.Exact || got.Loading {
			t.Fatalf("%s: %+v, want %d", &text, got, want)
		}
		if written := text.String()[got.Counted.Start:got.Counted.End]; !unfinished && written != text.String() {
			t.Errorf("%s: only %s is counted", &text, written)
		}
		switch clause := got.Clause; {
		case len(some) == 1 && clause != nil:
			t.Errorf("%s: %+v of one clause", &text, clause)
		case len(some) > 1 && clause == nil:
			t.Errorf("%s at %d: no clause", &text, cursor)
		case len(some) > 1:
			without := count(some, at)
			if pass := count(some[at:at+1], -1); clause.Pass != pass || clause.Without != without {
				t.Errorf("%s: %+v for %s, want %d and %d", &text, *clause, some[at].text, pass, without)
			}
		}
	}
}

// A query that is no condition has the count of the ordinary run.
func TestValuesCountAsTheyDo(t *testing.T) {
	t.Parallel()
	d := sample(t)
	c := peek.Patient(t.Context(), d)
	author := exectest.NewAuthor(16, d.Snapshot.Schema)
	batch := exec.Batch{Now: reference}
	var texts []string
	for len(texts) < 120 {
		text := author.Query()
		if typed, ds := lang.Compile(text, d.Catalog, check.Options{}); !ds.Failed() {
			texts = append(texts, text)
			batch.Queries = append(batch.Queries, exec.Query{ID: fmt.Sprint(len(texts)), Typed: typed})
		}
	}
	results, err := d.Engine.Run(t.Context(), batch)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range results {
		got := c.Count(t.Context(), peek.Question{Text: texts[i], Cursor: len(texts[i]), Now: reference})
		if r.Err != nil || got.Total == 0 || got.Counted != (peek.Span{End: len(texts[i])}) {
			continue // an error when it runs, or a part of it that is complete
		}
		if got.Count != int64(r.Count) {
			t.Errorf("%s: %d, and the run says %d", texts[i], got.Count, r.Count)
		}
	}
}
