package repl

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/repl/show"
)

func historyCommand() dotCommand {
	return dotCommand{
		early: true, name: ".history", doc: "what was run in this session, oldest first", do: (*Model).listHistory,
	}
}

// listHistory prints the history, with the lines of one input below each other.
func (m *Model) listHistory([]string) tea.Cmd {
	for i, text := range m.history.entries {
		for j, line := range show.CleanLines(text) {
			if j == 0 {
				m.print(fmt.Sprintf("%4d  %s", i+1, line))
			} else {
				m.print("      " + line)
			}
		}
	}
	return nil
}
