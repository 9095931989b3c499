package loadreport

import (
	"strings"
	"testing"

	"github.com/segq/segq/repl/show"
)

// TestNotKnown: a number that is not known is marked as that, and it is said why; what nobody counts is left out.
func TestNotKnown(t *testing.T) {
	n, of := 3, 4
	r := Report{Fields: []Field{
		{Field: "a", Type: "string", Values: &n, Of: &of, Distinct: &n},
		{Field: "b", Type: "string", Values: &n, Of: &of},
		{Field: "c", Type: "list<object>"},
	}}
	got := strings.Join(r.Lines(show.Look{Width: 100}), "\n")
	for _, want := range []string{"a      string        75.00 %         3", "b      string        75.00 %         –", "c      list<object>        –\n", "– not known yet: the column is not in memory"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if r.Fields = r.Fields[:1]; strings.Contains(strings.Join(r.Lines(show.Look{Width: 100}), "\n"), "not known") {
		t.Error("everything is known")
	}
}

// TestSpeed has the words for what was read, of which little may be in memory, and for what counting took.
func TestSpeed(t *testing.T) {
	files := []File{{Name: "a.parquet", Rows: 10}}
	for want, r := range map[string]Report{
		"2.0 MB in 1 file, read in 500 ms: 20 rows and 4.0 MB a second":                   {Bytes: 2e6, Elapsed: 500, RowsPerSecond: 20, BytesPerSecond: 4e6},
		"1.0 MB of the 2.0 MB in 1 file, read in 500 ms: 2.0 MB a second":                 {Bytes: 2e6, Read: 1e6, Elapsed: 500, RowsPerSecond: 20, BytesPerSecond: 2e6},
		"2.0 MB in 1 file, of which nothing was read yet":                                 {Bytes: 2e6},
		"read in 500 ms: 20 rows a second\ncounting how the fields are filled took 3.4 s": {Elapsed: 500, RowsPerSecond: 20, Counted: 3400},
	} {
		r.Files = files
		if got := strings.Join(r.Lines(show.Look{})[1:], "\n"); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
}
