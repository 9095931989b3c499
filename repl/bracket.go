package repl

import (
	"strings"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl/editor"
)

var (
	mateStyle  = style{bold: true, reverse: true}
	aloneStyle = style{color: "1", bold: true, underline: true}
)

// brackets are the marks of the mate of the bracket at the cursor, or of that bracket itself if it has none. One that
// was just opened has none yet.
func (t *typed) brackets(e *editor.Buffer, v textView) []mark {
	line, col := e.Place()
	if v.cursor < 0 || !bracketAt(t.lines[line].text, col) && !bracketAt(t.lines[line].text, col-1) {
		return nil
	}
	first := t.statement(line)
	in := t.lines[first].looks.in
	if in.comment {
		return nil
	}
	var text strings.Builder
	cursor, end := 0, first
	for ; end < t.looked && (end == first || !t.lines[end].looks.first); end++ {
		if end == line {
			cursor = text.Len() + col
		}
		text.WriteString(t.lines[end].text + "\n")
	}
	whole := !in.within && (end == len(t.lines) || t.lines[end-1].looks.out == lexed{})
	at, mate := lang.Bracket(text.String(), cursor)
	start := e.Cursor() - cursor
	switch {
	case mate >= 0:
		return []mark{{ast.Span{Start: start + mate, End: start + mate + 1}, mateStyle}}
	case at >= 0 && whole && (at == cursor || strings.IndexByte(")]}", text.String()[at]) >= 0):
		return []mark{{ast.Span{Start: start + at, End: start + at + 1}, aloneStyle}}
	}
	return nil
}

func bracketAt(line string, i int) bool {
	return i >= 0 && i < len(line) && strings.IndexByte("([{)]}", line[i]) >= 0
}
