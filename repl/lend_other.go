//go:build !unix

package repl

import (
	"io"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// lend gives the terminal away while run runs, and makes a message of its error.
func (m *Model) lend(run func() error, done func(error) tea.Msg) tea.Cmd {
	m.away = true
	return tea.Exec(lent(run), done)
}

// lent is what Bubble Tea runs while it has given the terminal away.
type lent func() error

// SetStdin, SetStdout and SetStderr make it what Bubble Tea runs.
func (lent) SetStdin(io.Reader) {}

// SetStdout is like SetStdin.
func (lent) SetStdout(io.Writer) {}

// SetStderr is like SetStdin.
func (lent) SetStderr(io.Writer) {}

// settling is how long Bubble Tea's renderer has to stop. It stops its ticker on a goroutine of its own (v1.3.10,
// standard_renderer.go), which after an editor that ends at once would be the one that it has started again.
const settling = 50 * time.Millisecond

// Run runs it.
func (l lent) Run() error {
	time.Sleep(settling)
	return l()
}
