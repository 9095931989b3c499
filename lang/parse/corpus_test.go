package parse_test

import (
	"os"
	"strings"
	"testing"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/parse"
)

// column returns the tab-separated column of each line of a table, without
// blank lines and comments.
func column(t testing.TB, name string, n int) []string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for line := range strings.Lines(string(data)) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(line, "\t")
		if len(fields) <= n {
			t.Fatalf("%s: no column %d in %q", name, n, line)
		}
		out = append(out, fields[n])
	}
	return out
}

// TestCorpus holds the parser and the printer to queries that were published.
func TestCorpus(t *testing.T) {
	queries := column(t, "testdata/corpus.txt", 0)
	if len(queries) < 230 {
		t.Fatalf("the corpus has %d queries, want at least 230", len(queries))
	}
	for _, q := range queries {
		x, ds := parse.Query(q)
		if ds.Failed() {
			t.Errorf("%s\n %v at %d", q, ds, ds[0].At.Start)
			continue
		}
		roundTrip(t, q, x)
	}
}

// roundTrip checks that the printed form of x reads back as x, and prints the
// same again.
func roundTrip(t testing.TB, q string, x ast.Expr) {
	t.Helper()
	text := ast.Format(x)
	y, ds := parse.Query(text)
	if ds.Failed() {
		t.Errorf("%s\n prints as %s\n which does not parse: %v at %d", q, text, ds, ds[0].At.Start)
		return
	}
	if !ast.Equal(x, y) {
		t.Errorf("%s\n prints as %s\n which is another query: %s", q, text, ast.Format(y))
	}
	if again := ast.Format(y); again != text {
		t.Errorf("%s\n prints as %s\n and then as %s", q, text, again)
	}
}
