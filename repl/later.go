package repl

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/repl/show"
)

// laterMsg is what a command goes on with when it has what it waited for.
type laterMsg func(*Model) tea.Cmd

// later waits for something on a goroutine of its own, and goes on with what that gives. The session counts what it
// waits for: it does not end before that is told.
func (m *Model) later(wait func(ctx context.Context) func(*Model) tea.Cmd) tea.Cmd {
	m.awaited++
	ctx := m.ctx
	return func() tea.Msg { return laterMsg(wait(ctx)) }
}

// goOnLater goes on.
func (m *Model) goOnLater(msg laterMsg) tea.Cmd {
	m.awaited--
	printed := len(m.out.waiting)
	cmd := msg(m)
	m.scrolls(len(m.out.waiting) - printed)
	return cmd
}

// tells makes a continuation that prints lines, or why there are none.
func tells(lines []string, err error) func(*Model) tea.Cmd {
	return func(m *Model) tea.Cmd {
		if err != nil {
			m.complain(err)
			return nil
		}
		m.print(lines...)
		return nil
	}
}

// complain prints an error.
func (m *Model) complain(err error) {
	m.refusals++
	lines := show.CleanLines(err.Error())
	m.print(m.palette.paint(boldRed, "error: ") + lines[0])
	m.print(indent(lines[1:])...)
}
