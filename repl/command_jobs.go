package repl

import (
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/repl/show"
)

func jobsCommand() dotCommand {
	return dotCommand{
		name: ".jobs", args: "[all]", doc: "the queries that are running; all: those of everyone",
		more:  []string{"  .jobs       the queries of this session", "  .jobs all   of everyone whose tenant is the same: who runs them, and their places in the queue", "  .cancel and the beginning of an id ends any of them."},
		early: true, do: (*Model).jobs,
		complete: func(*Model, string) []lang.Item {
			return []lang.Item{{Text: "all", Kind: commandItem, Doc: "those of everyone in the tenant"}}
		},
	}
}

// jobs lists the running queries with their states, in words where nothing is drawn, or the jobs of everyone.
func (m *Model) jobs(args []string) tea.Cmd {
	switch {
	case len(args) == 1 && args[0] == "all" && m.opening == nil:
		return m.everyone(m.everyonesJobs)
	case len(args) > 0:
		m.print(fmt.Sprintf("error: .jobs takes nothing, or all: not %s", show.OneLine(args[0])))
		return nil
	case len(m.queries) == 0 && m.watching == nil:
		m.print("no query is running")
	}
	m.print(m.watchLines()...)
	if len(m.queries) > 0 && !m.accessible {
		printed := len(m.out.waiting)
		m.print(m.runningTable(time.Now())...)
		m.listed(m.out.waiting[printed:])
		return nil
	}
	for _, q := range m.queries {
		m.print(m.spoken(q, time.Now()), "      "+show.Fit(show.OneLine(q.text), m.width-6))
	}
	return nil
}

// runningTable lists the running queries, a line each, as the jobs of everyone are listed.
func (m *Model) runningTable(now time.Time) []string {
	rows := make([][]string, len(m.queries))
	for i, q := range m.queries {
		b := barLineOf(q)
		state := b.waits
		if state == "" {
			if state = b.finds; b.total > 0 {
				state = fmt.Sprintf("%s %5s  %s", show.Bar(b.done, b.total, 10), share(b.done, b.total), b.finds)
			}
		}
		rows[i] = []string{b.number, show.Took(now.Sub(q.started)), state, q.called()}
	}
	look := m.look()
	look.Width = m.width
	t := show.NewTable([]show.Column{{Head: "query"}, {Head: "for", Right: true}, {Head: "state"}, {Head: "asks", Fold: true}}, look, rows)
	lines := []string{t.Head()}
	for _, row := range rows {
		lines = append(lines, t.Line(row))
	}
	return lines
}
