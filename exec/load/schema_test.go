package load_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/cockroachdb/datadriven"
	"github.com/google/go-cmp/cmp"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
)

// reread returns the schema as it is written, and what is read of that.
func reread(t *testing.T, schema *check.Type) (text string, read *check.Type) {
	t.Helper()
	var b bytes.Buffer
	if err := load.WriteSchema(&b, schema); err != nil {
		t.Fatal(err)
	}
	if len(schema.Fields) == 0 {
		return "", nil
	}
	read, err := load.ReadSchema(strings.NewReader(b.String()))
	if err != nil {
		t.Fatalf("%v, in\n%s", err, b.String())
	}
	if !read.Equal(schema) {
		t.Fatalf("the schema that was read is %s, not %s", typeText(read), typeText(schema))
	}
	return b.String(), read
}

// sameBySchema reads a text again by the schema that was found in it: it is the same table.
func sameBySchema(t *testing.T, d *datadriven.TestData, in string, o load.Options, want string, s *column.Snapshot) {
	t.Helper()
	_, o.Schema = reread(t, s.Schema)
	again, r, err := load.Reader(context.Background(), strings.NewReader(encoded(d, in)), d.Cmd, "in", o)
	if err != nil {
		t.Fatalf("%s: by its own schema: %v", d.Pos, err)
	}
	if err := column.Verify(again); err != nil {
		t.Fatalf("%s: by its own schema: %v", d.Pos, err)
	}
	if diff := cmp.Diff(want, describe(again, r)); diff != "" {
		t.Errorf("%s: by its own schema (-values +schema)\n%s", d.Pos, diff)
	}
	if again.Fingerprint != s.Fingerprint {
		t.Errorf("%s: another fingerprint by its own schema", d.Pos)
	}
}

// Files of Parquet are the same table by their own schema, also what of it depends on values.
func TestParquetByItsSchema(t *testing.T) {
	files, err := filepath.Glob("testdata/parquet/*.parquet")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			want, s, err := loaded(name, load.Options{})
			if err != nil {
				return // it is damaged
			}
			text, schema := reread(t, s.Schema)
			got, again, err := loaded(name, load.Options{Schema: schema})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("by its own schema\n%s(-values +schema)\n%s", text, diff)
			}
			if s.Fingerprint != again.Fingerprint && !strings.Contains(want, "beyond 64 bits") {
				t.Error("another fingerprint by its own schema")
			}
		})
	}
}

// loaded describes all of a file that is read column by column.
func loaded(name string, o load.Options) (string, *column.Snapshot, error) {
	table, _, err := load.OpenTable(context.Background(), []string{name}, o)
	if err != nil {
		return "", nil, err
	}
	defer func() { _ = table.Close() }()
	s, release, err := table.Load(context.Background(), &check.Reads{All: true}, nil)
	if err != nil {
		return "", nil, err
	}
	defer release()
	if err := column.Verify(s); err != nil {
		return "", nil, err
	}
	return describe(s, table.Report()), s, nil
}

