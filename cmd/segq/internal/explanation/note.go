package explanation

import (
	"slices"
	"strings"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

// edit is what to write in a place of the query instead.
type edit struct {
	at   ast.Span
	text string
}

// note notes what explains the answer, once, and what to write instead.
func (l *look) note(text string, edits ...edit) {
	if l.segment != "" {
		text, edits = "segment "+l.segment+": "+text, nil // its text is elsewhere
	}
	if l.full() || slices.ContainsFunc(l.notes, func(n record.Note) bool { return n.Text == text }) {
		return
	}
	l.notes = append(l.notes, record.Note{Text: text})
	l.edited = append(l.edited, len(edits) > 0)
	l.edits = append(l.edits, edits...)
}

// told returns the notes. A query is written with all that was edited: one part of it that is
// right is of no use.
func (l *look) told() []record.Note {
	instead := l.instead()
	for i := range l.notes {
		if l.edited[i] {
			l.notes[i].Instead = instead
		}
	}
	return l.notes
}

// instead returns the query with its edits, "" for one that they would break.
func (l *look) instead() string {
	edits := slices.SortedFunc(slices.Values(l.edits), func(a, b edit) int { return b.at.Start - a.at.Start })
	text, end := l.answer.Text, len(l.answer.Text)
	for _, e := range edits {
		start, stop := e.at.Start-l.answer.Start, e.at.End-l.answer.Start
		if start < 0 || stop > end || start >= stop {
			return ""
		}
		text, end = text[:start]+e.text+text[stop:], start
	}
	if text == l.answer.Text {
		return ""
	}
	if _, ds := lang.Query(text); ds.Failed() {
		return ""
	}
	return strings.TrimSpace(text)
}

// mostClause is how much of a clause is told, in characters.
const mostClause = 48

// written returns the text of a node, shortened, "" where it has none here.
func (l *look) written(n check.Node) string {
	start, end := n.Span().Start-l.answer.Start, n.Span().End-l.answer.Start
	if l.segment != "" || start < 0 || end > len(l.answer.Text) || start >= end {
		return ""
	}
	text := []rune(show.OneLine(l.answer.Text[start:end]))
	if len(text) > mostClause {
		return string(text[:mostClause-1]) + "…"
	}
	return string(text)
}

// literal returns a text as queries write it.
func literal(text string) string { return ast.Format(&ast.String{Value: text}) }

// listed writes words with commas, and one word before the last.
func listed(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " " + last + " " + words[len(words)-1]
}

// profiles writes a number of profiles.
func profiles(n int) string { return show.Plural(n, "profile", "profiles") }
