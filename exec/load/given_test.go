package load_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/load/parquet"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
)

// What is said of all rows of a file counts in place of what the names of its folders say, as the schema has it; and who picks elements of a file decides what
// they are called.
func TestKeysAndPick(t *testing.T) {
	type row struct {
		N    int64  `parquet:"N"`
		Code string `parquet:"code"`
		More string `parquet:"more"`
	}
	name := filepath.Join(t.TempDir(), "country=DE", "code=7", "t.parquet")
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, writeParquet(t, []row{{1, "01", "a"}, {2, "02", "b"}}), 0o600); err != nil {
		t.Fatal(err)
	}
	schema := check.ObjectOf(&check.Field{Name: "n", Type: check.IntType}, &check.Field{Name: "code", Type: check.StringType}, &check.Field{Name: "day", Type: check.StringType})
	o := load.Options{Schema: schema, Keys: map[string][]load.Key{name: {{Name: "day", Value: "007"}}}, Pick: func(m *parquet.Meta) error {
		for i := range m.Schema {
			switch e := &m.Schema[i]; e.Name {
			case "N":
				e.Name = "n"
			case "more":
				e.Passed = true
			}
		}
		return nil
	}}
	table := openTable(t, o, name)
	if got := table.Snapshot().Schema; !got.Equal(schema) {
		t.Errorf("the fields are %s", got)
	}
	for query, want := range map[string]int{`n > 1`: 1, `code = "01"`: 1, `day = "007"`: 2, `day = "7"`: 0} {
		if got := countOf(t, table, query); got != want {
			t.Errorf("%s: %d, and not %d", query, got, want)
		}
	}
	o.Pick = func(m *parquet.Meta) error { return errors.New("not this one") }
	if _, _, err := load.OpenTable(t.Context(), []string{name}, o); err == nil || !strings.Contains(err.Error(), "not this one") {
		t.Error(err)
	}
}

// A folder says a text where the schema has one, however much that looks like a number.
func TestFolderSaysTexts(t *testing.T) {
	dir := t.TempDir()
	for _, zip := range []string{"01", "1", "1.0"} {
		name := filepath.Join(dir, "zip="+zip, "t.ndjson")
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(`{"n":1}`+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	schema := check.ObjectOf(&check.Field{Name: "n", Type: check.IntType}, &check.Field{Name: "zip", Type: check.StringType})
	table := openTable(t, load.Options{Schema: schema}, dir)
	for query, want := range map[string]int{`zip = "01"`: 1, `zip = "1"`: 1, `zip = "1.0"`: 1} {
		if got := countOf(t, table, query); got != want {
			t.Errorf("%s: %d, and not %d", query, got, want)
		}
	}
}

func countOf(t *testing.T, table *load.Table, query string) int {
	t.Helper()
	e := resident.Open(table, resident.Options{Threads: 1})
	defer e.Close()
	n, err := counted(t.Context(), e, query)
	if err != nil {
		t.Fatal(query, err)
	}
	return n[0]
}

// What a schema calls a map has all entries that there are, also those that are null, where that is wanted.
func TestNullEntries(t *testing.T) {
	name := filepath.Join(t.TempDir(), "t.ndjson")
	if err := os.WriteFile(name, []byte(`{"m":{"a":1,"b":null},"l":[{"m":{"x":null}}]}`+"\n"+`{"m":{}}`+"\n"+`{"m":null}`+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	numbers := check.MapOf(check.IntType)
	schema := check.ObjectOf(&check.Field{Name: "m", Type: numbers}, &check.Field{Name: "l", Type: check.ListOf(check.ObjectOf(&check.Field{Name: "m", Type: numbers}))})
	table := openTable(t, load.Options{Schema: schema, NullEntries: true}, name)
	for query, want := range map[string]int{`m.count() = 2`: 1, `m.count() = 0`: 1, `m.isNull()`: 1, `m.get("b").isNull()`: 3, `l.exists(m.count() = 1)`: 1} {
		if got := countOf(t, table, query); got != want {
			t.Errorf("%s: %d, and not %d", query, got, want)
		}
	}
}
