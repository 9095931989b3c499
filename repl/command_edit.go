package repl

import tea "github.com/charmbracelet/bubbletea"

func editCommand() dotCommand {
	return dotCommand{
		name: ".edit", doc: "the last query in your editor (VISUAL, EDITOR)",
		more: []string{"  What you save is the input, which Enter runs. Ctrl-X Ctrl-E opens what is being typed."},
		do:   (*Model).editLast,
	}
}

// editLast opens the last input that is no command in the user's editor.
func (m *Model) editLast([]string) tea.Cmd {
	for i := len(m.history.entries) - 1; i >= 0; i-- {
		if text := m.history.entries[i]; !isCommand(text) {
			return m.edit(text)
		}
	}
	return m.edit("")
}
