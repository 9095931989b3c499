package repl

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/repl/show"
)

func jobsCommand() dotCommand {
	return dotCommand{name: ".jobs", doc: "the queries that are running", early: true, do: (*Model).jobs}
}

// jobs lists the running queries with their states in words.
func (m *Model) jobs([]string) tea.Cmd {
	if len(m.queries) == 0 {
		m.print("no query is running")
	}
	for _, q := range m.queries {
		m.print(m.spoken(q, time.Now()), "      "+show.Fit(show.OneLine(q.text), m.width-6))
	}
	return nil
}
