package printer_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/google/go-cmp/cmp"

	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

// TestPrint runs testdata: records, read from a file of that folder, in a format, for a screen of
// some width or none. Each escape sequence is shown as ^[.
func TestPrint(t *testing.T) {
	t.Parallel()
	datadriven.Walk(t, "testdata/print", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			l := printer.Layout{Look: show.Look{More: map[string]string{show.Folded: "--format vertical shows them whole", "breakdown.values": "--top N gives more", "lift": "--top N gives more", "overlap.pairs": "--json or --csv gives all", show.Spared: "--format vertical shows all"}}}
			var file string
			d.ScanArgs(t, "of", &file)
			for _, a := range d.CmdArgs {
				switch a.Key {
				case "width":
					width, err := strconv.Atoi(a.Vals[0])
					if err != nil {
						t.Fatal(err)
					}
					l.Look.Width, l.Look.Bars = width, true
				case "colours":
					l.Look.Paint = show.Colours
				case "top":
					l.Look.Top, _ = strconv.Atoi(a.Vals[0])
				case "kind":
					l.Kind = a.Vals[0]
				}
			}
			return strings.ReplaceAll(printed(t, file, d.Cmd, l), "\x1b", "^[")
		})
	})
}

// printed returns the records of a file in a format.
func printed(t *testing.T, file, format string, l printer.Layout) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := printer.To(format, &b, l)
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		r, err := record.Decode([]byte(line))
		if err == nil {
			err = w.Write(r)
		}
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(b.String(), "\n") {
		if format == "table" && l.Look.Width > 0 && show.Cells(line) > l.Look.Width && strings.Contains(line, "  ") {
			t.Errorf("a line of %d cells: %s", show.Cells(line), line)
		}
	}
	return b.String()
}

// TestJSONIsTheRecord: what is printed as JSON is read back as what it was.
func TestJSONIsTheRecord(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.ndjson")
	if err != nil || len(files) < 10 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var want []*record.Record
		for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
			r, err := record.Decode([]byte(line))
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, r)
		}
		var got []*record.Record
		if err := json.Unmarshal([]byte(printed(t, filepath.Base(file), "json", printer.Layout{})), &got); err != nil {
			t.Fatal(err)
		}
		sameJSON := cmp.Comparer(func(a, b json.RawMessage) bool { return show.Cell(a) == show.Cell(b) })
		if diff := cmp.Diff(want, got, sameJSON); diff != "" {
			t.Errorf("%s as json: %s", file, diff)
		}
		lines := strings.Split(strings.TrimSpace(printed(t, filepath.Base(file), "ndjson", printer.Layout{})), "\n")
		for i, line := range lines {
			if r, err := record.Decode([]byte(line)); err != nil || cmp.Diff(want[i], r) != "" {
				t.Errorf("%s as ndjson: %v %s", file, err, cmp.Diff(want[i], r))
			}
		}
	}
}

// TestCSVIsSquare: every line has a cell for each column, and on a screen nothing controls it.
func TestCSVIsSquare(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob("testdata/*.ndjson")
	for _, file := range files {
		for _, width := range []int{0, 80} {
			text := printed(t, filepath.Base(file), "csv", printer.Layout{Look: show.Look{Width: width}})
			if lines, err := csv.NewReader(strings.NewReader(text)).ReadAll(); err != nil || len(lines) < 2 {
				t.Errorf("%s: %v\n%s", file, err, text)
			}
			if width > 0 && strings.ContainsAny(text, "\x1b\u009b\u202e") {
				t.Errorf("%s: what controls a terminal passes:\n%q", file, text)
			}
		}
		for _, format := range []string{"table", "vertical", "markdown", "json", "ndjson", "tsv"} {
			if text := printed(t, filepath.Base(file), format, printer.Layout{Look: show.Look{Width: 80}}); strings.ContainsAny(text, "\x1b\u009b\u202e") {
				t.Errorf("%s as %s: what controls a terminal passes:\n%q", file, format, text)
			}
		}
	}
}

// TestFirstRecordsDecideWidths: a table begins when it has seen enough, and a later text that is
// wider is whole where no screen ends.
func TestFirstRecordsDecideWidths(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	w := printer.To("table", &b, printer.Layout{})
	count, total := 1, 2
	r := &record.Record{Query: "n = 1", Status: record.OK, Count: &count, Total: &total}
	for i := range 1000 {
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
		if begun := b.Len() > 0; begun != (i == 999) {
			t.Fatalf("after %d records: %q", i+1, b.String())
		}
	}
	before := b.Len()
	wide := *r
	wide.Query = "n = 1 or n = 2"
	if err := w.Write(&wide); err != nil || b.String()[before:] != "n = 1 or n = 2      1      2  50.00 %  0.0\n" {
		t.Errorf("%v %q", err, b.String()[before:])
	}
}
