package worker_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/worker/workertest"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// brokenSample is the sample with a field whose type is nil: the checker cannot bear that.
func brokenSample(t *testing.T) *dataset.Dataset {
	t.Helper()
	d := workertest.Sample(t)
	broken := *d.Snapshot
	broken.Schema = check.ObjectOf(append(append([]*check.Field{}, d.Snapshot.Schema.Fields...), &check.Field{Name: "broken"})...)
	d.Catalog = column.Catalog{Snapshot: &broken}
	return d
}

// TestAPanicEndsItsCommandAlone: whatever operation it asks for, a command that makes the
// checker panic has a record that says so, with a report, and those beside it their answers.
func TestAPanicEndsItsCommandAlone(t *testing.T) {
	t.Parallel()
	c := workertest.Over(t, brokenSample(t))
	gold := `loyalty.tier = "gold"`
	commands := []redisx.Command{
		{ID: "q", Op: "query", Query: "broken = 1"},
		{ID: "o", Op: "overlap", Queries: []string{gold, "broken = 1"}},
		{ID: "f", Op: "funnel", Query: gold + " and broken = 1"},
		{ID: "b", Op: "breakdown", By: "loyalty.tier", Query: "broken = 1"},
		{ID: "l", Op: "lift", By: "loyalty.tier", Query: "broken = 1"},
		{ID: "s", Op: "sample", Query: "broken = 1"},
		{ID: "e", Op: "export", To: "set", Name: "n", Query: "broken = 1"},
		{ID: "w", Op: "rows", Query: "broken = 1", Columns: redisx.Columns{IDs: true}},
		{ID: "c", Op: "rows", Query: gold, Columns: redisx.Columns{IDs: true, Select: "loyalty.tier, broken"}},
		{ID: "x", Op: "export", To: "file", Name: "n.parquet", Query: gold, Columns: redisx.Columns{Select: "broken"}},
		{ID: "i", Op: "query", Query: `inSegment("x")`, Segments: map[string]string{"x": "broken = 1"}},
	}
	bad := len(commands)
	commands = append(commands, redisx.Command{ID: "r", Op: "rules", Queries: []string{"broken = 1", gold, `inSegment("x")`, "broken = 2"}, Segments: map[string]string{"x": gold}})
	for i := range 20 {
		commands = append(commands, redisx.Command{ID: fmt.Sprintf("good-%d", i), Op: "query", Query: fmt.Sprintf("%s and not _id = \"x%d\"", gold, i)})
	}
	got := workertest.Ends(t, c, commands...)
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

// TestAPanicOfTheEngineEndsItsCommands: there is no engine, so that everything but the
// checker panics.
func TestAPanicOfTheEngineEndsItsCommands(t *testing.T) {
	t.Parallel()
	crippled, err := dataset.Open(t.Context(), nil, dataset.Options{}, 2, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(crippled.Engine.Close)
	crippled.Engine = &resident.Engine{}
	c := workertest.Over(t, crippled)
	gold := `loyalty.tier = "gold"`
	got := workertest.Ends(t, c, []redisx.Command{
		{ID: "q", Op: "query", Query: gold},
		{ID: "p", Op: "query", Query: gold + " or true"},
		{ID: "r", Op: "rules", Queries: []string{gold}},
		{ID: "o", Op: "overlap", Queries: []string{gold, gold}},
		{ID: "f", Op: "funnel", Query: gold},
		{ID: "b", Op: "breakdown", By: "loyalty.tier", Query: gold},
		{ID: "l", Op: "lift", By: "loyalty.tier", Query: gold},
		{ID: "e", Op: "export", To: "set", Name: "n", Query: gold},
		{ID: "w", Op: "rows", Query: gold, Columns: redisx.Columns{IDs: true}},
		{ID: "a", Op: "rows", Query: gold, Columns: redisx.Columns{Select: "loyalty.tier"}, Sample: 3},
	}...)
	if len(got) != 10 {
		t.Errorf("%d of 10 have ended", len(got))
	}
	for id, r := range got {
		if r.Error == nil || r.Error.Code != ast.Internal || !strings.Contains(r.Error.Hint, "resident.(*Engine)") {
			t.Errorf("%s: %+v", id, r.Error)
		}
	}
	if r := workertest.Ends(t, c, redisx.Command{ID: "schema", Op: "schema"})["schema"]; r == nil || len(r.Schema) == 0 {
		t.Errorf("what does not need the engine: %+v", r)
	}
}

// TestAPanicLeavesNoFiles: a command that panics while it writes files, and reads one of before, leaves nothing of them.
func TestAPanicLeavesNoFiles(t *testing.T) {
	t.Parallel()
	crippled, err := dataset.Open(t.Context(), nil, dataset.Options{}, 2, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(crippled.Engine.Close)
	crippled.Engine = &resident.Engine{}
	root := t.TempDir()
	before := filepath.Join(root, "default", "before.csv")
	if err := errors.Join(os.Mkdir(filepath.Dir(before), 0o700), os.WriteFile(before, []byte("_id,audience\nnobody,gold\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	c := writing(t, crippled, root, 1<<20)
	gold := []string{`loyalty.tier = "gold"`}
	got := workertest.Ends(t, c,
		redisx.Command{ID: "m", Op: "memberships", Name: "m.csv", Queries: gold, Names: []string{"gold"}},
		redisx.Command{ID: "p", Op: "memberships", Name: "p.csv", Queries: gold, Names: []string{"gold"}, Comparing: redisx.Comparing{Previous: "before.csv", Changes: "c.csv"}},
		redisx.Command{ID: "e", Op: "export", To: "file", Name: "e.csv", Query: gold[0]},
		redisx.Command{ID: "d", Op: "diff", Name: "d.csv", Queries: []string{gold[0], "true"}},
	)
	for id, r := range got {
		if r.Error == nil || r.Error.Code != ast.Internal {
			t.Errorf("%s: %+v", id, r.Error)
		}
	}
	if all, err := os.ReadDir(filepath.Dir(before)); err != nil || len(all) != 1 || len(got) != 4 {
		t.Errorf("%d have ended, and left %v, %v", len(got), all, err)
	}
}
