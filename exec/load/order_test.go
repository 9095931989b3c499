package load_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
	"pgregory.net/rapid"
)

// anyValue draws a value of any kind, of those that other data has where nobody
// keeps to a schema.
func anyValue(t *rapid.T, depth int) any {
	most := 10
	if depth == 0 {
		most = 7
	}
	switch rapid.IntRange(0, most).Draw(t, "kind") {
	case 0:
		return nil
	case 1:
		return rapid.Bool().Draw(t, "bool")
	case 2, 3:
		return json.Number(rapid.SampledFrom([]string{
			"1", "-0", "7", "1.50", "2.0", "1e5", "1e999", "9007199254740993", "9223372036854775807", "9223372036854775808",
			"1767600000000", "0.1234567890123456789",
		}).Draw(t, "number"))
	case 4:
		return rapid.SampledFrom([]string{"2026-01-03", "2026-01-03T10:15:30Z"}).Draw(t, "date")
	case 5, 6, 7:
		return rapid.SampledFrom([]string{"x", "7", "", "true"}).Draw(t, "text")
	case 8:
		list := make([]any, rapid.IntRange(0, 3).Draw(t, "length"))
		for i := range list {
			list[i] = anyValue(t, depth-1)
		}
		return list
	}
	return anyObject(t, depth-1)
}

// anyObject draws an object of few of many keys, or of many of few.
func anyObject(t *rapid.T, depth int) map[string]any {
	o := map[string]any{}
	wide := rapid.Bool().Draw(t, "wide")
	for range rapid.IntRange(0, 5).Draw(t, "members") {
		key := "abcdefghijklmnopqrstuvwxyz"[rapid.IntRange(0, 25).Draw(t, "key"):][:1]
		if wide {
			key = rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "key")
		}
		if depth == 0 {
			o[key] = json.Number("1")
			continue
		}
		o[key] = anyValue(t, depth)
	}
	return o
}

// likeObject draws an object of one or two of many keys, whose values are alike.
func likeObject(t *rapid.T, depth int) map[string]any {
	o := map[string]any{}
	for range rapid.IntRange(0, 2).Draw(t, "members") {
		key := "k" + "abcdefghijklmnopqrstuvwxyz"[rapid.IntRange(0, 25).Draw(t, "key"):][:1]
		switch depth {
		case 0:
			o[key] = rapid.SampledFrom([]any{json.Number("1"), json.Number("2.50"), nil, json.Number("9223372036854775808")}).Draw(t, "score")
		case 1:
			o[key] = rapid.SampledFrom([]any{"a", "2026-01-03", nil}).Draw(t, "text")
		default:
			o[key] = map[string]any{"x": likeObject(t, 1), "y": []any{key, nil}, "z": likeObject(t, 0)}
		}
	}
	return o
}

// oneOrMore draws a value, a list of such values, or, where deep, a list of these.
func oneOrMore(t *rapid.T, deep bool, value func() any) any {
	most := 2
	if deep {
		most = 3
	}
	kind := rapid.IntRange(0, most).Draw(t, "one or more")
	if kind < 2 {
		return value()
	}
	list := make([]any, rapid.IntRange(0, 3).Draw(t, "length"))
	for i := range list {
		switch {
		case rapid.IntRange(0, 9).Draw(t, "null") == 0:
		case kind == 3:
			list[i] = oneOrMore(t, false, value)
		default:
			list[i] = value()
		}
	}
	return list
}

// anyScalar draws a scalar that no field makes null.
func anyScalar(t *rapid.T) any {
	return rapid.SampledFrom([]any{
		"x", "y", "2026-01-03", json.Number("1.50"), json.Number("-0"), json.Number("7"), json.Number("0.1234567890123456789"), true,
	}).Draw(t, "scalar")
}

// part draws an object whose fields are one or more values, and objects.
func part(t *rapid.T, depth int) any {
	o := map[string]any{"s": oneOrMore(t, true, func() any { return anyScalar(t) })}
	if rapid.Bool().Draw(t, "number") {
		o["n"] = oneOrMore(t, false, func() any { return json.Number("12") })
	}
	if depth > 0 {
		o["k"+"abcd"[rapid.IntRange(0, 3).Draw(t, "key"):][:1]] = oneOrMore(t, depth > 1, func() any { return part(t, depth-1) })
	}
	return o
}

// twice adds members to an object, of which some have keys that it has already. The last
// ones count.
func twice(t *rapid.T, text []byte) []byte {
	again := map[string]any{
		"parts":       oneOrMore(t, true, func() any { return part(t, 1) }),
		"identityMap": oneOrMore(t, true, func() any { return likeObject(t, 1) }),
	}
	more, err := json.Marshal(again)
	if err != nil {
		t.Fatal(err)
	}
	if text[0] != '{' || len(text) == len("{}") {
		return more
	}
	return slices.Concat(text[:len(text)-1], []byte{','}, more[1:])
}

// facts is what a load tells that may not depend on the order of the rows: the
// schema but for the order of its fields, the rows, the counts of the misfits, and
// the notes up to the first place.
func facts(s *column.Snapshot, r *load.Report) []string {
	out := []string{"schema " + sortedType(s.Schema), fmt.Sprintf("%d rows, %d rejected", r.Rows, r.Rejected)}
	for _, m := range r.Misfits {
		out = append(out, fmt.Sprintf("misfit %s, %s, %s: %d", m.Field, m.Type, m.Found, m.Count))
	}
	for _, n := range r.Notes {
		if strings.Contains(n, "looks like one JSON list") {
			continue // of a file, by its first line
		}
		before, _, _ := strings.Cut(strings.Replace(n, ", at ", ", the first at ", 1), ", the first at ")
		out = append(out, "note "+before)
	}
	for i := range s.Rows() {
		out = append(out, "row "+sortedJSON(column.AppendJSON(nil, s.Root, i, s.Schema)))
	}
	slices.Sort(out)
	return out
}

