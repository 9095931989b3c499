package repl

import (
	"sync"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/lang/ast"
)

// guarded is a session in which a panic ends the session alone: the terminal is put back as it was, and
// the caller gets an [ast.Fault]. Bubble Tea would print the traceback over the screen.
type guarded struct {
	model *Model
	quit  func()

	mu    sync.Mutex
	fault *ast.Fault // the first
}

// failed keeps a fault.
func (g *guarded) failed(f *ast.Fault) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.fault == nil {
		g.fault = f
	}
}

// err returns the fault, if there was one.
func (g *guarded) err() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.fault == nil {
		return nil
	}
	return g.fault
}

// Init starts what the session starts with.
func (g *guarded) Init() (cmd tea.Cmd) {
	defer ast.Guard(func(f *ast.Fault) { g.failed(f); cmd = tea.Quit })
	return g.command(g.model.Init())
}

// Update hands a message to the session.
func (g *guarded) Update(msg tea.Msg) (m tea.Model, cmd tea.Cmd) {
	defer ast.Guard(func(f *ast.Fault) { g.failed(f); m, cmd = g, tea.Quit })
	if g.err() != nil {
		return g, tea.Quit
	}
	_, cmd = g.model.Update(msg)
	return g, g.command(cmd)
}

// View draws the session; nothing after a fault.
func (g *guarded) View() (view string) {
	defer ast.Guard(func(f *ast.Fault) { g.failed(f); g.quit(); view = "" })
	if g.err() != nil {
		return ""
	}
	return viewStart + g.model.View() + lastLine
}

// lastLine shows nothing. Behind the last line of a view, it makes that differ from what stood in its place while
// it was not the last: Bubble Tea 1.3 leaves the cursor at the start of a last line that it need not draw anew, and
// then clears the screen from there where the view before had more lines, and this one with them.
const lastLine = "\x1b[m"

// command returns a command that may panic, and those that it batches.
func (g *guarded) command(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		defer ast.Guard(func(f *ast.Fault) { g.failed(f); msg = tea.Quit() })
		msg = cmd()
		if batch, ok := msg.(tea.BatchMsg); ok {
			for i := range batch {
				batch[i] = g.command(batch[i])
			}
		}
		return msg
	}
}
