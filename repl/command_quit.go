package repl

import tea "github.com/charmbracelet/bubbletea"

// quitCommand leaves the session; it has two names.
func quitCommand(name, doc string) dotCommand {
	return dotCommand{
		name: name, doc: doc, early: true,
		do: func(m *Model, _ []string) tea.Cmd { return m.leave() },
	}
}
