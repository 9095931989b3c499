package repl

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl/show"
)

// renderDiagnostic returns the lines of a diagnostic: the message, the source
// line with a caret below, and the hint. A source line that is wider than the
// screen is shown around the caret, since wrapping would tear the two apart.
func renderDiagnostic(d ast.Diagnostic, text string, p palette, width int) []string {
	lines := show.CleanLines(lang.Render(d, "", text))
	for i := 1; i < len(lines); i++ {
		if isCaret(lines[i]) {
			clipAround(lines[i-1:i+1], width)
		}
	}
	mark := boldRed
	if d.Severity == ast.Warning {
		mark = yellow
	}
	for i, l := range lines {
		switch {
		case i == 0:
			lines[i] = p.paint(mark, l)
		case isCaret(l):
			lines[i] = p.paint(mark, l)
		}
	}
	return lines
}

// isCaret says whether a line marks a place in the line above it.
func isCaret(line string) bool {
	rest := strings.TrimLeft(line, " |")
	return strings.HasPrefix(rest, "^") && strings.Trim(rest, "^~ ") == ""
}

// clipAround cuts a source line and its caret line to the same width cells, so
// that the caret is in sight. What was cut away is marked with ….
func clipAround(pair []string, width int) {
	length := max(show.Cells(pair[0]), show.Cells(pair[1]))
	if length <= width {
		return
	}
	caret := strings.IndexByte(pair[1], '^')
	left := min(max(caret-width/3, 0), length-width)
	for i, l := range pair {
		cut := ansi.Cut(l, left, left+width)
		if i == 0 && left > 0 {
			cut = "…" + ansi.Cut(cut, 1, width)
		}
		if i == 0 && show.Cells(l) > left+width {
			cut = ansi.Truncate(cut, width-1, "") + "…"
		}
		pair[i] = cut
	}
}
