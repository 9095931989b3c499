package load_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
	"github.com/segq/segq/exec/load"
)

func gzipped(t *testing.T, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zstandard(t *testing.T, data []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll(data, nil)
}

func writeFile(t *testing.T, dir, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOpenCompressed(t *testing.T) {
	dir := t.TempDir()
	data := writeNDJSON(t, profiles(300))
	want, _ := mustRead(t, data, "ndjson", load.Options{})
	for _, path := range []string{
		writeFile(t, dir, "plain.NDJSON", data), writeFile(t, dir, "a.jsonl", data), writeFile(t, dir, "b.json", data),
		writeFile(t, dir, "c.ndjson.gz", gzipped(t, data)), writeFile(t, dir, "d.json.zst", zstandard(t, data)),
	} {
		var read, total int64
		o := load.Options{Progress: func(r, n int64) { read, total = r, n }}
		s, r, err := load.Open(context.Background(), []string{path}, o)
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if s.Fingerprint != want.Fingerprint || r.Rows != 300 || read != info.Size() || total != info.Size() {
			t.Errorf("%s: fingerprint %s, want %s; %d rows; progress %d of %d", path, s.Fingerprint, want.Fingerprint, r.Rows, read, total)
		}
	}
}

func TestOpenBadPaths(t *testing.T) {
	dir := t.TempDir()
	cut := gzipped(t, writeNDJSON(t, profiles(500)))
	for path, want := range map[string]string{
		filepath.Join(dir, "none.json"):                                  "none.json: no such file",
		filepath.Join(dir, "*.csv"):                                      "*.csv: no file matches",
		writeFile(t, dir, "x.xml", nil):                                  "the formats are .parquet, .ndjson",
		writeFile(t, dir, "x.parquet.gz", nil):                           "decompress it first",
		writeFile(t, dir, "x.ndjson.gz", []byte("this is no gzip file")): "x.ndjson.gz: this is not gzip data",
		writeFile(t, dir, "y.ndjson.gz", cut[:len(cut)/2]):               "y.ndjson.gz: the gzip data is truncated",
		writeFile(t, dir, "y.ndjson.zst", []byte("no zstandard")):        "y.ndjson.zst: this is not Zstandard data, or something else follows it",
		writeFile(t, dir, "x.csv.zst.gz", nil):                           "the extension is not known",
		t.TempDir():                                                      "there are no files below it",
	} {
		_, _, err := load.Open(context.Background(), []string{path}, load.Options{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", path, err, want)
		}
	}
}

// TestBlocks loads more than one block of lines: contradictions, lines and rows
// are what they would be one line after another, whatever the threads.
func TestBlocks(t *testing.T) {
	var b bytes.Buffer
	for i := range 200_000 {
		switch i {
		case 150_000:
			b.WriteString(`{"id":150000,"v":"late text" "tag":"x"}` + "\n")
		case 170_000:
			b.WriteString(`{"id":170000,"w":{"x":1}}` + "\n")
		case 199_999:
			b.WriteString(`{"id":199999,"w":2.5}` + "\n")
		default:
			fmt.Fprintf(&b, `{"id":%d,"v":%d,"w":7,"tag":"t%d","pad":"%s"}`+"\n", i, i%100, i%1000, strings.Repeat("p", 40))
		}
	}
	want, report := mustRead(t, b.Bytes(), "ndjson", load.Options{Threads: 1})
	rejects := []load.Reject{{File: "in.ndjson", Line: 150_001, Row: 150_001, Message: `column 30: expected a comma or } after a member, found "`}}
	if diff := cmp.Diff(rejects, report.Rejects); diff != "" || report.Rows != 199_999 {
		t.Errorf("%d rows; rejects (-want +got)\n%s", report.Rows, diff)
	}
	misfits := []load.Misfit{{Field: "w", Type: "a number", Found: "an object", Count: 1, File: "in.ndjson", Line: 170_001, Row: 170_001}}
	if diff := cmp.Diff(misfits, report.Misfits); diff != "" {
		t.Errorf("misfits (-want +got)\n%s", diff)
	}
	got, again := mustRead(t, b.Bytes(), "ndjson", load.Options{Threads: 4})
	if got.Fingerprint != want.Fingerprint {
		t.Errorf("fingerprint %s with 4 threads, %s with 1", got.Fingerprint, want.Fingerprint)
	}
	if diff := cmp.Diff(report.Rejects, again.Rejects); diff != "" {
		t.Errorf("rejects with 4 threads\n%s", diff)
	}
	if id := got.Root.Fields[0]; id.Len() != 199_999 || decoded(t, got, 150_000).(map[string]any)["id"] != 150_001.0 {
		t.Errorf("row 150000 is %v", decoded(t, got, 150_000))
	}
}

func TestLongRow(t *testing.T) {
	in := `{"a":1}` + "\n" + `{"a":"` + strings.Repeat("x", 65<<20) + `"}` + "\n" + `{"a":2}` + "\n"
	s, r, err := load.Reader(context.Background(), strings.NewReader(in), "ndjson", "in", load.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []load.Reject{{File: "in", Line: 2, Row: 2, Message: "the row is longer than 64 MiB"}}
	if diff := cmp.Diff(want, r.Rejects); diff != "" || s.Rows() != 2 {
		t.Errorf("%d rows; rejects (-want +got)\n%s", s.Rows(), diff)
	}
}

func TestManyRejects(t *testing.T) {
	in := `{"a":1}` + "\n" + strings.Repeat(`{"a":"x}`+"\n", 100)
	o := load.Options{MaxRejects: 3, BadRows: load.BadRows{Given: true, Most: 100}}
	_, r, err := load.Reader(context.Background(), strings.NewReader(in), "ndjson", "in", o)
	if err != nil || r.Rejected != 100 || len(r.Rejects) != 3 || r.Rejects[2].Line != 4 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestDeepNesting(t *testing.T) {
	for depth, good := range map[int]bool{99: true, 100: false, 100_000: false} {
		in := `{"ok":1}` + "\n" + `{"a":` + strings.Repeat("[", depth) + strings.Repeat("]", depth) + `}`
		_, r, err := load.Reader(context.Background(), strings.NewReader(in), "ndjson", "in", load.Options{})
		if err != nil || (r.Rejected == 0) != good {
			t.Errorf("depth %d: %+v, %v", depth, r, err)
		}
	}
}

// cancelReader cancels a context after some bytes and never ends.
type cancelReader struct {
	cancel context.CancelFunc
	left   int
	line   string
}

func (c *cancelReader) Read(b []byte) (int, error) {
	if c.left -= len(b); c.left < 0 {
		c.cancel()
	}
	return copy(b, strings.Repeat(c.line, len(b)/len(c.line)+1)), nil
}

func TestCancel(t *testing.T) {
	for format, line := range map[string]string{"ndjson": "{\"a\":1}\n", "csv": "a\n"} {
		ctx, cancel := context.WithCancel(context.Background())
		_, _, err := load.Reader(ctx, &cancelReader{cancel, 9 << 20, line}, format, "endless", load.Options{})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: error %v", format, err)
		}
		cancel()
	}
}

// failing gives some rows, then an error.
type failing struct{ io.Reader }

var errDisk = errors.New("the disk is gone")

func (f *failing) Read(b []byte) (int, error) {
	n, err := f.Reader.Read(b)
	if err == io.EOF {
		err = errDisk
	}
	return n, err
}

func TestReadError(t *testing.T) {
	for format, line := range map[string]string{"ndjson": "{}\n", "json": "{}", "csv": "a\n", "parquet": "x"} {
		_, _, err := load.Reader(context.Background(), &failing{strings.NewReader(line)}, format, "in", load.Options{})
		if !errors.Is(err, errDisk) || !strings.HasPrefix(err.Error(), "in: ") {
			t.Errorf("%s: error %v", format, err)
		}
	}
}

func TestIDAndEvents(t *testing.T) {
	for _, c := range []struct{ row, o, id, events, err string }{
		{row: `{"_id":1,"id":2,"xEvent":[]}`, id: "_id", events: "xEvent"},
		{row: `{"id":2,"log":[{"at":"2026-01-01"}],"l":[{"x":1}]}`, id: "id", events: "log"},
		{row: `{"a":[{"timestamp":5}],"b":[{"x":"2026-01-01","y":"2026-01-01"}]}`, events: "a"},
		{row: `{"a":[{"timestamp":5}],"b":[{"x":"2026-01-01"}]}`},
		{row: `{"key":1,"id":2}`, o: "key", id: "key"},
		{row: `{"key":["a","b"]}`, o: "key", err: `the field "key" is a list and cannot identify profiles: name one that has a text or a number`},
		{row: `{"key":1}`, o: "nokey", err: `there is no field "nokey" to identify profiles by; did you mean key? the fields are key`},
	} {
		s, _, err := load.Reader(context.Background(), strings.NewReader(c.row), "ndjson", "in", load.Options{ID: c.o})
		if c.err != "" {
			if err == nil || err.Error() != c.err {
				t.Errorf("%s: error %v", c.row, err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		id, events := "", ""
		if s.ID != nil {
			id = s.ID.Name
		}
		if s.EventsField != nil {
			events = s.EventsField.Name
		}
		if id != c.id || events != c.events {
			t.Errorf("%s: id %q, events %q", c.row, id, events)
		}
	}
}

// TestKeysAsData has an object whose keys are ids, a wide object that every row
// has all of, and one whose values differ in type.
func TestKeysAsData(t *testing.T) {
	var rows []string
	for i := range 1500 {
		mixed := `"x"`
		if i%2 == 0 {
			mixed = "1"
		}
		rows = append(rows, fmt.Sprintf(`{"a":{"scores":{"id-%d":%d,"all":1}},"mixed":{"m%d":%s}}`, i, i, i, mixed))
	}
	var wide []string
	for k := range 1500 {
		wide = append(wide, fmt.Sprintf(`"c%d":%d`, k, k))
	}
	rows = append(rows, `{"wide":{`+strings.Join(wide, ",")+`}}`, `{"a":{"scores":{"id-7":7}}}`)
	for format, in := range map[string]string{"ndjson": strings.Join(rows, "\n"), "json": "[" + strings.Join(rows, ",\n") + "]"} {
		s, r := mustRead(t, []byte(in), format, load.Options{})
		if r.Rows != 1502 || r.Rejected != 0 {
			t.Errorf("%s: %d rows, %d rejected: %v", format, r.Rows, r.Rejected, r.Rejects)
		}
		a, mixed, w := s.Schema.Field("a").Type, s.Schema.Field("mixed").Type, s.Schema.Field("wide").Type
		if got := typeText(a); got != "{scores map[int]}" {
			t.Errorf("%s: a is %.80s", format, got)
		}
		if len(mixed.Fields) != 1500 || len(w.Fields) != 1500 {
			t.Errorf("%s: mixed has %d fields, wide %d", format, len(mixed.Fields), len(w.Fields))
		}
		want := map[string]any{"a": map[string]any{"scores": map[string]any{"id-1400": 1400.0, "all": 1.0}}, "mixed": map[string]any{"m1400": 1.0}}
		if diff := cmp.Diff(want, decoded(t, s, 1400)); diff != "" {
			t.Errorf("%s: row 1400 (-want +got)\n%s", format, diff)
		}
	}
}
