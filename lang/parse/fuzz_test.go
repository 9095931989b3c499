package parse_test

import (
	"strings"
	"testing"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/parse"
)

// FuzzParse holds any text to: no panic; every place inside the text; tokens in
// order; what parses prints to what parses to the same; formatting a file keeps
// its queries and comments and changes nothing the second time.
func FuzzParse(f *testing.F) {
	for _, q := range column(f, "testdata/corpus.txt", 0) {
		f.Add(q)
	}
	for _, q := range column(f, "testdata/oddities", 0) {
		f.Add(q)
	}
	f.Add("// c\na: b; c /* d */ and\n[e]\n\n-f // g\nh: let `x` = (y in z) in sum a over b from c where d occurs < 3 days before now")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4<<10 {
			return
		}
		tokens(t, text)
		x, ds := parse.Query(text)
		places(t, ds, text)
		if !ds.Failed() {
			roundTrip(t, text, x)
			inside(t, x, text)
		}
		file, ds := parse.File(text)
		places(t, ds, text)
		for _, s := range file.Statements {
			inside(t, s.X, text)
		}
		if !ds.Failed() {
			formatted(t, text)
		}
		parse.Complete(text)
	})
}

// tokens checks that the tokens stand in order and leave nothing but space.
func tokens(t *testing.T, text string) {
	end := 0
	for _, k := range parse.Tokens(text) {
		if k.At.Start < end || k.At.End <= k.At.Start || k.At.End > len(text) {
			t.Fatalf("token %v after %d", k, end)
		}
		if skipped := strings.Trim(text[end:k.At.Start], " \t\r\n\ufeff"); skipped != "" {
			t.Fatalf("no token for %q", skipped)
		}
		end = k.At.End
	}
}

// places checks that diagnostics lie in the text, and renders them.
func places(t *testing.T, ds ast.Diagnostics, text string) {
	for _, d := range ds {
		if d.At.Start < 0 || d.At.End < d.At.Start || d.At.End > len(text) || d.Code == "" || d.Message == "" {
			t.Fatalf("%+v over %d bytes", d, len(text))
		}
		lang.Render(d, "f", text)
	}
}

// within checks that x and what it is made of lie in outer.
func within(t *testing.T, x ast.Expr, outer ast.Span) {
	at := x.Span()
	if at.Start < outer.Start || at.End > outer.End || at.Start >= at.End {
		t.Fatalf("%T at %v, outside %v", x, at, outer)
	}
	self := true
	ast.Walk(x, func(child ast.Expr) bool {
		if self {
			self = false
			return true
		}
		within(t, child, at)
		return false
	})
}

// inside checks that each expression lies in the one around it.
func inside(t *testing.T, x ast.Expr, text string) {
	within(t, x, ast.Span{End: len(text)})
}
