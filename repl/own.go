package repl

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl/show"
)

// own says what to write in the place of a query of the session that is named by its sign inside of a query: #1, or _.
// All other diagnostics are returned as they are.
func (m *Model) own(d ast.Diagnostic, text string) ast.Diagnostic {
	word := ownAt(d, text)
	if word == "" {
		return d
	}
	d.Instead, d.At.End = "", d.At.Start+len(word)
	d.Message = show.Clean(word) + " cannot stand inside of a query"
	if rest := strings.TrimSpace(text[d.At.End:]); rest != "" && !isOperator(rest) {
		d.At.End = len(strings.TrimRight(text, " \t"))
		d.Message, d.Hint = show.OneLine(text[d.At.Start:d.At.End])+" is more than one audience", "write one of them: "+show.Clean(word)+" alone"
		return d
	}
	a, err := m.audience(word)
	if err != nil {
		d.Message, d.Hint = err.Error(), "ask a query first, give it a name, vip: …, and write inSegment(\"vip\")"
		return d
	}
	if newest, ok := m.audiences.byName(a.name); ok && a.name != "" && newest.text == a.text {
		d.Instead = "inSegment(" + strconv.Quote(a.name) + ")"
		d.Hint = "write " + d.Instead
		return d
	}
	d.Instead = "(" + onOneLine(a.text) + ")"
	d.Hint = fmt.Sprintf("name it, vip: %s, and write inSegment(\"vip\"); or write it out", show.Fit(show.OneLine(a.text), 24))
	return d
}

// ownAt is the sign of a query of the session that a diagnostic is about, "" where it is about something else.
func ownAt(d ast.Diagnostic, text string) string {
	if d.At.Start >= d.At.End || d.At.End > len(text) {
		return ""
	}
	word := text[d.At.Start:]
	switch {
	case d.Code == "unknown-field" && text[d.At.Start:d.At.End] == "_":
		return "_"
	case d.Code == "bad-character" && word[0] == '#':
		end := strings.IndexFunc(word[1:], func(r rune) bool { return !wordRune(r) })
		if end < 0 {
			end = len(word) - 1
		}
		if end > 0 {
			return word[:1+end]
		}
	}
	return ""
}
