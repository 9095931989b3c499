package backend

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/loadreport"
	"github.com/segq/segq/cmd/segq/internal/worker/workertest"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/repl"
	"github.com/segq/segq/repl/show"
)

// TestDeskElsewhere: a worker tells how it has read its data, and how a query runs over that, as a session over the same data does;
// one of a version that knows nothing of that, and one that has other data, are said.
func TestDeskElsewhere(t *testing.T) {
	t.Parallel()
	d := workertest.Sample(t)
	c := workertest.Over(t, d)
	far := New(t.Context(), &ask.Queue{Client: c}, ask.Options{}, "default").(*backend)
	eventually(t, "the worker says what it has", func() bool { return far.elsewhere.renewed() || far.elsewhere.latest() != nil })
	near := New(t.Context(), &ask.Queue{Client: c, Data: d}, ask.Options{}, "default").(*backend)
	report, err := far.LoadReport(t.Context(), show.Look{})
	here, errHere := near.LoadReport(t.Context(), show.Look{})
	if err != nil || errHere != nil || len(report) < 10 || report[0] != here[0] || !slices.Equal(report[3:8], here[3:8]) {
		t.Errorf("the worker says (%v)\n%s\nhere (%v)\n%s", err, strings.Join(report, "\n"), errHere, strings.Join(here, "\n"))
	}
	for _, q := range []repl.Query{{Text: `loyalty.tier = "gold" and xEvent.count() > 2`}, {Name: "gold", Text: `loyalty.tier = "gold"`}, {Text: `inSegment("gold") and loyalty.points > 100`}} {
		far.Check(q)
		near.Check(q)
		plan, err := far.Plan(t.Context(), q)
		want, errHere := near.Plan(t.Context(), q)
		if err != nil || errHere != nil || len(plan) < 2 || plan[0] != want[0] || len(plan) != len(want) {
			t.Errorf("%s: the worker says (%v)\n%s\nhere (%v)\n%s", q.Text, err, strings.Join(plan, "\n"), errHere, strings.Join(want, "\n"))
		}
	}
	if _, err := far.Plan(t.Context(), repl.Query{Text: `nofield = 1`}); err == nil || !strings.Contains(err.Error(), "there is no field nofield") {
		t.Errorf("a wrong query: %v", err)
	}
	known := far.elsewhere.known.Load()
	other := *known
	other.Snapshot = "other"
	far.elsewhere.known.Store(&other)
	if _, err := far.LoadReport(t.Context(), show.Look{}); !errors.Is(err, errOther) {
		t.Errorf("the report of other data: %v", err)
	}
	far.elsewhere.known.Store(&other)
	if _, err := far.Plan(t.Context(), repl.Query{Text: `loyalty.tier = "gold"`}); !errors.Is(err, errOther) {
		t.Errorf("the plan of other data: %v", err)
	}
	far.elsewhere.known.Store(known)
	far.elsewhere.request = func(context.Context, string, []byte) ([]byte, error) {
		return nil, fmt.Errorf("%w: requests are values, peek and qualify", redisx.ErrRequest)
	}
	if lines, err := far.LoadReport(t.Context(), show.Look{}); len(lines) > 0 || err != nil {
		t.Errorf("the report of an older version: %q, %v", lines, err)
	}
	if _, err := far.Plan(t.Context(), repl.Query{Text: `loyalty.tier = "gold"`}); err == nil || !strings.Contains(err.Error(), "segq explain -c QUERY DATA") {
		t.Errorf("the plan of an older version: %v", err)
	}
	far.elsewhere.request = func(context.Context, string, []byte) ([]byte, error) {
		return nil, fmt.Errorf(`%w: there is no field "requests are late"`, redisx.ErrRequest)
	}
	if _, err := far.Plan(t.Context(), repl.Query{Text: `loyalty.tier = "gold"`}); err == nil || !strings.Contains(err.Error(), "the worker says: there is no field") {
		t.Errorf("what a worker says: %v", err)
	}
}

// TestReportFits: of a report that is too long, names of files go first, and how many fields are left out is told.
func TestReportFits(t *testing.T) {
	t.Parallel()
	r := &loadreport.Report{Data: "data", Rows: 7}
	for i := range 1000 {
		r.Fields = append(r.Fields, loadreport.Field{Field: fmt.Sprint("field", i), Type: "string"})
		r.Files = append(r.Files, loadreport.File{Name: strings.Repeat("secret", 100), Rows: 1})
	}
	text, err := loadreport.Answer{Report: r}.Fitting(20_000)
	if err != nil || len(text) > 20_000 || strings.Contains(string(text), "secret") || !strings.Contains(string(text), `"fields_left":750`) || len(r.Fields) != 1000 {
		t.Errorf("%d bytes, %v: %.200s", len(text), err, text)
	}
}

// TestOld: that data is old is said from a day on, where it is known.
func TestOld(t *testing.T) {
	t.Parallel()
	now := time.Now()
	if at := workertest.Sample(t).Written(); !at.IsZero() || old(at, now) != nil {
		t.Errorf("the sample was written at %v", at)
	}
	path := filepath.Join(t.TempDir(), "a.ndjson")
	if err := os.WriteFile(path, []byte(`{"_id":"a"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for ago, want := range map[time.Duration]string{time.Hour: "[]", 30 * time.Hour: "[data 1 day old]", 80 * time.Hour: "[data 3 days old]"} {
		if err := os.Chtimes(path, now, now.Add(-ago)); err != nil {
			t.Fatal(err)
		}
		d, err := dataset.Open(t.Context(), []string{path}, dataset.Options{}, 1, t.Output())
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(old(d.Written(), now)); got != want {
			t.Errorf("of %v ago: %s, not %s", ago, got, want)
		}
		d.Close()
	}
}
