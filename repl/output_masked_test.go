package repl

import (
	"slices"
	"strings"
	"testing"

	"github.com/segq/segq/redisx/record"
)

// What is said of masked values stays on the screen, of however long an answer that shows its beginning alone.
func TestMaskedIsSaid(t *testing.T) {
	t.Parallel()
	n := 3
	for _, a := range []*record.Record{
		{Masked: []string{"city"}, Breakdown: &record.Breakdown{By: "city", Values: []record.ValueCount{{Value: "(masked)", Count: 3}}}},
		{Masked: []string{"city"}, Count: &n, Total: &n, Exact: true},
	} {
		o := output{query: &query{text: "true", asks: &asking{}}, job: Job{State: Done, Answer: a}}
		p := (&canvas{width: 80, height: 24}).draw(o, nil)
		names := func(line string) bool { return strings.Contains(line, "masked: city") }
		if slices.ContainsFunc(p.body, names) || !slices.ContainsFunc(p.said, names) {
			t.Errorf("body %q, said %q", p.body, p.said)
		}
	}
}