func sortedType(t *check.Type) string {
	if t.Kind != check.Object {
		if t.Elem != nil {
			return t.Kind.String() + "<" + sortedType(t.Elem) + ">"
		}
		return t.String()
	}
	fields := map[string]string{}
	for _, f := range t.Fields {
		// A field without a value in an object of many keys may be there or not.
		if f.Type.Kind != check.Any {
			fields[f.Name] = sortedType(f.Type)
		}
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		fmt.Fprintf(&b, "%s %s;", name, fields[name])
	}
	return "{" + b.String() + "}"
}

// sortedJSON writes an object again with its keys in order.
func sortedJSON(text []byte) string {
	var v any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		panic(err)
	}
	out, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(out)
}

// TestOrderDoesNotMatter loads random rows of mixed kinds, then the same rows
// in another order and spread over files, and compares all that is told of them.
// Some rows are cut off, or have a key twice, so that they are read again: these leave
// nothing behind. The values are those of the rows.
// Objects keep new keys as entries early, so that this changes nothing either.
func TestOrderDoesNotMatter(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(r *rapid.T) {
		rows := make([][]byte, rapid.IntRange(1, 40).Draw(r, "rows"))
		var good []any
		for i := range rows {
			object := anyObject(r, 3)
			object["n"], object["scores"], object["things"] = i, likeObject(r, 0), likeObject(r, 2)
			object["tags"] = oneOrMore(r, rapid.Bool().Draw(r, "deep"), func() any { return anyScalar(r) })
			object["parts"] = oneOrMore(r, rapid.Bool().Draw(r, "deep"), func() any { return part(r, 2) })
			object["identityMap"] = oneOrMore(r, rapid.Bool().Draw(r, "deep"), func() any { return likeObject(r, 1) })
			row := any(object)
			if rapid.IntRange(0, 9).Draw(r, "bare") == 0 {
				row = anyValue(r, 1)
			}
			text, err := json.Marshal(row)
			if err != nil {
				r.Fatal(err)
			}
			if rapid.IntRange(0, 9).Draw(r, "twice") == 0 {
				text = twice(r, text)
			}
			if rapid.IntRange(0, 9).Draw(r, "cut") == 0 {
				text = text[:rapid.IntRange(1, len(text)).Draw(r, "length")]
			}
			if json.Valid(text) {
				good = append(good, asProfile(spelled(t, text)))
			}
			rows[i] = append(text, '\n')
		}
		o := load.Options{BadRows: load.BadRows{Given: true, Most: len(rows)}, Types: map[string]string{}}
		for _, field := range []string{"n", "scores", "things", "scores{}", "a", "b", "tags", "tags[]", "parts", "parts.s"} {
			if rapid.IntRange(0, 9).Draw(r, "typed") == 0 {
				o.Types[field] = rapid.SampledFrom([]string{"text", "number", "timestamp", "boolean", "map", "object"}).Draw(r, field)
			}
		}
		s, report, err := load.Reader(context.Background(), bytes.NewReader(bytes.Join(rows, nil)), "ndjson", "in", o)
		if err != nil {
			r.Skip("no row is good, or a field is not there")
		}
		want := facts(s, report)
		if len(o.Types) == 0 {
			lossless(r, s, report, good)
		}

		early := load.KeepEntriesFrom(rapid.IntRange(1, 12).Draw(r, "entries from"))
		defer early()
		var files []string
		shuffled := rapid.Permutation(rows).Draw(r, "order")
		for len(shuffled) > 0 {
			n := rapid.IntRange(1, len(shuffled)).Draw(r, "rows of file")
			files = append(files, writeFile(t, dir, fmt.Sprintf("%d.ndjson", len(files)), bytes.Join(shuffled[:n], nil)))
			shuffled = shuffled[n:]
		}
		s, report, err = load.Open(context.Background(), files, o)
		if err != nil {
			r.Fatal(err)
		}
		if err := column.Verify(s); err != nil {
			r.Fatal(err)
		}
		if diff := cmp.Diff(want, facts(s, report)); diff != "" {
			r.Fatalf("(-one file +%d)\n%s", len(files), diff)
		}
	})
}

// asProfile returns a row as it is read: what is no object is a field of one.
func asProfile(row any) any {
	if _, object := row.(map[string]any); object {
		return row
	}
	return map[string]any{"value": row}
}

// lossless compares the rows of a table with those that were read. In the fields
// tags and parts nothing may be null that was not.
func lossless(r *rapid.T, s *column.Snapshot, report *load.Report, rows []any) {
	for i, row := range rows {
		var got any
		d := json.NewDecoder(bytes.NewReader(column.AppendJSON(nil, s.Root, i, s.Schema)))
		d.UseNumber()
		if err := d.Decode(&got); err != nil {
			r.Fatal(err)
		}
		if !agree(row, got, len(report.Misfits) > 0) {
			r.Fatalf("row %d: %v was loaded as %v", i, row, got)
		}
	}
	for _, m := range report.Misfits {
		if m.Field == "tags" || strings.HasPrefix(m.Field, "parts") {
			r.Fatalf("lost: %s", m)
		}
	}
}
