package load_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"pgregory.net/rapid"
)

// randomShape draws the shape of values, and gives a draw of values of it.
func randomShape(t *rapid.T, depth int) func(*rapid.T) any {
	most := 6
	if depth == 0 {
		most = 3
	}
	switch rapid.IntRange(0, most).Draw(t, "kind") {
	case 0:
		return func(t *rapid.T) any { return rapid.Bool().Draw(t, "bool") }
	case 1:
		return func(t *rapid.T) any { return float64(rapid.Int32().Draw(t, "int")) }
	case 2:
		// JSON writes larger ones as whole numbers beyond 64 bits, which have a rule of their own.
		return func(t *rapid.T) any { return rapid.Float64Range(-1e15, 1e15).Draw(t, "float") }
	case 3:
		return func(t *rapid.T) any { return rapid.StringN(0, 9, -1).Draw(t, "string") }
	case 4:
		elem := orNull(randomShape(t, depth-1))
		return func(t *rapid.T) any {
			list := make([]any, rapid.IntRange(0, 3).Draw(t, "length"))
			for i := range list {
				list[i] = elem(t)
			}
			return list
		}
	}
	return randomObject(t, depth-1)
}

func randomObject(t *rapid.T, depth int) func(*rapid.T) any {
	names := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c.d", "é", `q"`, ""}), 1, 4, rapid.ID).Draw(t, "names")
	shapes := make([]func(*rapid.T) any, len(names))
	for i := range names {
		shapes[i] = orNull(randomShape(t, depth))
	}
	return func(t *rapid.T) any {
		o := map[string]any{}
		for i, name := range names {
			if rapid.IntRange(0, 3).Draw(t, "present") > 0 {
				o[name] = shapes[i](t)
			}
		}
		return o
	}
}

func orNull(shape func(*rapid.T) any) func(*rapid.T) any {
	return func(t *rapid.T) any {
		if rapid.IntRange(0, 4).Draw(t, "null") == 0 {
			return nil
		}
		return shape(t)
	}
}

// TestRandomRows writes random rows of one random shape with encoding/json, loads
// them, and compares what is written of the table with the rows.
func TestRandomRows(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		shape := randomObject(r, 3)
		rows := make([]any, rapid.IntRange(1, 80).Draw(r, "rows"))
		for i := range rows {
			rows[i] = shape(r)
		}
		s, report := mustRead(t, writeNDJSON(t, rows), "ndjson", load.Options{})
		if report.Rejected > 0 {
			r.Fatalf("rejected: %v", report.Rejects)
		}
		for i, want := range rows {
			if diff := cmp.Diff(plain(want), plain(decoded(t, s, i))); diff != "" {
				r.Fatalf("row %d (-want +got)\n%s", i, diff)
			}
		}
		// What is written reads back as the same table.
		var b bytes.Buffer
		for i := range rows {
			b.Write(append(column.AppendJSON(nil, s.Root, i, s.Schema), '\n'))
		}
		if again, _ := mustRead(t, b.Bytes(), "ndjson", load.Options{}); again.Fingerprint != s.Fingerprint {
			text, _ := json.Marshal(rows)
			r.Fatalf("fingerprint %s, then %s: %s", s.Fingerprint, again.Fingerprint, text)
		}
	})
}
