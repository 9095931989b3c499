package record_test

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/segq/segq/redisx/record"
)

// testdata/v0.ndjson holds what workers answered before records had a version, one of each
// operation: all of it is read.
func TestRecordsWithoutAVersion(t *testing.T) {
	text, err := os.ReadFile("testdata/v0.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	var all []*record.Record
	for line := range bytes.Lines(text) {
		r, err := record.Decode(line)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if r.V != 0 || r.Snapshot != "411b7f60c760f11a" || r.Now.IsZero() || r.Status != record.OK && r.Error == nil {
			t.Errorf("%s: %+v", line, r)
		}
		all = append(all, r)
	}
	want := record.Values{Present: 3, Numeric: true, Min: 10, Average: 20, Max: 30, Sum: 60}
	if diff := cmp.Diff(&want, all[2].Values); diff != "" {
		t.Errorf("numbers (-want +got)\n%s", diff)
	}
	want = record.Values{Present: 3, Top: []record.ValueCount{{Value: "gold", Count: 2}, {Value: "silver", Count: 1}}, Distinct: 2}
	if diff := cmp.Diff(&want, all[3].Values); diff != "" {
		t.Errorf("texts (-want +got)\n%s", diff)
	}
	if v := all[4].Values; !v.Sizes || len(v.Examples) != 2 {
		t.Errorf("lists: %+v", v)
	}
	switch {
	case *all[0].Count != 2 || all[0].Name != "gold",
		strings.Join(all[1].Sample, " ") != "a c",
		all[5].Breakdown.Values[0] != record.ValueCount{Value: "CA", Count: 1},
		all[6].Funnel[1] != record.Clause{Clause: `home.state = "CA"`, Alone: 2, SoFar: 1, Cumulative: 1, Without: 2},
		all[7].Lift[0].Index != 200,
		all[8].Overlap.Any != 3,
		all[9].Export.To != "set" || all[9].Export.Version == "",
		all[10].Error.Code != "unknown-field" || all[10].Error.Column != 1,
		len(all[11].Schema) != 6,
		len(all[12].Rules) != 3 || *all[12].Rules[0].Count != 2 || all[12].Rules[1].Error == nil || all[12].Rules[2].Values.Sum != 60:
		t.Error("an operation's part is not what it was")
	}
}

// A reader of this version reads what a later one may write, and a reader that knows less
// reads what this one writes.
func TestVersionsReadEachOther(t *testing.T) {
	later := `{"v":7,"id":"q","status":"ok","count":2,"total":4,"exact":true,"rows_skipped":0,"certainty":{"of":"it"},
		"values":{"present":2,"numeric":true,"sum":3,"shape":[1,2]},"error":null}`
	r, err := record.Decode([]byte(later))
	if err != nil || r.V != 7 || *r.Count != 2 || r.Values.Sum != 3 {
		t.Errorf("%+v, %v", r, err)
	}
	line, err := record.Encode(&record.Record{ID: "q", Status: record.OK, Values: &record.Values{Present: 2}})
	if err != nil {
		t.Fatal(err)
	}
	var earlier struct {
		ID     string
		Values struct{ Present int }
	}
	if err := json.Unmarshal(line, &earlier); err != nil || earlier.ID != "q" || earlier.Values.Present != 2 || !bytes.HasPrefix(line, []byte(`{"v":1,`)) {
		t.Errorf("%s: %+v, %v", line, earlier, err)
	}
	if _, err := record.Decode([]byte(`["no record"]`)); err == nil {
		t.Error("a list is a record")
	}
}

// Figures that JSON has no number for survive the way.
func TestFigures(t *testing.T) {
	want := record.Values{Present: 3, Numeric: true, Min: record.Figure(math.Inf(-1)), Average: 1.5, Max: record.Figure(math.Inf(1)), Sum: record.Figure(math.NaN())}
	text, err := json.Marshal(want)
	if err != nil || !strings.Contains(string(text), `"min":"-Infinity","average":1.5,"max":"Infinity","sum":"NaN"`) {
		t.Fatalf("%s, %v", text, err)
	}
	var got record.Values
	if err := json.Unmarshal(text, &got); err != nil || !math.IsNaN(float64(got.Sum)) || got.Max != want.Max || got.Min != want.Min {
		t.Errorf("%+v, %v", got, err)
	}
	if json.Unmarshal([]byte(`{"sum":"much"}`), &got) == nil {
		t.Error("a word is a number")
	}
}

// What has no figures says none: neither those of texts, nor those of nothing, nor how many different
// numbers there are.
func TestValuesWithoutFigures(t *testing.T) {
	for want, v := range map[string]record.Values{
		`{"present":2,"numeric":false,"sizes":false,"top":[{"value":"a","count":2}],"distinct":1,"examples":null}`:        {Present: 2, Top: []record.ValueCount{{Value: "a", Count: 2}}, Distinct: 1},
		`{"present":0,"numeric":true,"sizes":false,"top":null,"examples":null}`:                                           {Numeric: true},
		`{"present":0,"numeric":false,"sizes":false,"top":null,"distinct":0,"examples":null}`:                             {},
		`{"present":3,"numeric":true,"sizes":false,"infinite":3,"top":null,"examples":null}`:                              {Numeric: true, Present: 3, Infinite: 3},
		`{"present":1,"numeric":true,"sizes":false,"min":0,"average":0,"max":0,"sum":0,"top":null,"examples":null}`:       {Numeric: true, Present: 1},
		`{"present":1,"numeric":false,"sizes":false,"times":true,"min":5,"average":5,"max":5,"top":null,"examples":null}`: {Times: true, Present: 1, Min: 5, Average: 5, Max: 5},
	} {
		text, err := json.Marshal(v)
		if err != nil || string(text) != want {
			t.Errorf("%s, %v\nnot %s", text, err, want)
		}
		var got record.Values
		if err := json.Unmarshal(text, &got); err != nil {
			t.Error(err)
		} else if diff := cmp.Diff(v, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", text, diff)
		}
	}
}
