//go:build unix

package repl

import (
	"errors"
	"io"
	"os"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
)

// lend gives the terminal away while run runs, and makes a message of its error. [tea.Exec] would do that too, but it
// stops the renderer's ticker on a goroutine of its own (v1.3.10, standard_renderer.go). When that one comes late, it
// stops the ticker that has been started again: nothing is drawn any more. So Bubble Tea goes on meanwhile, and waits
// where it reads and writes.
func (m *Model) lend(run func() error, done func(error) tea.Msg) tea.Cmd {
	m.away = true
	return func() tea.Msg {
		if m.signals == nil { // there is no terminal
			return done(run())
		}
		return done(m.signals.lend(run))
	}
}

// lend gives the terminal away while run runs. Then all of the view is drawn anew.
func (s *signals) lend(run func() error) error {
	err := s.lent(run)
	columns, rows := s.display.size()
	s.program.Send(tea.WindowSizeMsg{Width: columns, Height: rows})
	return err
}

func (s *signals) lent(run func() error) error {
	s.keyboard.lend()
	defer s.keyboard.back()
	s.display.lend()
	defer s.display.mu.Unlock()
	s.restore()
	err := run()
	s.restore() // what an editor has made of it is not what the session has found
	return errors.Join(err, s.take())
}

// take makes the terminal what Bubble Tea has made of it, unless the session has ended meanwhile.
func (s *signals) take() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.done:
		return nil
	default:
	}
	s.display.taken()
	if s.terminal == nil {
		return nil
	}
	_, err := term.MakeRaw(s.terminal.Fd())
	return err
}

// lend keeps the keyboard from being read until it is back. What is not a file waits for nobody: a read of it cannot be
// kept from what is typed.
func (k *keyboard) lend() {
	if _, ok := k.Reader.(*os.File); ok {
		k.mu.Lock()
	}
}

func (k *keyboard) back() {
	if _, ok := k.Reader.(*os.File); ok {
		k.mu.Unlock()
	}
}

// lend takes the view away, and keeps it from being drawn until mu is unlocked.
func (d *display) lend() {
	d.mu.Lock()
	d.below, d.fresh = 0, true
	_, _ = io.WriteString(d.Writer, clearBelow+ansi.ResetModeBracketedPaste+ansi.ShowCursor) // it may be gone
}

// taken makes the modes those of a session.
func (d *display) taken() {
	_, _ = io.WriteString(d.Writer, "\r"+ansi.HideCursor+ansi.SetModeBracketedPaste)
}