// What a schema makes of values that are something else, of fields that the data lacks, and of those
// that it does not name itself.
func TestSchemaAgainstData(t *testing.T) {
	const rows = `{"n":1.0,"t":"2026-01-02","f":1,"s":7,"l":"a","o":{"x":1},"m":{"k":"1"},"ll":[[1]],"more":true}
{"n":2.5,"t":"soon","f":2,"s":1.50,"l":["b","c"],"o":"none","m":{"j":"x"},"ll":[2]}
{"n":"3","t":1767312000000,"f":0.5,"s":true,"l":null,"o":[],"m":7,"ll":4}
`
	for name, test := range map[string]struct{ format, text, schema, want string }{
		"json": {"ndjson", rows, "gone\tlist<object>\ngone.x\tint\nn int\nt\ttimestamp\nf\tfloat\ns\tstring\nl\tlist<string>\no\tobject\no.x\tfloat\no.y\tbool\nm\tmap<int>\nll\tlist<list<int>>\n", `
{gone [{x int}], n int, t timestamp, f float, s string, l [string], o {x float, y bool}, m map[int], ll [[int]], more bool}
{"n":1,"t":"2026-01-02T00:00:00Z","f":1,"s":"7","l":["a"],"o":{"x":1},"m":{"k":1},"ll":[[1]],"more":true}
{"f":2,"s":"1.50","l":["b","c"],"m":{"j":null},"ll":[[2]]}
{"n":3,"t":"2026-01-02T00:00:00Z","f":0.5,"s":"true","o":{},"ll":[[4]]}
misfit n is a whole number: null where it was a number that is not whole (1 value, at in:2)
misfit t is a timestamp: null where it was a text (1 value, at in:2)
misfit o is an object: null where it was a text (1 value, at in:2)
misfit m is a map: null where it was a number (1 value, at in:3)
misfit m{} is a whole number: null where it was a text (1 value, at in:2)
note l is a list: 1 single value is read as a list of one; --type l=text keeps the single values, and makes the lists null
note ll is a list of lists: 3 single values are read as lists of one; --type ll=number keeps the single values, and makes the lists null
note 2 fields are in the schema and not in the data: they are null: gone, o.y
note more is in the data and not in the schema: it is read by its values
hint s is text, because 1 of its 3 rows is not a number: --type s=number reads the numbers, and makes the rest null
`},
		"csv": {"csv", "n,t,f,s,b,more\n1.0,2026-01-02,1,007,TRUE,x\n2.5,soon,2,1.50,0,y\n3,1767312000000,NA,true,maybe,\n", "n\tint\nt\ttimestamp\nf\tfloat\ngone\tstring\ns\tstring\nb\tbool\n", `
{n int, t timestamp, f float, gone string, s string, b bool, more string}
{"n":1,"t":"2026-01-02T00:00:00Z","f":1,"s":"007","b":true,"more":"x"}
{"f":2,"s":"1.50","b":false,"more":"y"}
{"n":3,"t":"2026-01-02T00:00:00Z","s":"true"}
misfit n is a whole number: null where it was a number that is not whole (1 value, at in:3)
misfit t is a timestamp: null where it was a text (1 value, at in:3)
misfit b is a boolean: null where it was a text (1 value, at in:4)
note t: 1 whole number among the dates, read as milliseconds since 1970
note gone is in the schema and not in the data: it is null
note more is in the data and not in the schema: it is read by its values
hint s is text, because 2 of its 3 rows are not numbers ("007"): --type s=number reads the numbers, and makes the rest null
`},
	} {
		t.Run(name, func(t *testing.T) {
			schema, err := load.ReadSchema(strings.NewReader(test.schema))
			if err != nil {
				t.Fatal(err)
			}
			s, r, err := load.Reader(context.Background(), strings.NewReader(test.text), test.format, "in", load.Options{Schema: schema})
			if err != nil {
				t.Fatal(err)
			}
			if err := column.Verify(s); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.TrimSpace(test.want), strings.TrimSpace(describe(s, r))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// Names of any kind come back; what no query can write has escapes.
func TestNamesOfASchema(t *testing.T) {
	names := []string{"a", "a.b", "a b", " ", "", "`", "a`b`", "{}", "x[]", "in", "1a", "#", "tab\there", "line\nend", `back\slash`, `\n`, `\\n`, "\\`",
		"Größe", "日本", "\x1b[31m", "\u202e", "\U000e0041", "\U0001f600", "a\u200db", `\u0041`, `\`, `\ud800`, "null\x00"}
	var fields []*check.Field
	for i, name := range names {
		inside := check.ObjectOf(&check.Field{Name: names[len(names)-1-i], Type: check.MapOf(check.ListOf(check.ObjectOf(&check.Field{Name: name, Type: check.AnyType})))})
		fields = append(fields, &check.Field{Name: name, Type: check.ListOf(check.ListOf(inside))})
	}
	text, _ := reread(t, check.ObjectOf(fields...))
	for _, r := range strings.ReplaceAll(strings.ReplaceAll(text, "\n", ""), "\t", "") {
		if !unicode.IsGraphic(r) {
			t.Fatalf("%U is written as it is", r)
		}
	}
	for _, f := range strings.Split(text, "\n") {
		path, _, _ := strings.Cut(f, "\t")
		if err := load.CheckTypes(map[string]string{path: "text"}); f != "" && err != nil {
			t.Errorf("the path %s is none for --type: %v", path, err)
		}
	}
}

func TestSchemaThatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		"":                           "it names no field",
		"a\tint\na\tint":             "line 2: the field a is there twice",
		"a.b\tint":                   "line 1: the field that a is in has to come before it",
		"a\tint\na.b\tint":           "line 2: a is int: it has no such field",
		"a\tmap<object>\na.b\tint":   "line 2: a is map<object>: it has no such field",
		"a\tlist<object>\na{}.b int": "line 2: a is list<object>: it has no such field",
		"a\tstrin":                   `line 1: "strin" is no type: did you mean string?`,
		"a\tlist<int":                `line 1: the type "list<int" lacks a >`,
		"a\tmap<>":                   `line 1: "" is no type`,
		"a":                          "line 1: expected a field, a tab and its type",
		"`a int":                     "line 1: the path `a int lacks a backquote",
		"\tint":                      `line 1: expected a field, a tab and its type`,
		"a{}\tint":                   "line 1: what is in a map is said by its type",
		"\n# c\n\na\t\n":             "line 4: expected a field",
		"a\t" + strings.Repeat("list<", 200) + "int" + strings.Repeat(">", 200): "line 1: a type is nested at most 100 levels deep",
		strings.Repeat("x", 2<<20): "line 1: it is too long to be a field",
		fieldLines(100_001):        "line 100001: it is the field after 100000 others",
	} {
		_, err := load.ReadSchema(strings.NewReader(text))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.60q: %v, and not %s", text, err, want)
		}
	}
}

// fieldLines returns a schema of so many fields.
func fieldLines(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "f%d int\n", i)
	}
	return b.String()
}

// What a file of Parquet has is read as --type reads it, and a field that it lacks is null, also where columns come
// and go.
func TestParquetByAnotherSchema(t *testing.T) {
	const name = "testdata/parquet/types.parquet"
	schema, err := load.ReadSchema(strings.NewReader("gone list<int>\nprice string\npaid string\nserial float\nhome object\nhome.at timestamp\nday string\nvisits map<string>\n"))
	if err != nil {
		t.Fatal(err)
	}
	want, _, err := loaded(name, load.Options{Types: map[string]string{"price": "text", "paid": "text", "day": "text", "visits{}": "text"}})
	if err != nil {
		t.Fatal(err)
	}
	got, s, err := loaded(name, load.Options{Schema: schema})
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range []string{"price", "paid", "day", "visits"} {
		if a, b := valuesOf(want, field), valuesOf(got, field); !slices.Equal(a, b) {
			t.Errorf("%s is %s, not %s", field, b, a)
		}
	}
	if got := valuesOf(got, "serial"); !slices.Equal(got, []string{"7", "", "9223372036854776000"}) {
		t.Errorf("serial is %s, not its values as 64-bit floats", got)
	}
	table, _, err := load.OpenTable(context.Background(), []string{name}, load.Options{Schema: schema, Columns: 1 << 10})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = table.Close() }()
	for range 2 {
		for _, f := range s.Schema.Fields {
			now, release, err := table.Load(context.Background(), &check.Reads{Fields: map[string]*check.Reads{f.Name: {All: true}}}, nil)
			if err != nil {
				t.Fatal(f.Name, err)
			}
			for row := range s.Rows() {
				a := string(column.AppendJSON(nil, s.Root.Fields[f.Index], row, f.Type))
				if b := string(column.AppendJSON(nil, now.Root.Fields[f.Index], row, f.Type)); a != b {
					t.Errorf("%s of row %d is %s, not %s", f.Name, row, b, a)
				}
			}
			release()
		}
	}
}

// valuesOf returns the values of a field in described rows.
func valuesOf(rows, field string) (all []string) {
	for line := range strings.Lines(rows) {
		var row map[string]json.RawMessage
		if json.Unmarshal([]byte(line), &row) == nil {
			all = append(all, string(row[field]))
		}
	}
	return all
}
