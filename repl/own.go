package repl

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl/show"
)

// own says what to write in the place of a query of the session that is named by its sign inside of a query: #1, or _.
// All other diagnostics are returned as they are.
func (m *Model) own(d ast.Diagnostic, text string) ast.Diagnostic {
	if d.Code == "unknown-field" {
		d = m.audienceFor(d, text)
	}
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

// audienceFor says of a field that there is not that an audience has its name.
func (m *Model) audienceFor(d ast.Diagnostic, text string) ast.Diagnostic {
	if d.At.Start >= d.At.End || d.At.End > len(text) {
		return d
	}
	name := strings.Trim(text[d.At.Start:d.At.End], "`")
	a, ok := m.audiences.byName(name)
	if _, saved := m.savedNamed(name); !ok && !saved || name == "_" {
		return d
	}
	d.Instead = "inSegment(" + strconv.Quote(name) + ")"
	d.Hint = "write " + d.Instead + " for the audience of that name"
	if ok && strings.TrimSpace(text) == text[d.At.Start:d.At.End] && a.number > 0 {
		d.Hint += fmt.Sprintf("; #%d has its query in the prompt again", a.number)
	}
	return d
}

// savedNamed is the saved segment with a name, as they were listed last.
func (m *Model) savedNamed(name string) (SavedSegment, bool) {
	i := slices.IndexFunc(m.saved, func(s SavedSegment) bool { return s.Name == name })
	if i < 0 {
		return SavedSegment{}, false
	}
	return m.saved[i], true
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
