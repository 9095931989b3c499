package repl

import (
	"fmt"
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

// spoken tells in words how far a query is.
func (m *Model) spoken(q *query, now time.Time) string {
	state := show.Clean(string(q.state))
	switch {
	case q.cancelling:
		state = "cancelling"
	case q.id == "":
		state = "submitting"
	}
	line := fmt.Sprintf("%s%d", m.words.number, q.number)
	if q.name != "" {
		line += " (" + show.Clean(q.name) + ")"
	}
	line += fmt.Sprintf(": %s for %s", state, show.Took(now.Sub(q.started)))
	if rows, matched, total := q.seen(); total > 0 {
		line += fmt.Sprintf(", %d percent, %s matched of %s seen", show.Percent(rows, total), show.Count(matched), show.Count(rows))
	} else if rows > 0 {
		line += fmt.Sprintf(", %s matched of %s seen", show.Count(matched), show.Count(rows))
	}
	return line
}
