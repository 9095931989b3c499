package plan_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/plan"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// TestGolden plays the scripts of testdata: data as NDJSON, a batch with a rule in each
// line, and the plan that it gets. testdata/README.md says how to read them.
func TestGolden(t *testing.T) {
	datadriven.Walk(t, "testdata/golden", func(t *testing.T, path string) {
		var snap *column.Snapshot
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			switch d.Cmd {
			case "data":
				snap = loaded(t, d)
				return fmt.Sprintf("%d profiles\n", snap.Rows())
			case "plan":
				return planned(t, d, snap)
			}
			d.Fatalf(t, "there is no command %s", d.Cmd)
			return ""
		})
	})
}

// loaded reads the profiles of a script. repeat=N gives them N times, so that few lines
// make a long table; with texts, columns of strings are in the order of the rows.
func loaded(t *testing.T, d *datadriven.TestData) *column.Snapshot {
	t.Helper()
	repeat := 1
	d.MaybeScanArgs(t, "repeat", &repeat)
	text := strings.Repeat(d.Input+"\n", repeat)
	snap, _, err := load.Reader(t.Context(), strings.NewReader(text), "ndjson", d.Pos, load.Options{})
	if err != nil {
		d.Fatalf(t, "%v", err)
	}
	if d.HasArg("texts") {
		return exectest.AsTexts(snap)
	}
	return snap
}

func planned(t *testing.T, d *datadriven.TestData, snap *column.Snapshot) string {
	t.Helper()
	var queries []*check.Query
	for _, text := range strings.Split(strings.TrimSpace(d.Input), "\n") {
		q, ds := lang.Compile(text, column.Catalog{Snapshot: snap}, check.Options{})
		if ds.Failed() {
			d.Fatalf(t, "%s: %s", text, ds[0].Message)
		}
		queries = append(queries, q)
	}
	p, err := plan.New(t.Context(), queries, snap, now)
	if err != nil {
		d.Fatalf(t, "%v", err)
	}
	return p.Explain().String() + p.Classes()
}
