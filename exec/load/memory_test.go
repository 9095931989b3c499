package load_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/segq/segq/exec/load"
)

// endless gives the same bytes again and again, up to a number.
type endless struct {
	unit string
	left int
	rest string // of a unit
}

func (e *endless) Read(b []byte) (int, error) {
	n := 0
	for n < len(b) && (e.rest != "" || e.left > 0) {
		if e.rest == "" {
			e.left, e.rest = e.left-1, e.unit
		}
		m := copy(b[n:], e.rest)
		n, e.rest = n+m, e.rest[m:]
	}
	if n == 0 && len(b) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

// Whatever is too much for the memory that a load may have ends it with what it needs.
func TestLoadEndsAtItsMemory(t *testing.T) {
	const memory = 32 << 20
	for name, test := range map[string]struct {
		format string
		data   io.Reader
	}{
		"rows":                {"ndjson", &endless{unit: `{"a":1,"b":2.5,"c":"x"}` + "\n", left: 2_000_000}},
		"elements of a row":   {"ndjson", io.MultiReader(strings.NewReader(`{"a":[0`), &endless{unit: ",0", left: 5_000_000}, strings.NewReader("]}"))},
		"empty lists":         {"ndjson", io.MultiReader(strings.NewReader(`{"a":[[]`), &endless{unit: ",[]", left: 5_000_000}, strings.NewReader("]}"))},
		"fields of a row":     {"ndjson", manyFields(300_000, ",")},
		"fields of rows":      {"ndjson", manyFields(20_000, "}\n{")},
		"a row of a document": {"json", io.MultiReader(strings.NewReader(`[{"a":"`), &endless{unit: "x", left: 64 << 20}, strings.NewReader(`"}]`))},
		"rows of a document": {"json", io.MultiReader(strings.NewReader(`[{"a":[0,0]}`), // longer than the beginning that is looked at
			&endless{unit: `,{"a":[0,0,0,0,0,0,0,0,0,0,0,0,0,0]}`, left: 600_000}, strings.NewReader("]"))},
		"cells":             {"csv", io.MultiReader(strings.NewReader("a,b,c,d\n"), &endless{unit: "1,2,3,4\n", left: 2_000_000})},
		"texts of a column": {"csv", manyTexts(400_000)},
		"a file in a pipe":  {"parquet", &endless{unit: "PAR1", left: 16 << 20}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := load.Reader(t.Context(), test.data, test.format, "in", load.Options{Memory: memory, Threads: 2})
			var full *load.MemoryError
			if !errors.As(err, &full) || full.Limit != memory || full.Needs <= memory || full.Columns {
				t.Errorf("error %v (%+v)", err, full)
			}
		})
	}
}

func manyFields(n int, between string) io.Reader {
	var b bytes.Buffer
	b.WriteString("{")
	for i := range n {
		if i > 0 {
			b.WriteString(between)
		}
		fmt.Fprintf(&b, `"k%d":1`, i)
	}
	b.WriteString("}\n")
	return &b
}

func manyTexts(n int) io.Reader {
	var b bytes.Buffer
	b.WriteString("t\n")
	for i := range n {
		fmt.Fprintf(&b, "%060d x\n", i)
	}
	return &b
}

// What is loaded may be bounded more narrowly than the loading of it.
func TestColumnsHaveABoundOfTheirOwn(t *testing.T) {
	data := writeNDJSON(t, profiles(2000))
	s, report := mustRead(t, data, "ndjson", load.Options{})
	if report.Columns != s.Bytes() || report.Peak < report.Columns {
		t.Errorf("columns of %d bytes: report %d, peak %d", s.Bytes(), report.Columns, report.Peak)
	}
	for _, columns := range []int64{s.Bytes(), s.Bytes() - 1} {
		_, _, err := load.Reader(context.Background(), bytes.NewReader(data), "ndjson", "in", load.Options{Columns: columns})
		var full *load.MemoryError
		if fits := columns == s.Bytes(); fits && err != nil || !fits && (!errors.As(err, &full) || !full.Columns || full.Needs != s.Bytes()) {
			t.Errorf("%d bytes: %v", columns, err)
		}
	}
}

