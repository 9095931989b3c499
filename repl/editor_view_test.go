package repl

import (
	"strings"
	"testing"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl/editor"
)

// Marks are laid over the text with and without colours, and the ghost is behind it.
func TestMarksAndGhost(t *testing.T) {
	v := textView{
		width: 40, cursor: 6, ghost: ` = "CA"`,
		marks: []mark{{ast.Span{Start: 2, End: 6}, style{underline: true, color: "1"}}},
	}
	var e editor.Buffer
	e.Set("a.béc")
	for _, c := range []struct {
		on   bool
		want string
	}{
		{false, "segq> a.\x1b[4mbéc\x1b[0m\x1b[7m \x1b[0m= \"CA\""},
		{true, "\x1b[2msegq> \x1b[0ma.\x1b[4;31mbéc\x1b[0m\x1b[2;7m \x1b[0m\x1b[2m= \"CA\"\x1b[0m"},
	} {
		var screen typed
		v.palette.on = c.on
		rows, _ := screen.render(&e, v, 5)
		if got := strings.Join(rows, "\n"); got != c.want {
			t.Errorf("colours %v: %q, want %q", c.on, got, c.want)
		}
	}
}

// The column of a place is where it is painted.
func TestColumn(t *testing.T) {
	var e editor.Buffer
	e.Set("日本 and\n  a\tlong.name in a line")
	e.MoveTo(len("日本"))
	var screen typed
	v := textView{width: 24}
	for offset, want := range map[int]int{0: 6, len("日"): 8, len("日本 "): 11, len("日本 and\n"): 0} {
		if got := screen.column(&e, v, offset); got != want {
			t.Errorf("offset %d is in column %d, want %d", offset, got, want)
		}
	}
	e.Bottom()
	start := len("日本 and\n")
	for text, want := range map[string]int{"": 6, "  a": 9, "  a\t": 10, "  a\tlong.name ": 20, "  a\tlong.name in ": 8} {
		if got := screen.column(&e, v, start+len(text)); got != want {
			t.Errorf("%q is in column %d, want %d", text, got, want)
		}
	}
}
