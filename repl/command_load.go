package repl

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/repl/show"
)

func loadCommand() dotCommand {
	return dotCommand{
		name: ".load", doc: "how the data was read, and how its fields are filled",
		more: []string{"  – is not known yet: it takes the column of the field, which is in memory once a query has named it;", "  segq schema --report reads all of them."},
		do:   (*Model).loadReport,
	}
}

// loadReportMsg is the report that was asked for.
type loadReportMsg struct {
	lines []string
	err   error
}

// loadReport asks for the report, which may take some time.
func (m *Model) loadReport([]string) tea.Cmd {
	b, ctx, look := m.backend, m.ctx, m.lookAtEdge()
	m.reports++
	n := m.reports
	return tea.Batch(func() tea.Msg {
		lines, err := b.LoadReport(ctx, look)
		return loadReportMsg{lines, err}
	}, tea.Tick(countingSoon, func(time.Time) tea.Msg { return countingMsg{n} }))
}

// countingSoon is after how long it is said that the report takes some time.
const countingSoon = 1500 * time.Millisecond

// countingMsg says that it is time to say so of a report.
type countingMsg struct{ report int }

// counting says that the report takes some time, unless it is there.
func (m *Model) counting(msg countingMsg) tea.Cmd {
	if msg.report == m.reports {
		m.print(m.palette.paint(faint, "counting how the fields are filled, which takes a while …"))
	}
	return nil
}

// loadReported prints the report.
func (m *Model) loadReported(msg loadReportMsg) tea.Cmd {
	m.reports++ // it is there
	printed := len(m.out.waiting)
	switch {
	case msg.err != nil:
		m.print(m.palette.paint(boldRed, "error: ") + show.OneLine(msg.err.Error()))
	case len(msg.lines) == 0:
		m.print("the data is with the workers, which do not tell how they have read it",
			"hint: each says so in its log when it starts; segq schema --report, where the data is, tells all of it")
	default:
		m.print(msg.lines...)
	}
	m.listed(m.out.waiting[printed:])
	return nil
}
