package peek_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/gen"
	"github.com/segq/segq/cmd/segq/internal/peek"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/pack"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/samples"
)

// generated are files of the same profiles whose columns are read one by one.
func generated(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	plain, packed := filepath.Join(dir, "p.parquet"), filepath.Join(dir, "p.segq")
	if err := gen.Write(t.Context(), plain, samples.Generator{Profiles: 3000, Seed: 1, EventsPerProfile: 3}, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	d, err := dataset.Open(t.Context(), []string{plain}, dataset.Options{}, 2, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	s, report, err := d.Whole(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out, err := os.Create(packed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pack.Write(t.Context(), out, s, report, nil); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return []string{plain, packed}
}

// Columns that nobody has asked for are loaded for a count, and no others; the count is that of a run.
func TestColumnsOfFilesAreLoaded(t *testing.T) {
	t.Parallel()
	texts := []string{
		`loyalty.tier = "gold"`, `loyalty.tier = "gold" and homeAddress.countryCode = "CA"`, "loyalty.points",
		`xEvent[eventType = "commerce.purchases"].count() >= 2 and person.name.firstName.startsWith("J")`,
	}
	for _, name := range generated(t) {
		d, err := dataset.Open(t.Context(), []string{name}, dataset.Options{}, 2, t.Output())
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		c := peek.Patient(t.Context(), d)
		for _, text := range texts {
			q := peek.Question{Text: text, Cursor: len(text), Now: reference}
			r := c.Count(t.Context(), q)
			if text == texts[0] && (!r.Loading || r.Counted.End != len(text) || r.Total != 0) {
				t.Errorf("%s, %s: %+v before its column is there", name, text, r)
			}
			for r.Loading {
				runtime.Gosched()
				r = c.Count(t.Context(), q)
			}
			typed, ds := lang.Compile(text, d.Catalog, check.Options{})
			if ds.Failed() {
				t.Fatal(ds)
			}
			if text == texts[0] && d.Holds().Loaded > 2 && filepath.Ext(name) == ".parquet" {
				t.Errorf("%s: %+v for one column", name, d.Holds())
			}
			results, err := d.Engine.Run(t.Context(), exec.Batch{Now: reference, Queries: []exec.Query{{ID: "q", Typed: typed}}})
			if err != nil || results[0].Err != nil {
				t.Fatal(err, results[0].Err)
			}
			if r.Count != int64(results[0].Count) || r.Total != 3000 || r.Count == 0 {
				t.Errorf("%s, %s: %+v, and the run says %d", name, text, r, results[0].Count)
			}
		}
		if d.Holds().Evictions > 0 {
			t.Errorf("%s: %+v", name, d.Holds())
		}
	}
}
