package repl

import (
	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/repl/show"
)

func loadCommand() dotCommand {
	return dotCommand{name: ".load", doc: "what was left out when the data was read", do: (*Model).loadReport}
}

// loadReport prints what was left out of the data.
func (m *Model) loadReport([]string) tea.Cmd {
	report := m.backend.Describe().Report
	if len(report) == 0 {
		m.print("nothing was left out of the data")
		return nil
	}
	for _, line := range report {
		m.print(show.CleanLines(line)...)
	}
	return nil
}
