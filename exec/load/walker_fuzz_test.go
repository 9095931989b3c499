package load_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
)

// FuzzNDJSON compares the walker with encoding/json on one row: they agree on
// what is JSON, and a row that is taken has the values that encoding/json sees.
func FuzzNDJSON(f *testing.F) {
	for _, s := range []string{
		`{"a":1,"b":[1.5,null,{"c":"x"}],"d":{"e":true}}`, `{"a":"\u00e9\ud83d\ude00\ud800","a":-0.0}`,
		`{"a":1e5,"b":123456789012345678901234567890,"c":1e-7}`, `{"a":[[],[[]],{}]}`, `{"a":tru}`, `[1]`, `{"a":01}`,
		`{"k":"2026-01-03","t":["2026-01-03T10:15:30Z",1767600000000]}`, `{"a":{"b":1},"a":{"c":2}}`, `{"a" :  0.1e+2 }`,
		`{"identityMap":{"a":1,"b":2,"a":3}}`, `{"a":[1.50,"x",-0,1e999,true,{"b":1}]}`, `{"a":"` + "\xff" + `"}`, `{"":0,"a.b":{"":[]}}`,
		`{"a":1,"a":2,"b":tru}`, `{"a":{"b":1,"b":[2]},"c":"\u12"}`, `{"key of more than sixteen bytes":{"n":[12345678,"a text of more than sixteen bytes"]},"t":"abcdefgh"}`,
		`{"a":NaN,"b":[Infinity,-Infinity],"c":-Inf}`, `{"a":[Infinity,"x",NaN],"a":-Infinity}`, `{"a":"2026-01-03T10:15:30+01","b":"abcd-fgh","c":"abcd-fghijklmnopqrst"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, row []byte) {
		row = bytes.Trim(row, " \t\r\n")
		if len(row) == 0 || bytes.ContainsAny(row, "\n") || bytes.HasPrefix(row, []byte("\ufeff")) {
			t.Skip("not one row")
		}
		if len(row) > 1 && (row[0] == 0 || row[1] == 0) {
			t.Skip("may be UTF-16")
		}
		s, report, err := load.Reader(context.Background(), bytes.NewReader(row), "ndjson", "in", load.Options{Strict: true, Threads: 1})
		if bytes.IndexByte(row, 0) < 0 {
			compareThree(t, row, s, err)
		}
		if err != nil {
			if valid(row) && !excused(err) {
				t.Fatalf("%q is JSON: %v", row, err)
			}
			return
		}
		if !valid(row) && strings.Contains(strings.Join(report.Notes, "\n"), "NaN or Infinity") {
			return // encoding/json does not read them
		}
		if !valid(row) {
			t.Fatalf("%q is not JSON, and was taken", row)
		}
		if err := column.Verify(s); err != nil {
			t.Fatal(err)
		}
		want := spelled(t, row)
		if _, object := want.(map[string]any); !object {
			want = map[string]any{"value": want}
		}
		if !agree(want, spelled(t, column.AppendJSON(nil, s.Root, 0, s.Schema)), len(report.Misfits) > 0) {
			t.Fatalf("%s was loaded as %s", row, column.AppendJSON(nil, s.Root, 0, s.Schema))
		}
	})
}

// compareThree compares a row with three such, of which one is read with others after it, and
// one with what was learnt from others before it.
func compareThree(t *testing.T, row []byte, one *column.Snapshot, failed error) {
	t.Helper()
	three := bytes.Repeat(append(bytes.Clone(row), " \r\n"...), 3)
	s, _, err := load.Reader(context.Background(), bytes.NewReader(three), "ndjson", "in", load.Options{Strict: true, Threads: 1})
	if (err == nil) != (failed == nil) || err != nil && err.Error() != failed.Error() {
		t.Fatalf("%q: %v; three such: %v", row, failed, err)
	}
	if err != nil {
		return
	}
	want := column.AppendJSON(nil, one.Root, 0, one.Schema)
	for i := range s.Rows() {
		if got := column.AppendJSON(nil, s.Root, i, s.Schema); !bytes.Equal(got, want) {
			t.Fatalf("%q is %s, and of three such the one with the number %d %s", row, want, i, got)
		}
	}
}

// spelled decodes JSON with its numbers as they are written.
func spelled(t *testing.T, text []byte) any {
	t.Helper()
	var v any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// agree says whether got is what a table may hold of want: members that are null
// are not told apart, what is among texts is text, what is among lists a list of one,
// and a list without elements among objects an object. With misfits, anything may be
// null.
func agree(want, got any, misfits bool) bool {
	if got == nil {
		return want == nil || misfits
	}
	if list, ok := got.([]any); ok && want != nil {
		if _, ok := want.([]any); !ok {
			return len(list) == 1 && agree(want, list[0], misfits)
		}
	}
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		for k, v := range want {
			ok = ok && agree(v, object[k], misfits)
		}
		for k := range object {
			_, there := want[k]
			ok = ok && there
		}
		return ok
	case []any:
		if o, ok := got.(map[string]any); ok {
			return len(o) == 0 && len(want) == 0
		}
		list, ok := got.([]any)
		ok = ok && len(list) == len(want)
		for i := range want {
			ok = ok && agree(want[i], list[i], misfits)
		}
		return ok
	case json.Number:
		if text, ok := got.(string); ok {
			return text == string(want) || instant(text)
		}
		a, _ := want.Float64()
		n, ok := got.(json.Number)
		b, _ := n.Float64()
		return ok && a == b
	case string:
		return want == got || instant(want)
	case bool:
		return want == got || strconv.FormatBool(want) == got
	}
	return false
}

// instant says whether a text may be a timestamp.
func instant(s string) bool { return len(s) >= 10 && s[4] == '-' && s[7] == '-' }

// valid says whether row is JSON in UTF-8, as encoding/json lets other bytes pass.
func valid(row []byte) bool { return json.Valid(row) && utf8.Valid(row) }

// excused says whether load may refuse a row that is JSON: for its depth.
func excused(err error) bool { return strings.Contains(err.Error(), "levels of nesting") }

// plain takes out of a value what is not told apart in a table: members that are
// null, texts that are timestamps (and numbers among them), the sign of zero.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			if e != nil {
				out[k] = plain(e)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = plain(e)
		}
		return out
	case string:
		if len(v) >= 10 && v[4] == '-' && v[7] == '-' {
			return "a timestamp"
		}
	case float64:
		if v == 0 {
			return 0.0
		}
		// A whole number among timestamps comes back as text.
		if v == 1767600000000 || math.IsInf(v, 0) {
			return "a timestamp"
		}
	}
	return v
}
