package lang_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"pgregory.net/rapid"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
)

// TestSoFar plays testdata/sofar. The cursor is the bar; the answer is what is complete, and the clause at
// the cursor. No field has the name that is given as unknown.
func TestSoFar(t *testing.T) {
	datadriven.RunTest(t, "testdata/sofar", func(t *testing.T, d *datadriven.TestData) string {
		var b strings.Builder
		for _, line := range strings.Split(d.Input, "\n⏎\n") {
			before, after, ok := strings.Cut(line, "|")
			if !ok {
				d.Fatalf(t, "no cursor")
			}
			text := before + after
			var checks func(string) bool
			if d.HasArg("unknown") {
				var name string
				d.ScanArgs(t, "unknown", &name)
				checks = func(part string) bool { return !strings.HasSuffix(part, name) }
			}
			whole, clause := lang.SoFar(text, len(before), checks)
			fmt.Fprintf(&b, "whole  %q\nclause %q\n", text[whole.Start:whole.End], text[clause.Start:clause.End])
		}
		return b.String()
	})
}

// TestWhole: what is before a colon, comments and semicolons are no part of a statement.
func TestWhole(t *testing.T) {
	for text, want := range map[string]bool{
		`a = 1`: true, ` x: /* y */ a = 1 ; b = 2`: true, `a = 1 // c`: true,
		`a = 1 and `: false, `a = 1 and b`: false, `(a = 1`: false, `(a = 1)`: false, `a = 1 an`: false, ``: false,
	} {
		at := strings.Index(text, "a = 1")
		if got := lang.Whole(text, ast.Span{Start: at, End: at + len("a = 1")}); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

// published are queries that were published.
func published(t testing.TB) []string {
	data, err := os.ReadFile("parse/testdata/corpus.txt")
	if err != nil {
		t.Fatal(err)
	}
	var queries []string
	for line := range strings.Lines(string(data)) {
		if q, _, ok := strings.Cut(strings.TrimRight(line, "\r\n"), "\t"); ok && !strings.HasPrefix(q, "#") {
			queries = append(queries, q)
		}
	}
	return queries
}

// TestSoFarParses: what is complete of any beginning of a query parses, and so does the clause; of a whole
// one it is all.
func TestSoFarParses(t *testing.T) {
	queries := published(t)
	for i, q := range queries {
		for cursor := 0; cursor <= len(q); cursor++ {
			holds(t, q[:cursor], cursor)
		}
		whole, _ := lang.SoFar(q+" ", len(q)+1, nil)
		if q[whole.Start:whole.End] != strings.TrimSpace(q) {
			t.Errorf("of %s only %s", q, q[whole.Start:whole.End])
		}
		before := "first: " + queries[(i+1)%len(queries)] + ";\nsecond: "
		text := before + q + " // and that is it"
		whole, clause := lang.SoFar(text, len(text), nil)
		if text[whole.Start:whole.End] != strings.TrimSpace(q) || clause.End <= clause.Start {
			t.Errorf("of the second of %s only %s", text, text[whole.Start:whole.End])
		}
		if whole, _ = lang.SoFar(text, len(before)-len(";\nsecond: "), nil); whole.Start != len("first: ") {
			t.Errorf("of the first of %s only %s", text, text[whole.Start:whole.End])
		}
	}
}

// holds checks what SoFar says of a text.
func holds(t interface{ Errorf(string, ...any) }, text string, cursor int) {
	whole, clause := lang.SoFar(text, cursor, nil)
	for _, s := range []ast.Span{whole, clause} {
		if s.Start < 0 || s.End < s.Start || s.End > len(text) {
			t.Errorf("%q at %d: %v is outside", text, cursor, s)
			return
		}
		if _, ds := lang.Query(text[s.Start:s.End]); s.End > s.Start && ds.Failed() {
			t.Errorf("%q at %d: %q does not parse: %v", text, cursor, text[s.Start:s.End], ds)
		}
	}
	if clause.End > clause.Start && (clause.Start < whole.Start || clause.End > whole.End) {
		t.Errorf("%q at %d: the clause %v is not within %v", text, cursor, clause, whole)
	}
}

// TestSoFarOfAnything asks anywhere in texts made of pieces of queries.
func TestSoFarOfAnything(t *testing.T) {
	pieces := []string{"a = 1", "a", "and", "or", "not", "(", ")", "[", "]", `"`, `"x"`, ";", "\n", "//", "/*", "*/", "x:", ",", "select X from", "where", "let V =", "in", ".", "`", "occurs", "between", "é", "{", "}"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 20).Draw(t, "pieces"), rapid.SampledFrom([]string{"", " "}).Draw(t, "gap"))
		holds(t, text, rapid.IntRange(0, len(text)).Draw(t, "cursor"))
	})
}
