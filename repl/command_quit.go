package repl

import tea "github.com/charmbracelet/bubbletea"

// quitCommand leaves the session; it has two names.
func quitCommand(name, doc string) dotCommand {
	return dotCommand{
		name: name, doc: doc, early: true,
		do: func(m *Model, _ []string) tea.Cmd { return m.quit() },
	}
}

// quit leaves, and asks before where queries run. The second time it is typed, whatever was typed of it, is the answer.
func (m *Model) quit() tea.Cmd {
	m.confirm = m.confirm || m.asked
	m.asked = true
	return m.leave()
}
