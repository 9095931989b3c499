package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/segq/segq/cmd/segq/internal/broker"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// workOver runs a worker over a dataset, with a broker of its own, until the test ends.
func workOver(t *testing.T, d *dataset.Dataset) (*handler, *redisx.Client) {
	t.Helper()
	c, err := redisx.Embedded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	schema, err := d.Publish()
	if err != nil {
		t.Fatal(err)
	}
	h := &handler{Dataset: d, client: c}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- redisx.NewWorker(c, h, redisx.WorkerOptions{Grace: 1, Schema: schema}).Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		c.Close()
	})
	return h, c
}

// ends submits commands and gives what they come to, by their ids.
func ends(t *testing.T, c *redisx.Client, commands ...redisx.Command) map[string]*record.Record {
	t.Helper()
	ids, err := c.SubmitAll(t.Context(), commands)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*record.Record{}
	_, err = broker.Await(t.Context(), c, ids, func(j redisx.Job, result []byte, err error) {
		r, bad := record.Decode(result)
		if err != nil || bad != nil {
			t.Errorf("%s is %s: %v, %v", j.ID, j.State, err, bad)
			return
		}
		if j.Crashes > 0 || j.Attempt != 1 || (r.Error != nil) != (j.State == redisx.Failed) {
			t.Errorf("%s is %s, behind attempt %d and %d crashes", j.ID, j.State, j.Attempt, j.Crashes)
		}
		out[j.ID] = r
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.Stats(t.Context())
	if err != nil || s.Suspect+s.Dead+s.Counted["lost"] > 0 {
		t.Errorf("%+v (%v)", s, err)
	}
	return out
}

// brokenSample is the sample with a field whose type is nil: the checker cannot bear that.
func brokenSample(t *testing.T) *dataset.Dataset {
	t.Helper()
	d, err := dataset.Open(t.Context(), nil, dataset.Options{}, 2, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	broken := *d.Snapshot
	broken.Schema = check.ObjectOf(append(append([]*check.Field{}, d.Snapshot.Schema.Fields...), &check.Field{Name: "broken"})...)
	d.Catalog = column.Catalog{Snapshot: &broken}
	return d
}

// TestAPanicEndsItsCommandAlone: whatever operation it asks for, a command that makes the
// checker panic has a record that says so, with a report, and those beside it their answers.
func TestAPanicEndsItsCommandAlone(t *testing.T) {
	t.Parallel()
	_, c := workOver(t, brokenSample(t))
	gold := `loyalty.tier = "gold"`
	commands := []redisx.Command{
		{ID: "q", Op: "query", Query: "broken = 1"},
		{ID: "o", Op: "overlap", Queries: []string{gold, "broken = 1"}},
		{ID: "f", Op: "funnel", Query: gold + " and broken = 1"},
		{ID: "b", Op: "breakdown", By: "loyalty.tier", Query: "broken = 1"},
		{ID: "l", Op: "lift", By: "loyalty.tier", Query: "broken = 1"},
		{ID: "s", Op: "sample", Query: "broken = 1"},
		{ID: "e", Op: "export", To: "set", Name: "n", Query: "broken = 1"},
		{ID: "i", Op: "query", Query: `inSegment("x")`, Segments: map[string]string{"x": "broken = 1"}},
	}
	bad := len(commands)
	commands = append(commands, redisx.Command{ID: "r", Op: "rules", Queries: []string{"broken = 1", gold, `inSegment("x")`, "broken = 2"}, Segments: map[string]string{"x": gold}})
	for i := range 20 {
		commands = append(commands, redisx.Command{ID: fmt.Sprintf("good-%d", i), Op: "query", Query: fmt.Sprintf("%s and not _id = \"x%d\"", gold, i)})
	}
	got := ends(t, c, commands...)
	for _, asked := range commands[:bad] {
		r := got[asked.ID]
		if r == nil || r.Status != record.Failed || r.Error.Code != ast.Internal || r.Count != nil || r.RowsSkipped == nil {
			t.Errorf("%s: %+v", asked.ID, r)
			continue
		}
		if !strings.Contains(r.Error.Hint, "check.") || !strings.Contains(r.Error.Hint, ".go:") || strings.Contains(r.Error.Hint, "0x") {
			t.Errorf("%s: the report is\n%s", asked.ID, r.Error.Hint)
		}
	}
	if r := got["r"]; len(r.Rules) != 4 || r.Rules[0].Error.Code != ast.Internal || *r.Rules[1].Count != 262 || *r.Rules[2].Count != 262 || r.Rules[3].Error.Code != ast.Internal {
		t.Errorf("of many rules two are broken: %+v", r.Rules)
	}
	for _, asked := range commands[bad+1:] {
		if r := got[asked.ID]; r == nil || r.Count == nil || *r.Count != 262 {
			t.Errorf("%s: %+v", asked.ID, r)
		}
	}
}

// TestAPanicBehindTheChecker: what the checker has said of a query is nothing at all, which
// nobody behind it can bear.
func TestAPanicBehindTheChecker(t *testing.T) {
	t.Parallel()
	d, err := dataset.Open(t.Context(), nil, dataset.Options{}, 2, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	h, c := workOver(t, d)
	h.compiled.keep("poison"+h.compilerOf(&redisx.Command{}).key, verdict{})
	got := ends(t, c, []redisx.Command{
		{ID: "q", Op: "query", Query: "poison"}, {ID: "f", Op: "funnel", Query: "poison"},
		{ID: "r", Op: "rules", Queries: []string{"_id = 1", "poison"}}, {ID: "good", Op: "query", Query: `loyalty.tier = "gold"`},
	}...)
	for _, id := range []string{"q", "f", "r"} {
		if r := got[id]; r == nil || r.Error == nil || r.Error.Code != ast.Internal || r.Error.Hint == "" {
			t.Errorf("%s: %+v", id, r)
		}
	}
	if r := got["good"]; r == nil || r.Count == nil || *r.Count != 262 {
		t.Errorf("%+v", r)
	}
}

// TestAPanicOfTheEngineEndsItsCommands: there is no engine, so that everything but the
// checker panics.
func TestAPanicOfTheEngineEndsItsCommands(t *testing.T) {
	t.Parallel()
	d, err := dataset.Open(t.Context(), nil, dataset.Options{}, 2, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	crippled := &dataset.Dataset{Name: d.Name, Snapshot: d.Snapshot, Catalog: d.Catalog}
	_, c := workOver(t, crippled)
	gold := `loyalty.tier = "gold"`
	got := ends(t, c, []redisx.Command{
		{ID: "q", Op: "query", Query: gold},
		{ID: "p", Op: "query", Query: gold + " or true"},
		{ID: "r", Op: "rules", Queries: []string{gold}},
		{ID: "o", Op: "overlap", Queries: []string{gold, gold}},
		{ID: "f", Op: "funnel", Query: gold},
		{ID: "b", Op: "breakdown", By: "loyalty.tier", Query: gold},
		{ID: "l", Op: "lift", By: "loyalty.tier", Query: gold},
		{ID: "e", Op: "export", To: "set", Name: "n", Query: gold},
	}...)
	if len(got) != 8 {
		t.Errorf("%d of 8 have ended", len(got))
	}
	for id, r := range got {
		if r.Error == nil || r.Error.Code != ast.Internal || !strings.Contains(r.Error.Hint, "resident.(*Engine)") {
			t.Errorf("%s: %+v", id, r.Error)
		}
	}
	if r := ends(t, c, redisx.Command{ID: "schema", Op: "schema"})["schema"]; r == nil || len(r.Schema) == 0 {
		t.Errorf("what does not need the engine: %+v", r)
	}
}
