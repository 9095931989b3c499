package repl

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/repl/history"
)

func editCommand() dotCommand {
	return dotCommand{
		name: ".edit", doc: "the last query in your editor (VISUAL, EDITOR)",
		more: []string{"  What you save is the input, which Enter runs. Ctrl-X Ctrl-E opens what is being typed."},
		do:   (*Model).editLast,
	}
}

// editLast opens the last input that is no command in the user's editor.
func (m *Model) editLast([]string) tea.Cmd {
	for _, back := range m.past.Recall(history.Query) {
		if !isOwn(strings.TrimRight(strings.TrimSpace(back.Text), ";")) { // of which there is nothing to edit
			return m.edit(back.Text)
		}
	}
	return m.edit("")
}
