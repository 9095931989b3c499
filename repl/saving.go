package repl

import (
	"context"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
)

// saving are the segments that are being kept, and whether an input waits for one.
type saving struct {
	names []string // of those whose queries are answered
	holds bool
}

// holdsFor says whether an input names a segment that is being kept: it waits for that.
func (m *Model) holdsFor(text string) bool {
	if len(m.saving.names) == 0 && !slices.ContainsFunc(m.queries, func(q *query) bool { return q.saves != "" }) {
		return false
	}
	names := m.saving.names
	for _, q := range m.queries {
		names = append(names, q.saves)
	}
	named := namedIn(text)
	return slices.ContainsFunc(names, func(name string) bool {
		return name != "" && (slices.Contains(named, name) || strings.Contains(text, `inSegment("`+name+`")`) || isSavedCommand(text))
	})
}

// isSavedCommand says whether an input lists what was saved, or drops it.
func isSavedCommand(text string) bool {
	return isCommand(text) && strings.EqualFold(commandWords(text)[0], ".saved")
}

// keepLater waits for a segment to be kept, and goes on with what that gives, and then with what waits for it.
func (m *Model) keepLater(name string, wait func(ctx context.Context) func(*Model) tea.Cmd) tea.Cmd {
	m.saving.names = append(m.saving.names, name)
	return m.later(func(ctx context.Context) func(*Model) tea.Cmd {
		tells := wait(ctx)
		return func(m *Model) tea.Cmd {
			i := slices.Index(m.saving.names, name)
			m.saving.names = slices.Delete(m.saving.names, i, i+1)
			return tea.Batch(tells(m), m.goOnSaved())
		}
	})
}

// goOnSaved does what has waited for a segment, if it is kept by now, or will not be.
func (m *Model) goOnSaved() tea.Cmd {
	if !m.saving.holds || len(m.entered) == 0 {
		return nil
	}
	m.saving.holds = false
	return m.nextEntered()
}
