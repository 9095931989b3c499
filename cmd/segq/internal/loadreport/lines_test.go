package loadreport

import (
	"strings"
	"testing"

	"github.com/segq/segq/repl/show"
)

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
