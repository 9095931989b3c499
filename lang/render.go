package lang

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"github.com/segq/segq/lang/ast"
)

// tabWidth is the distance of tab stops in a rendered line.
const tabWidth = 4

// maxShown is the number of columns of a source line that Render shows; a
// longer line is cut around the token.
const maxShown = 160

// Position returns the line and the column of a byte offset, both from 1, columns
// in characters (Unicode code points).
func Position(text string, offset int) (line, column int) {
	offset = max(0, min(offset, len(text)))
	before := text[:offset]
	start := strings.LastIndexByte(before, '\n') + 1
	return strings.Count(before, "\n") + 1, utf8.RuneCountInString(before[start:]) + 1
}

// Offset returns the byte offset of a place that [Position] gives, the end of the text or of the line where there is none.
func Offset(text string, line, column int) int {
	start := 0
	for ; line > 1; line-- {
		end := strings.IndexByte(text[start:], '\n')
		if end < 0 {
			return len(text)
		}
		start += end + 1
	}
	for i, r := range text[start:] {
		if column <= 1 || r == '\n' {
			return start + i
		}
		column--
	}
	return len(text)
}

// Render shows d over the text that it speaks of, which was read from name:
//
//	rules.pql:2:9: error: PQL compares with one =
//	  country == "US"
//	          ^~
//	  hint: write = in place of ==
//
// The caret stands under the first column of the token whatever the width of
// the characters before it. A token of several lines is marked to the end of
// its first. The result ends with a line end. With an empty name the first line
// starts with the line number.
func Render(d ast.Diagnostic, name, text string) string {
	var b strings.Builder
	if name != "" {
		b.WriteString(name + ":")
	}
	severity := "error"
	if d.Severity == ast.Warning {
		severity = "warning"
	}
	line, column := Position(text, d.At.Start)
	fmt.Fprintf(&b, "%d:%d: %s: %s\n", line, column, severity, oneLine(d.Message))
	if strings.TrimSpace(text) != "" {
		b.WriteString(snippet(d.At, text))
	}
	if d.Hint != "" {
		b.WriteString("  hint: " + oneLine(d.Hint) + "\n")
	}
	return b.String()
}

// snippet returns the line of a span and the line of carets below it.
func snippet(at ast.Span, text string) string {
	start, end := lineBounds(text, at.Start)
	from := max(start, min(at.Start, end))
	to := max(from, min(at.End, end))
	before, _ := visible(text[start:from], 0)
	indent := uniseg.StringWidth(before)
	token, width := visible(text[from:to], indent)
	after, _ := visible(text[to:end], indent+width)
	more := ""
	if at.End > end+1 {
		more = " …"
	}
	before, token, after = cut(before, token, after)
	marks := max(1, uniseg.StringWidth(token))
	return "  " + strings.TrimRight(before+token+after, " ") + more + "\n" +
		"  " + strings.Repeat(" ", uniseg.StringWidth(before)) + "^" + strings.Repeat("~", marks-1) + "\n"
}

// visible expands tabs, for a text that starts at column, and shows control
// characters as a replacement, so that a query cannot move the cursor. It gives
// the width of the result too.
func visible(s string, column int) (string, int) {
	var b strings.Builder
	width := 0
	state := -1
	for len(s) > 0 {
		var cluster string
		var w int
		cluster, s, w, state = uniseg.FirstGraphemeClusterInString(s, state)
		switch r, _ := utf8.DecodeRuneInString(cluster); {
		case r == '\t':
			w = tabWidth - (column+width)%tabWidth
			cluster = strings.Repeat(" ", w)
		case unicode.IsControl(r) || r == utf8.RuneError || unicode.Is(unicode.Bidi_Control, r):
			cluster, w = "�", 1
		}
		b.WriteString(cluster)
		width += w
	}
	return b.String(), width
}

// oneLine makes what is said of names that are in the data fit for a terminal.
func oneLine(s string) string {
	s, _ = visible(s, 0)
	return s
}

// cut shortens the three parts of a long line so that the token stays in sight.
func cut(before, token, after string) (string, string, string) {
	if uniseg.StringWidth(before)+uniseg.StringWidth(token)+uniseg.StringWidth(after) <= maxShown {
		return before, token, after
	}
	if uniseg.StringWidth(token) > maxShown/2 {
		token = head(token, maxShown/2) + "…"
	}
	if uniseg.StringWidth(before) > maxShown/4 {
		before = "…" + tail(before, maxShown/4)
	}
	if room := maxShown - uniseg.StringWidth(before) - uniseg.StringWidth(token); uniseg.StringWidth(after) > room {
		after = head(after, max(0, room)) + "…"
	}
	return before, token, after
}

// head returns the start of s, at most width columns wide.
func head(s string, width int) string {
	rest, state, n := s, -1, 0
	for len(rest) > 0 {
		cluster, r, w, st := uniseg.FirstGraphemeClusterInString(rest, state)
		if width -= w; width < 0 {
			break
		}
		n += len(cluster)
		rest, state = r, st
	}
	return s[:n]
}

// tail returns the end of s, at most width columns wide.
func tail(s string, width int) string {
	skip := uniseg.StringWidth(s) - width
	rest, state := s, -1
	for len(rest) > 0 && skip > 0 {
		_, r, w, st := uniseg.FirstGraphemeClusterInString(rest, state)
		skip -= w
		rest, state = r, st
	}
	return rest
}
