package repl

import (
	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/repl/show"
)

func loadCommand() dotCommand {
	return dotCommand{
		name: ".load", doc: "how the data was read, and how its fields are filled",
		more: []string{"  Fields that are not in memory yet have no numbers; segq schema --report reads all of them."},
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
	return func() tea.Msg {
		lines, err := b.LoadReport(ctx, look)
		return loadReportMsg{lines, err}
	}
}

// loadReported prints the report.
func (m *Model) loadReported(msg loadReportMsg) tea.Cmd {
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
