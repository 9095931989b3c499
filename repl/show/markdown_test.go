package show

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMarkdown(t *testing.T) {
	t.Parallel()
	text := "## Title\n\nA paragraph that\nis broken by its `` `author` ``, and again by us.\n\n- one\n- two, which is longer\n  than a line\n\n" +
		"```pql\na = 1 and this line is as long as it is\n→ ann\n```\n\n  segq -c x\n  segq -f y\n\n" +
		"| word | what it means |\n|---|---|\n| a | the first of the letters |\n| `x \\| y` | é |\n"
	want := `Title

A paragraph that is broken
by its ` + "`author`" + `, and again
by us.

  - one
  - two, which is longer
    than a line

  a = 1 and this line is as long as it is
  → ann

  segq -c x
  segq -f y

word     what it means
-------  -----------------
a        the first of the
         letters
` + "`x | y`  é\n"
	if diff := cmp.Diff(want, Markdown(text, 26)); diff != "" {
		t.Error(diff)
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	for _, width := range []int{-1, 0, 1, 7, 20, 1000} {
		lines := Wrap("a longerthanseven é 日本語 end", width)
		if strings.Join(lines, " ") != "a longerthanseven é 日本語 end" {
			t.Errorf("%d: %q", width, lines)
		}
		for _, l := range lines {
			if Cells(l) > width && strings.Contains(l, " ") {
				t.Errorf("%d: %q", width, l)
			}
		}
	}
}
