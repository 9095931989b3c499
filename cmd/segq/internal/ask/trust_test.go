package ask_test

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/cmd/segq/internal/answer"
	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/cmd/segq/internal/worker/workertest"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/samples"
)

// skippedSample is the sample with rows that cannot be read, and with values that are not of
// the type of their field.
func skippedSample(t *testing.T) *dataset.Dataset {
	t.Helper()
	r, err := samples.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	add := func(n int, line string) { text = append(text, strings.Repeat(line+"\n", n)...) }
	add(7, `{"loyalty":`)
	add(5, `{"loyalty":{"tier":{"no":"text"}}}`)
	add(4, `{"xEvent":[{"eventType":{"no":"text"}}]}`)
	add(9, `{"person":{"birthYear":{"no":"number"}}}`)
	add(1, `{"identityMap":{"a":{"id":{"no":"text"}}}}`)
	file := filepath.Join(t.TempDir(), "skipped.ndjson")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := dataset.Open(t.Context(), []string{file}, dataset.Options{}, 2, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

// TestWhatWasSkippedIsInEveryRecord: rows always, and values of the fields that the query
// names, here and through a queue, whatever is asked.
func TestWhatWasSkippedIsInEveryRecord(t *testing.T) {
	t.Parallel()
	d := skippedSample(t)
	c := workertest.Over(t, d)
	gold, bought := `loyalty.tier = "gold"`, `xEvent[eventType = "commerce.purchases"].count() > 0`
	commands := []redisx.Command{
		{ID: "q", Op: "query", Query: gold}, {ID: "n", Op: "query", Query: "loyalty.points > 3"}, {ID: "w", Op: "query", Query: "nothing = 1"},
		{ID: "i", Op: "query", Query: `inSegment("x")`, Segments: map[string]string{"x": gold}},
		{ID: "b", Op: "breakdown", By: "person.birthYear", Query: gold}, {ID: "l", Op: "lift", By: "loyalty.tier", Query: bought},
		{ID: "f", Op: "funnel", Query: gold + " and " + bought}, {ID: "s", Op: "sample", Query: bought}, {ID: "m", Op: "query", Query: `identityMap.get("a").id = "x"`},
		{ID: "o", Op: "overlap", Queries: []string{gold, bought}}, {ID: "e", Op: "export", To: "set", Name: "x", Query: gold}, {ID: "y", Op: "schema"},
	}
	want := map[string]string{
		"q": `{"loyalty.tier":5}`, "n": `null`, "w": `null`, "i": `{"loyalty.tier":5}`, "b": `{"loyalty.tier":5,"person.birthYear":9}`,
		"l": `{"loyalty.tier":5,"xEvent.eventType":4}`, "f": `{"loyalty.tier":5,"xEvent.eventType":4}`, "s": `{"xEvent.eventType":4}`, "m": `{"identityMap{}.id":1}`,
		"o": `{"loyalty.tier":5,"xEvent.eventType":4}`, "e": `{"loyalty.tier":5}`, "y": `null`,
	}
	got := workertest.Ends(t, c, commands...)
	for id, values := range want {
		r := got[id]
		if r == nil || r.RowsSkipped == nil || *r.RowsSkipped != 7 {
			t.Errorf("%s: %+v", id, r)
			continue
		}
		if text, err := json.Marshal(r.ValuesSkipped); err != nil || string(text) != values {
			t.Errorf("%s: %s, not %s", id, text, values)
		}
	}
	many := redisx.Command{ID: "many", Op: "rules", Queries: []string{gold, "loyalty.points > 3", bought}}
	records := answer.PerRule(many, workertest.Ends(t, c, many)["many"])
	for i, values := range []string{want["q"], "null", want["s"]} {
		if text, _ := json.Marshal(records[i].ValuesSkipped); string(text) != values || *records[i].RowsSkipped != 7 {
			t.Errorf("rule %d: %s, not %s; %v", i, text, values, records[i].RowsSkipped)
		}
	}

	local := &ask.Local{Dataset: d, Options: ask.Options{Progress: "off"}}
	asked := local.Prepare(rules.Statements(rules.Source{Name: "x", Text: gold + ";" + bought + "; nothing = 1"}), time.UnixMilli(int64(samples.Reference)).UTC())
	if err := local.Answer(t.Context(), asked, func(*record.Record) {}); err != nil {
		t.Fatal(err)
	}
	for i, values := range []string{want["q"], want["s"], "null"} {
		if text, _ := json.Marshal(asked[i].Record.ValuesSkipped); string(text) != values || *asked[i].Record.RowsSkipped != 7 {
			t.Errorf("here, query %d: %s, not %s", i, text, values)
		}
	}
}
