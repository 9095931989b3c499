package pack_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/pack"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/samples"
)

// all reads everything.
var all = &check.Reads{All: true}

// read loads NDJSON.
func read(t testing.TB, text string) (*column.Snapshot, *load.Report) {
	t.Helper()
	s, r, err := load.Reader(t.Context(), strings.NewReader(text), "ndjson", "given", load.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s, r
}

// packed writes a snapshot to a file.
func packed(t testing.TB, s *column.Snapshot, r *load.Report) string {
	t.Helper()
	var b bytes.Buffer
	n, err := pack.Write(context.Background(), &b, s, r, nil)
	if err != nil {
		t.Fatal(err)
	}
	if n != int64(b.Len()) {
		t.Errorf("%d bytes written, and said to be %d", b.Len(), n)
	}
	return file(t, b.Bytes())
}

// file makes a file.
func file(t testing.TB, b []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "t.segq")
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// open opens a file until the end of the test.
func open(t testing.TB, name string) *pack.Table {
	t.Helper()
	table, err := pack.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := table.Close(); err != nil {
			t.Error(err)
		}
	})
	return table
}

// loaded returns the columns that are read.
func loaded(t testing.TB, table *pack.Table, reads *check.Reads) *column.Snapshot {
	t.Helper()
	s, release, err := table.Load(t.Context(), reads, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(release)
	return s
}

// same says what of a table is not as it was before it was packed.
func same(t *testing.T, want, got *column.Snapshot) {
	t.Helper()
	if err := column.Verify(got); err != nil {
		t.Error(err)
	}
	if got.Fingerprint != want.Fingerprint || column.FingerprintOf(got.Root, got.Schema, 2) != column.FingerprintOf(want.Root, want.Schema, 2) {
		t.Errorf("the fingerprint is %s, not %s", got.Fingerprint, want.Fingerprint)
	}
	if !reflect.DeepEqual(got.Root, want.Root) { // the order of wide columns and the ends of lists as well
		t.Error("the columns are others")
	}
	if !slices.Equal(got.Partitions(0), want.Partitions(0)) {
		t.Errorf("the partitions are %v, not %v", got.Partitions(0), want.Partitions(0))
	}
	if !got.Schema.Equal(want.Schema) || nameOf(got.ID) != nameOf(want.ID) || nameOf(got.EventsField) != nameOf(want.EventsField) {
		t.Errorf("the schema is %s, not %s", got.Schema, want.Schema)
	}
	byName := func(s *column.Snapshot) map[string]check.Mixture {
		m := map[string]check.Mixture{}
		for f, mixture := range s.Mixtures {
			m[f.Name] = mixture
		}
		return m
	}
	if diff := cmp.Diff(byName(want), byName(got)); diff != "" {
		t.Error(diff)
	}
}

func nameOf(f *check.Field) string {
	if f == nil {
		return ""
	}
	return f.Name
}

// Every kind of column, with nulls and without, empty and filled, comes back as it was.
func TestWhatIsPackedComesBack(t *testing.T) {
	for name, text := range map[string]string{
		"nothing": "",
		"kinds": `{"_id":"a","b":true,"i":1,"j":300,"k":70000,"l":5000000000,"f":1.5,"t":"2026-01-01","n":null,"o":{"x":1,"o":{"y":"z"}},"m":[1,2],"p":[{"q":["r"]},{"q":[]}],"identityMap":{"e":[{"id":"1"}]}}
{"_id":"b","o":{"x":2},"p":[],"identityMap":{}}
{"_id":"c","b":false,"i":-1,"j":-300,"k":-70000,"l":-5000000000,"f":-0.5,"t":"1969-01-01","m":[],"p":null}
`,
		"mixture": `{"v":1}` + "\n" + `{"v":"x"}` + "\n" + `{"v":false}` + "\n",
		"misfits": `{"o":{"x":1},"xEvent":[{"timestamp":"2026-01-01","v":[1,{"a":2}]}]}` + "\n{}\n" + `{"o":[1]}` + "\nno json\n" + `{"o":{"x":3}}` + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			s, r := read(t, text)
			table := open(t, packed(t, s, r))
			same(t, s, loaded(t, table, all))
			got := table.Report()
			want := &load.Report{Rows: r.Rows, Rejected: r.Rejected, Rejects: r.Rejects, Misfits: r.Misfits, Notes: r.Notes, Files: got.Files}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			s = exectest.AsCompact(s)
			same(t, s, loaded(t, open(t, packed(t, s, r)), all))
		})
	}
}

// Texts most of which differ are in the order of the rows.
func TestTextsComeBack(t *testing.T) {
	c := &column.Texts{Valid: column.Bitmap{0b1011}, Offsets: []uint32{0, 2, 2, 2, 5}, Bytes: []byte("abcde")}
	for name, c := range map[string]*column.Texts{"some": c, "none": {}, "all": {Offsets: []uint32{0, 1, 2}, Bytes: []byte("yx")}} {
		schema := check.ObjectOf(&check.Field{Name: "s", Type: check.StringType})
		s := &column.Snapshot{Schema: schema, Root: &column.Struct{N: c.Len(), Fields: []column.Column{c}}}
		got := loaded(t, open(t, packed(t, s, nil)), all).Root.Fields[0]
		if err := column.Verify(&column.Snapshot{Schema: schema, Root: &column.Struct{N: c.Len(), Fields: []column.Column{got}}}); err != nil {
			t.Error(name, err)
		}
		if got.Len() != c.Len() {
			t.Errorf("%s: %d rows", name, got.Len())
		}
		for i := range c.Len() {
			if got.Null(i) != c.Null(i) || got.(*column.Texts).At(i) != c.At(i) {
				t.Errorf("%s: row %d is %q", name, i, got.(*column.Texts).At(i))
			}
		}
	}
}

// The sample has a hundred columns, and lists in lists; twice the rows of an order have one.
func TestTheSampleComesBack(t *testing.T) {
	r, err := samples.Open()
	if err != nil {
		t.Fatal(err)
	}
	s, report, err := load.Reader(t.Context(), r, "ndjson", "sample", load.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []*column.Snapshot{s, exectest.AsCompact(s), exectest.AsCompact(exectest.AsTexts(s))} {
		same(t, s, loaded(t, open(t, packed(t, s, report)), all))
	}
}
