package parse_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/parse"
)

// TestScripts runs the scripts of testdata. "query" prints the canonical form
// of an expression, "tree" its structure, "file" the statements of a text and
// what is wrong with the others, "format" a formatted text, "tokens" the kinds
// of tokens, "complete" whether Enter would run the text.
func TestScripts(t *testing.T) {
	for _, name := range []string{"oddities", "errors", "syntax", "statements"} {
		t.Run(name, func(t *testing.T) {
			datadriven.RunTest(t, "testdata/"+name, func(t *testing.T, d *datadriven.TestData) string {
				text := strings.NewReplacer("␤", "\r\n", "␉", "\t").Replace(d.Input)
				return run(t, d.Cmd, text)
			})
		})
	}
}

// run answers one command of a script.
func run(t *testing.T, cmd, text string) string {
	switch cmd {
	case "query", "tree":
		x, ds := parse.Query(text)
		if ds.Failed() {
			return rendered(ds, text)
		}
		roundTrip(t, text, x)
		if cmd == "tree" {
			return tree(x)
		}
		return ast.Format(x) + "\n"
	case "file":
		f, ds := parse.File(text)
		var b strings.Builder
		for _, s := range f.Statements {
			fmt.Fprintf(&b, "%d-%d %q %s\n", s.At.Start, s.At.End, s.Name.Text, ast.Format(s.X))
			for _, c := range s.Comments {
				fmt.Fprintf(&b, "  comment %q\n", c.Text)
			}
		}
		for _, c := range f.Comments {
			fmt.Fprintf(&b, "comment %q\n", c.Text)
		}
		return b.String() + rendered(ds, text)
	case "format":
		return formatted(t, text)
	case "tokens":
		var b strings.Builder
		for _, k := range parse.Tokens(text) {
			fmt.Fprintf(&b, "%s %s\n", kindName(k.Kind), text[k.At.Start:k.At.End])
		}
		return b.String()
	case "complete":
		return fmt.Sprintln(parse.Complete(text))
	}
	t.Fatalf("no command %q", cmd)
	return ""
}

// formatted prints a text of statements, and holds the printed form to the same
// statements and to itself.
func formatted(t *testing.T, text string) string {
	out, ds := lang.Format(text)
	if ds.Failed() {
		return rendered(ds, text)
	}
	sameFile(t, text, out)
	if again, _ := lang.Format(out); again != out {
		t.Errorf("formatting twice differs:\n%s\n%s", out, again)
	}
	return out
}

// sameFile checks that two texts hold equal statements under equal names, and
// the same comments.
func sameFile(t testing.TB, a, b string) {
	t.Helper()
	f, _ := parse.File(a)
	g, ds := parse.File(b)
	if ds.Failed() || len(f.Statements) != len(g.Statements) || commentCount(f) != commentCount(g) {
		t.Errorf("formatted text differs (%v):\n%s\n%s", ds, a, b)
		return
	}
	for i := range f.Statements {
		x, y := f.Statements[i], g.Statements[i]
		if x.Name.Text != y.Name.Text || !ast.Equal(x.X, y.X) {
			t.Errorf("statement %d differs:\n%s\n%s", i, a, b)
		}
	}
}

func commentCount(f *ast.File) int {
	n := len(f.Comments)
	for _, s := range f.Statements {
		n += len(s.Comments)
	}
	return n
}

func rendered(ds ast.Diagnostics, text string) string {
	var b strings.Builder
	for _, d := range ds {
		b.WriteString(lang.Render(d, "", text))
	}
	return b.String()
}

var kindNames = map[parse.Kind]string{
	parse.Bad: "bad", parse.Ident: "ident", parse.Keyword: "keyword", parse.Function: "function",
	parse.Quoted: "quoted", parse.Int: "int", parse.Float: "float", parse.String: "string",
	parse.Operator: "operator", parse.Punct: "punct", parse.Comment: "comment", parse.Context: "context",
}

func kindName(k parse.Kind) string { return fmt.Sprintf("%-8s", kindNames[k]) }

// tree prints the structure of x: each node in parentheses after its type.
func tree(x ast.Expr) string {
	var b strings.Builder
	var print func(x ast.Expr, depth int)
	print = func(x ast.Expr, depth int) {
		b.WriteString(strings.Repeat("  ", depth))
		b.WriteString(strings.TrimPrefix(fmt.Sprintf("%T", x), "*ast."))
		switch x := x.(type) {
		case *ast.Binary:
			b.WriteString(" " + x.Op)
		case *ast.Unary:
			b.WriteString(" " + x.Op)
		default:
			b.WriteString(" " + ast.Format(x))
		}
		b.WriteByte('\n')
		depth++
		self := true
		ast.Walk(x, func(child ast.Expr) bool {
			if self {
				self = false
				return true
			}
			print(child, depth)
			return false
		})
	}
	print(x, 0)
	return b.String()
}
