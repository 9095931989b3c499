package worker_test

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/worker"
	"github.com/segq/segq/cmd/segq/internal/worker/workertest"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// exporting runs a worker over the sample, which writes files below a folder.
func exporting(t *testing.T, root string) *redisx.Client {
	t.Helper()
	return writing(t, workertest.Sample(t), root, 1<<20)
}

// writing runs a worker over a dataset, which writes files below a folder of so many bytes each.
func writing(t *testing.T, d *dataset.Dataset, root string, limit int64) *redisx.Client {
	t.Helper()
	c, err := redisx.Embedded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- worker.Run(ctx, c, d, worker.Options{WorkerOptions: redisx.WorkerOptions{Grace: 1}, Exports: root, ExportLimit: limit})
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return c
}

// The file of memberships has the profiles of each rule, and the record their numbers, which are those of the
// rules alone. What goes wrong leaves no file.
func TestMemberships(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	c := exporting(t, root)
	queries := []string{`loyalty.tier = "gold"`, `homeAddress.countryCode = "CA"`, `inSegment("b") and not inSegment("a")`, `loyalty.points`}
	names := []string{"gold", "canada", "", "points"}
	segments := map[string]string{"a": queries[0], "b": queries[1]}
	got := workertest.Ends(t, c,
		redisx.Command{ID: "rules", Op: "rules", Queries: queries, Segments: segments},
		redisx.Command{ID: "m", Op: "memberships", Name: "m.csv", Queries: queries, Names: names, Segments: segments, Tenant: "acme"},
		redisx.Command{ID: "p", Op: "memberships", Name: "m.parquet", Queries: queries, Names: names, Segments: segments, To: "file"},
		redisx.Command{ID: "wrong", Op: "memberships", Name: "wrong.csv", Queries: []string{queries[0], "n = 1"}, Names: []string{"gold", "few"}},
		redisx.Command{ID: "twice", Op: "memberships", Name: "twice.csv", Queries: queries[:2], Names: []string{"a", "a"}},
		redisx.Command{ID: "name", Op: "memberships", Name: "m.txt", Queries: queries[:1]},
	)
	if h := got["m"].Export.Holds; len(h) > 0 {
		t.Errorf("ids that are keys: %v", h)
	}
	for id, hint := range map[string]string{"wrong": "few, query 2: there is no field n", "twice": `it is called "a", as query 1 is`, "name": "is not a file name"} {
		if r := got[id]; r.Error == nil || !strings.Contains(r.Error.Message, hint) || r.Export != nil {
			t.Errorf("%s: %+v", id, r.Error)
		}
	}
	sizes, lines := map[string]int{}, readCSV(t, filepath.Join(root, "acme", "m.csv"))[1:]
	for _, line := range lines {
		sizes[line[1]]++
	}
	for i, name := range []string{"gold", "canada", "3", "points"} {
		want := *got["rules"].Rules[i].Count
		for _, id := range []string{"m", "p"} {
			rule := got[id].Rules[i]
			if rule.Name != name || *rule.Count != want || sizes[name] != want || want == 0 || rule.Status != record.OK {
				t.Errorf("%s, %s: %d, in the file %d, not %d", id, name, *rule.Count, sizes[name], want)
			}
		}
	}
	if r := got["m"]; r.Export.File != "acme/m.csv" || r.Export.Bytes == 0 || *r.Export.Rows != len(lines) || *got["p"].Export.Rows != *got["p"].Count || *r.Total != 2000 || got["m"].Rules[3].Type == "" {
		t.Errorf("%+v of %d: %+v", r.Export, *r.Total, r.Rules[3])
	}
	var files []string
	for _, tenant := range []string{"acme", "default"} {
		some, _ := os.ReadDir(filepath.Join(root, tenant))
		for _, f := range some {
			files = append(files, f.Name())
		}
	}
	if !slices.Equal(files, []string{"m.csv", "m.parquet"}) {
		t.Error(files)
	}
}

func readCSV(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return lines
}
