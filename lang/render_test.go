package lang_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
)

func TestPosition(t *testing.T) {
	text := "a\nbé日\r\n\nz"
	for i := range text {
		if line, column := lang.Position(text, i); utf8.RuneStart(text[i]) && lang.Offset(text, line, column) != i {
			t.Errorf("%d:%d is at %d, not %d", line, column, lang.Offset(text, line, column), i)
		}
	}
	for _, c := range []struct{ offset, line, column int }{
		{-1, 1, 1}, {0, 1, 1}, {1, 1, 2}, {2, 2, 1}, {3, 2, 2}, {5, 2, 3}, {8, 2, 4},
		{10, 3, 1}, {11, 4, 1}, {12, 4, 2}, {99, 4, 2},
	} {
		if line, column := lang.Position(text, c.offset); line != c.line || column != c.column {
			t.Errorf("offset %d: %d:%d, want %d:%d", c.offset, line, column, c.line, c.column)
		}
	}
}

func TestLine(t *testing.T) {
	text := "one\r\ntwo\n\nfour"
	for offset, want := range map[int]string{-5: "one", 0: "one", 3: "one", 5: "two", 8: "two", 9: "", 10: "four", 14: "four", 99: "four"} {
		if got := lang.Line(text, offset); got != want {
			t.Errorf("line of %d is %q, want %q", offset, got, want)
		}
	}
}

// TestRender compares whole pictures: the caret must stand under its token.
func TestRender(t *testing.T) {
	at := func(text, token string) ast.Span {
		i := strings.Index(text, token)
		return ast.Span{Start: i, End: i + len(token)}
	}
	long := strings.Repeat("field and ", 40) + "bad and " + strings.Repeat("other and ", 40)
	for _, c := range []struct {
		name, text, token, want string
		hint                    string
		severity                ast.Severity
	}{
		{"plain", "a bad b", "bad", "f:1:3: error: m\n  a bad b\n    ^~~\n  hint: h\n", "h", ast.Error},
		{"warning", "bad", "bad", "f:1:1: warning: m\n  bad\n  ^~~\n", "", ast.Warning},
		{"second line", "a\r\n bad\r\n", "bad", "f:2:2: error: m\n   bad\n   ^~~\n", "", ast.Error},
		{"wide", "\"日本\" bad", "bad", "f:1:6: error: m\n  \"日本\" bad\n         ^~~\n", "", ast.Error},
		{"wide token", "a 日本", "日本", "f:1:3: error: m\n  a 日本\n    ^~~~\n", "", ast.Error},
		{"combining", "e\u0301 bad", "bad", "f:1:4: error: m\n  e\u0301 bad\n    ^~~\n", "", ast.Error},
		{"tab stop", "ab\tbad", "bad", "f:1:4: error: m\n  ab  bad\n      ^~~\n", "", ast.Error},
		{"control", "\x1b[31m bad", "bad", "f:1:7: error: m\n  �[31m bad\n        ^~~\n", "", ast.Error},
		{"right to left override", "\u202e bad", "bad", "f:1:3: error: m\n  � bad\n    ^~~\n", "", ast.Error},
		{"two lines", "a (b\nc) d", "(b\nc)", "f:1:3: error: m\n  a (b …\n    ^~\n", "", ast.Error},
		{"cut", long, "bad", "f:1:401: error: m\n  …" + long[360:400] + "bad" + long[403:519] + "…\n" + strings.Repeat(" ", 43) + "^~~\n", "", ast.Error},
		{"at the end", "a", "", "f:1:1: error: m\n  a\n  ^\n", "", ast.Error},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := ast.Diagnostic{Severity: c.severity, Message: "m", Hint: c.hint, At: at(c.text, c.token)}
			if got := lang.Render(d, "f", c.text); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
	if got, want := lang.Render(ast.Diagnostic{Message: "\x1b[31mm", Hint: "\x9bh"}, "", ""), "1:1: error: \ufffd[31mm\n  hint: \ufffdh\n"; got != want {
		t.Errorf("names with control characters: %q, want %q", got, want)
	}
	if got, want := lang.Render(ast.Diagnostic{Message: "m"}, "", ""), "1:1: error: m\n"; got != want {
		t.Errorf("without a text: %q, want %q", got, want)
	}
}

// TestFormatKeepsWrongText checks that a text with an error is not touched.
func TestFormatKeepsWrongText(t *testing.T) {
	text := "a  =  1\nb == 2"
	if got, ds := lang.Format(text); got != text || !ds.Failed() {
		t.Errorf("got %q, %v", got, ds)
	}
}
