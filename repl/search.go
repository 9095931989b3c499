package repl

import (
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/repl/show"
)

// search is a reverse search through the history in progress.
type search struct {
	pattern string
	// at is the index of the entry on show, or the end of the history.
	at     int
	failed bool
	// original is the input from before the search, put back by Escape.
	original string
}

// startSearch begins a search, or looks for an older match in one under way.
func (m *Model) startSearch() tea.Cmd {
	if m.search == nil {
		m.search = &search{at: len(m.history.entries), original: m.editor.Text()}
		return nil
	}
	m.find(m.search.at)
	return nil
}

// find shows the newest match before the given index. Without one the entry on
// show stays.
func (m *Model) find(before int) {
	s := m.search
	i, ok := m.history.find(s.pattern, before)
	s.failed = !ok
	if ok {
		s.at = i
		m.editor.Set(m.history.entries[i])
	}
}

// searchKey handles a key while a search is under way, and says whether it was
// the search's. Every other key ends the search, keeps its match, and then does
// what it always does.
func (m *Model) searchKey(k tea.KeyMsg) bool {
	s := m.search
	switch k.String() {
	case "ctrl+r":
		m.find(s.at)
	case "esc", "ctrl+g", "ctrl+c":
		m.editor.Set(s.original)
		m.search = nil
	case "backspace", "ctrl+h":
		_, n := utf8.DecodeLastRuneInString(s.pattern)
		s.pattern = s.pattern[:len(s.pattern)-n]
		m.find(len(m.history.entries))
	default:
		if k.Type != tea.KeyRunes && k.Type != tea.KeySpace || k.Alt {
			m.search = nil
			return false
		}
		s.pattern += string(k.Runes)
		m.find(min(s.at+1, len(m.history.entries)))
	}
	return true
}

// render returns the line below the input.
func (s *search) render(p palette, width int) string {
	line := p.paint(bold, "search: ") + show.Clean(s.pattern) + p.cursor(plain, " ")
	switch {
	case s.failed:
		line += p.paint(red, " no match in the history")
	case s.pattern == "":
		line += p.paint(faint, " type a part of an earlier input; Ctrl-R older, Esc back")
	}
	return show.Fit(line, width)
}