// The estimate goes by the part of the file that was read.
func TestMemoryIsForetold(t *testing.T) {
	var b bytes.Buffer
	for i := range 400_000 {
		fmt.Fprintf(&b, `{"a":%d,"b":%d.5,"c":"text %d"}`+"\n", i, i, i)
	}
	path := writeFile(t, t.TempDir(), "in.ndjson", b.Bytes())
	_, report, err := load.Open(t.Context(), []string{path}, load.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = load.Open(t.Context(), []string{path}, load.Options{Memory: report.Peak / 2, Threads: 1})
	var full *load.MemoryError
	if !errors.As(err, &full) || full.AtLeast || full.Needs < report.Peak/2 || full.Needs > 2*report.Peak {
		t.Errorf("%v, and it takes %d", err, report.Peak)
	}
}

// One row has a bound whatever the format.
func TestLongRows(t *testing.T) {
	long := strings.Repeat("x", 65<<20)
	for format, data := range map[string]string{
		"ndjson": `{"a":"b"}` + "\n" + `{"a":"` + long + `"}` + "\n" + `{"a":"c"}`,
		"json":   `[{"a":"b"}, {"a":"` + long + `"}, {"a":"c"}]`,
	} {
		_, report := mustRead(t, []byte(data), format, load.Options{})
		if report.Rows != 2 || len(report.Rejects) != 1 || report.Rejects[0].Row != 2 || report.Rejects[0].Message != "the row is longer than 64 MiB" {
			t.Errorf("%s: %+v", format, report)
		}
	}
}

// A document is read while it comes, and what is no JSON ends it where it stands.
func TestDocumentsOfAnyLength(t *testing.T) {
	long := strings.Repeat("x", 65<<20)
	for name, test := range map[string]struct {
		data    io.Reader
		message string
	}{
		"objects in objects": {&endless{unit: `{"_id":`, left: 1 << 40}, "in: line 1, column 701: expected at most 100 levels of nesting, found more"},
		"zeros":              {&endless{unit: "\x00", left: 1 << 40}, `in: line 1, column 1: expected an object, found '\x00'`},
		"zeros after a row":  {io.MultiReader(strings.NewReader("{} {}\n\n  "), &endless{unit: "\x00", left: 1 << 40}), `in: line 3, column 3: expected an object, found '\x00'`},
		"a long row that is wrong": {strings.NewReader("[{},\n{\"a\":1,,\"b\":\"" + long + "\"}]"),
			"in: line 2, column 8: expected a key in quotes, found ','"},
		"wrong after a long row": {strings.NewReader("[{\"a\":\"" + long + "\"},\n !]"), "in: line 2, column 2: expected an object, found '!'"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := load.Reader(t.Context(), test.data, "json", "in", load.Options{Memory: 512 << 20, Threads: 1})
			if err == nil || err.Error() != test.message {
				t.Errorf("%v", err)
			}
		})
	}
}

// Rows lie across the edges of what is read at once.
func TestLongDocuments(t *testing.T) {
	var lines, list bytes.Buffer
	for i := range 150_000 {
		row := fmt.Sprintf(`{"a":%d,"b":[{"c":"x\"}]%d"},{}],"é":{"d":[[%d],"\\"]}}`, i, i, i%7)
		lines.WriteString(row + "\n")
		list.WriteString(strings.ReplaceAll(row, ",", " \n,") + " , ")
	}
	want, _ := mustRead(t, lines.Bytes(), "ndjson", load.Options{})
	text := "[" + strings.TrimSuffix(list.String(), " , ") + "]"
	got, _ := mustRead(t, []byte(text), "json", load.Options{})
	if got.Fingerprint != want.Fingerprint {
		t.Error("a list is not what its rows are")
	}
	at := strings.Count(text, "\n") + 1
	_, _, err := load.Reader(t.Context(), strings.NewReader(strings.TrimSuffix(text, "]")+"\té!"), "json", "in", load.Options{})
	if err == nil || !strings.HasPrefix(err.Error(), fmt.Sprintf("in: line %d, column ", at)) || !strings.HasSuffix(err.Error(), "found 'é'") {
		t.Errorf("line %d: %v", at, err)
	}
}
