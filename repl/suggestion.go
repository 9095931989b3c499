package repl

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/repl/editor"
	"github.com/segq/segq/repl/history"
)

// suggestion returns what the newest earlier input has behind the text that was typed, of those that were right and
// found something, "" for nothing: it is for somebody who types at the end. Without colours it would look as if
// it had been typed.
func (m *Model) suggestion() string {
	text := m.editor.Text()
	if !m.palette.on || m.search != nil || m.editor.Cursor() != len(text) || strings.TrimSpace(text) == "" {
		return ""
	}
	kind := inputKind(text)
	for _, e := range slices.Backward(m.past.Entries()) {
		if e.Kind == kind && fruitful(e) && len(e.Text) > len(text) && strings.HasPrefix(e.Text, text) {
			return e.Text[len(text):]
		}
	}
	return ""
}

// fruitful says whether an input is worth repeating.
func fruitful(e *history.Entry) bool {
	return e.State != history.Wrong && (e.State != history.Done || e.Count > 0)
}

// orSuggestion makes an action that takes the suggestion where there is one, and else moves.
func orSuggestion(move func(*editor.Buffer)) func(*Model) tea.Cmd {
	return func(m *Model) tea.Cmd {
		if rest := m.suggestion(); rest != "" {
			m.editor.Insert(rest)
		} else {
			move(&m.editor)
		}
		return nil
	}
}

// wordRight takes a word of the suggestion, or moves over one.
func (m *Model) wordRight() tea.Cmd {
	rest := m.suggestion()
	if rest == "" {
		m.editor.WordRight()
		return nil
	}
	var e editor.Buffer
	text := m.editor.Text()
	e.Set(text + rest)
	e.MoveTo(len(text))
	e.WordRight()
	m.editor.Insert(e.Text()[len(text):e.Cursor()])
	return nil
}
