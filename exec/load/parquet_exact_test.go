package load_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
)

func smallFile(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "parquet", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestParquetTexts reads numbers as texts: every digit stays, however the file
// stores them (testdata/parquet/small.py).
func TestParquetTexts(t *testing.T) {
	types := map[string]string{"m{}": "text", "o.d": "text"}
	for _, name := range []string{"u", "i", "d", "d38", "d256", "n38", "ds"} {
		types[name] = "text"
	}
	for _, name := range []string{"exact.parquet", "exact-ints.parquet"} {
		s, r := mustRead(t, smallFile(t, name), "parquet", load.Options{Types: types, Threads: 2})
		compareRows(t, s, smallFile(t, "exact.ndjson"))
		if len(r.Misfits) > 0 || len(r.Notes) > 0 {
			t.Errorf("%s: misfits %v, notes %q", name, r.Misfits, r.Notes)
		}
	}
}

// TestParquetLarge reads whole numbers beyond 64 bits as those of JSON: few of
// them are null, and of many the field is text.
func TestParquetLarge(t *testing.T) {
	s, r := mustRead(t, smallFile(t, "exact.parquet"), "parquet", load.Options{})
	want := []string{"null -9223372036854775808 \"" + strings.Repeat("9", 38) + `"`, "1 0 \"-" + strings.Repeat("9", 38) + `"`,
		`9223372036854775807 9223372036854775807 "7"`, "null null null"}
	for i, w := range want {
		var row struct{ U, I, N38 json.RawMessage }
		if err := json.Unmarshal(column.AppendJSON(nil, s.Root, i, s.Schema), &row); err != nil {
			t.Fatal(err)
		}
		texts := []any{row.U, row.I, row.N38}
		for k, v := range texts {
			if texts[k] = string(v.(json.RawMessage)); len(v.(json.RawMessage)) == 0 {
				texts[k] = "null"
			}
		}
		if got := fmt.Sprintf("%s %s %s", texts...); got != w {
			t.Errorf("row %d is %s, not %s", i, got, w)
		}
	}
	var misfits []string
	for _, m := range r.Misfits {
		misfits = append(misfits, m.String())
	}
	if want := []string{"u is a whole number: null where it was a whole number beyond 64 bits (1 value, at in.parquet, row 1)"}; !cmp.Equal(misfits, want) {
		t.Errorf("misfits %q", misfits)
	}
}

// TestParquetRepeatedKeys reads maps that have a key twice: its last value is
// the one that counts.
func TestParquetRepeatedKeys(t *testing.T) {
	s, _ := mustRead(t, smallFile(t, "maps.parquet"), "parquet", load.Options{Threads: 2})
	compareRows(t, s, smallFile(t, "maps.ndjson"))
	for i := range s.Rows() {
		row := column.AppendJSON(nil, s.Root, i, s.Schema)
		once, err := json.Marshal(decoded(t, s, i)) // has each key once
		if err != nil || len(once) != len(row) {
			t.Errorf("row %d is %s, not as long as %s; %v", i, row, once, err)
		}
	}
	if got, want := typeText(s.Schema), "{m map[int], o map[{x int, tags [string], never string}], n [map[map[int]]], "+
		"random map[map[{x int, tags [string], never string}]], pairs map[{x int, tags [string], never string}], after int}"; got != want {
		t.Errorf("the schema is %s, not %s", got, want)
	}
}
