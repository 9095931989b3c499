package printer_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/redisx/record"
)

// TestWhatWasSkippedIsInEveryFormat.
func TestWhatWasSkippedIsInEveryFormat(t *testing.T) {
	t.Parallel()
	count, total, rows := 1, 2, 7
	r := &record.Record{ID: "1", Query: "a = 1", Status: record.OK, Count: &count, Total: &total, RowsSkipped: &rows, ValuesSkipped: map[string]int{"b": 3, "a": 1200}}
	for format, want := range map[string][]string{
		"table":  {"7 rows could not be read and are not counted", "skipped: 1,200 values of a,", "skipped: 3 values of b,"},
		"csv":    {"error_hint,rows_skipped,values_skipped", ",7,a=1200 b=3,"},
		"tsv":    {"error_hint\trows_skipped\tvalues_skipped", "\t7\ta=1200 b=3\t"},
		"json":   {`"rows_skipped": 7`, `"a": 1200`},
		"ndjson": {`"rows_skipped":7,"values_skipped":{"a":1200,"b":3}`},
	} {
		var b bytes.Buffer
		w := printer.To(format, &b, printer.Layout{})
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		for _, part := range want {
			if !strings.Contains(b.String(), part) {
				t.Errorf("%s lacks %q:\n%s", format, part, b.String())
			}
		}
	}
	if data, err := record.Encode(&record.Record{}); err != nil || !strings.Contains(string(data), `"rows_skipped":null`) {
		t.Errorf("where the data is not known: %s (%v)", data, err)
	}
}
