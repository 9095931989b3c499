package parse_test

import (
	"strings"
	"testing"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/parse"
)

// TestLimits gives the parser texts that are too deep, too long or too wide.
func TestLimits(t *testing.T) {
	deep := func(s string) string { return strings.Repeat(s, 60_000/len(s)) }
	for name, c := range map[string]struct{ text, code string }{
		"brackets":   {deep("("), "too-deep"},
		"closed":     {strings.Repeat("(", 251) + "a" + strings.Repeat(")", 251), "too-deep"},
		"lists":      {deep("["), "too-deep"},
		"objects":    {deep(`{"a":`), "too-deep"},
		"calls":      {deep("f("), "too-deep"},
		"filters":    {deep("a["), "too-deep"},
		"not":        {deep("not "), "too-deep"},
		"bang":       {deep("!"), "too-deep"},
		"minus":      {deep("-"), "too-deep"},
		"carets":     {deep("^"), "too-deep"},
		"path":       {"a" + deep(".a"), "too-deep"},
		"postfix":    {"a" + deep("[b]"), "too-deep"},
		"let":        {deep("let a = "), "too-deep"},
		"let bodies": {deep("let a = 1 in "), "too-deep"},
		"select":     {deep("select X from A where "), "too-deep"},
		"aggregate":  {deep("sum a + "), "too-deep"},
		"from":       {deep("exists X from "), "too-deep"},
		"lambda":     {deep("(a) => "), "too-deep"},
		"chain":      {deep("chain("), "too-deep"},
		"length":     {"a" + strings.Repeat(" and a", 11_000), "too-long"},
		"string":     {`a = "` + strings.Repeat("x", 64<<10) + `"`, "too-long"},
		"items":      {"a in [" + strings.Repeat("1,", 100_000) + "1]", "too-many-items"},
	} {
		t.Run(name, func(t *testing.T) {
			_, ds := parse.Query(c.text)
			if len(ds) != 1 || ds[0].Code != c.code {
				t.Errorf("Query gives %.200v, want %s", ds, c.code)
			}
			f, ds := parse.File(c.text)
			if len(f.Statements) != 0 || len(ds) == 0 || ds[0].Code != c.code {
				t.Errorf("File gives %d statements and %.200v, want %s", len(f.Statements), ds, c.code)
			}
			parse.Complete(c.text)
			parse.Tokens(c.text)
		})
	}
}

// TestWithinLimits reads texts that are just small enough.
func TestWithinLimits(t *testing.T) {
	for name, text := range map[string]string{
		"brackets": strings.Repeat("(", 250) + "a" + strings.Repeat(")", 250),
		"not":      strings.Repeat("not ", 250) + "a",
		"path":     "a" + strings.Repeat(".a", 250),
		"flat":     "a" + strings.Repeat(" and a", 10_900),
		"items":    "a in [" + strings.Repeat("1,", 99_999) + "1]",
		"ids":      "a in [" + strings.Repeat(`"7deb246a-49b4-4687-95f9-6316df049948",`, 20_000) + `"x"]`,
	} {
		t.Run(name, func(t *testing.T) {
			x, ds := parse.Query(text)
			if ds.Failed() {
				t.Fatalf("%.200v", ds)
			}
			roundTrip(t, text[:20], x)
		})
	}
}

// TestManyStatements reads a file longer than a single query may be.
func TestManyStatements(t *testing.T) {
	f, ds := parse.File(strings.Repeat("rule: homeAddress.country = \"US\" and\n  age >= 18\n", 5000))
	if ds.Failed() || len(f.Statements) != 5000 {
		t.Fatalf("%d statements, %v", len(f.Statements), ds)
	}
	want := ast.Format(f.Statements[0].X)
	for i, s := range f.Statements {
		if got := ast.Format(s.X); got != want || s.Name.Text != "rule" {
			t.Fatalf("statement %d is %s: %s", i, s.Name.Text, got)
		}
	}
}

// TestManyErrors reads a file in which every statement leaves a bracket open:
// each is reported, and the work does not grow with the square of the length.
func TestManyErrors(t *testing.T) {
	_, ds := parse.File(strings.Repeat("rule: (\n", 20_000))
	if len(ds) != 20_000 {
		t.Errorf("%d errors, want 20000", len(ds))
	}
}
