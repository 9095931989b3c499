package backend

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/segq/segq/cmd/segq/internal/gen"
	"github.com/segq/segq/cmd/segq/internal/loadreport"
	"github.com/segq/segq/cmd/segq/internal/worker/workertest"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/repl"
	"github.com/segq/segq/samples"
)

// TestLoadBeforeAnythingIsLoaded: of columns that nobody has asked for, the report has what the footers of the files say.
func TestLoadBeforeAnythingIsLoaded(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "some.parquet")
	if err := gen.Write(t.Context(), name, samples.Generator{Profiles: 2000}, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	report, err := loadreport.Of(t.Context(), open(t, name), false)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(report.Fields, func(f loadreport.Field) bool { return f.Field == "loyalty.tier" })
	if i < 0 || report.Fields[i].Values == nil || *report.Fields[i].Of != 2000 || report.Fields[i].Distinct != nil {
		t.Errorf("loyalty.tier: %+v", report.Fields)
	}
}

// TestFilledIsOne: how many profiles have a field is the same in .fields, in .load, in .schema and as a query counts it, here and
// attached, of lists as of everything else.
func TestFilledIsOne(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "lists.ndjson")
	if err := os.WriteFile(name, []byte(`{"_id":"a","tags":["x","y"],"ns":[1,2],"o":{"tags":["p"]},"xEvent":[{"type":"a","timestamp":"2025-01-02T03:04:05Z"}]}
{"_id":"b","tags":null,"o":{"tags":[null]}}
{"_id":"c","tags":[],"ns":[3],"xEvent":[]}
{"_id":"d","tags":["x"]}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{"tags": .75, "ns": .5, "o.tags": .5, "xEvent": .5}
	d := open(t, name)
	client := workertest.Over(t, d)
	report, err := loadreport.Of(t.Context(), d, false)
	if err != nil {
		t.Fatal(err)
	}
	for path, share := range want {
		i := slices.IndexFunc(report.Fields, func(f loadreport.Field) bool { return f.Field == path })
		if i < 0 || float64(*report.Fields[i].Values) != share*float64(*report.Fields[i].Of) {
			t.Errorf("the report of the loading, %s: %+v, want %v", path, report.Fields, share)
		}
	}
	for door, b := range doors(t, d, client) {
		for path, share := range want {
			r := asked(t, b, client, redisx.Command{Op: "query", Query: path + ".isNotNull()", Tenant: "default"})
			if r.Count == nil || float64(*r.Count) != share*4 {
				t.Errorf("%s, %s: a query counts %+v, want %v", door, path, r, share)
			}
		}
		for path, share := range want {
			s, err := b.Survey(t.Context(), []string{path})
			if err != nil || s[0].Loaded && math.Abs(float64(s[0].Filled)/float64(s[0].Places)-share) > 1e-9 {
				t.Errorf("%s, %s: %+v, %v, want %v", door, path, s, err, share)
			}
			schema := b.Schema()
			i := slices.IndexFunc(schema, func(f repl.Field) bool { return f.Path == path })
			if i < 0 || schema[i].Filled != share {
				t.Errorf("%s, the schema, %s: want %v of %+v", door, path, share, schema)
			}
		}
	}
}
