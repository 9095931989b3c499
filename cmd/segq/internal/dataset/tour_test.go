package dataset_test

import (
	"testing"
	"time"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/samples"
)

// TestTour runs the tour over the embedded profiles and compares its counts with
// those that plain Go finds (samples/tour_test.go).
func TestTour(t *testing.T) {
	t.Parallel()
	d, err := dataset.Open(t.Context(), nil, dataset.Options{}, 2, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	batch := exec.Batch{Now: time.UnixMilli(int64(samples.Reference)).UTC()}
	for _, w := range rules.Statements(rules.Source{Name: "tour.pql", Text: samples.Tour}) {
		if len(w.Errors) > 0 {
			t.Fatal(w.Errors)
		}
		typed, ds := check.Check(w.Statement.X, d.Catalog, check.Options{})
		if ds.Failed() {
			t.Fatalf("%s: %v", w.Name, ds)
		}
		batch.Queries = append(batch.Queries, exec.Query{ID: w.Name, Typed: typed})
	}
	want := samples.TourCounts()
	if len(batch.Queries) != len(want) || len(want) < 25 {
		t.Fatalf("%d queries, %d counts", len(batch.Queries), len(want))
	}
	results, err := d.Engine.Run(t.Context(), batch)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		if r.Err != nil || r.Count != want[r.ID] {
			t.Errorf("%s: %d (%v), and plain Go finds %d", r.ID, r.Count, r.Err, want[r.ID])
		}
	}
}
