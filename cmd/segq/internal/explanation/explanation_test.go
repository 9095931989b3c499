package explanation_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/explanation"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// TestScripts runs the scripts of testdata: "data" has profiles as lines of JSON, after the number of
// profiles that are so if there are several, in which # is the number of each; and "explain" has a query, of which it gives the count and the notes, each with what to write instead below.
func TestScripts(t *testing.T) {
	t.Parallel()
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		var d *dataset.Dataset
		datadriven.RunTest(t, path, func(t *testing.T, td *datadriven.TestData) string {
			switch td.Cmd {
			case "data":
				d = open(t, td.Input)
				return ""
			case "explain":
				return explain(t, d, td.Input)
			}
			return "there is no command " + td.Cmd
		})
	})
}

func open(t *testing.T, lines string) *dataset.Dataset {
	t.Helper()
	name := filepath.Join(t.TempDir(), "p.ndjson")
	if err := os.WriteFile(name, []byte(repeated(t, lines)), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := dataset.Open(t.Context(), []string{name}, dataset.Options{}, 1, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

// repeated writes the lines that begin with a number so often.
func repeated(t *testing.T, lines string) string {
	t.Helper()
	var out strings.Builder
	for line := range strings.Lines(lines) {
		times, profile, ok := strings.Cut(line, " {")
		n, err := strconv.Atoi(times)
		if !ok || err != nil {
			out.WriteString(line)
			continue
		}
		for i := range n {
			out.WriteString(strings.ReplaceAll("{"+strings.TrimSuffix(profile, "\n")+"\n", "#", strconv.Itoa(i)))
		}
	}
	return out.String()
}

func explain(t *testing.T, d *dataset.Dataset, text string) string {
	t.Helper()
	q, ds := lang.Compile(text, d.Catalog, check.Options{})
	if ds.Failed() {
		return ds[0].Message + "\n"
	}
	now := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	results, err := d.Engine.Run(t.Context(), exec.Batch{Now: now, Queries: []exec.Query{{ID: "q", Typed: q}}})
	if err != nil || results[0].Err != nil {
		t.Fatal(err, results)
	}
	r := results[0]
	a := explanation.Answer{Typed: q, Text: text, Now: now, Count: r.Count, Total: r.Total}
	x, out := explanation.New(d), &strings.Builder{}
	fmt.Fprintln(out, r.Count)
	if !x.Wants(a) {
		return out.String()
	}
	for _, n := range x.Notes(t.Context(), a) {
		fmt.Fprintln(out, n.Text)
		if n.Instead != "" {
			fmt.Fprintln(out, "  "+n.Instead)
		}
	}
	return out.String()
}
