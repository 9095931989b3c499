package repl

import (
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/term"
)

// signals are those that mean something to a session on a terminal, and the terminal as the session has found it.
type signals struct {
	program  *tea.Program
	received chan os.Signal
	done     chan struct{}
	terminal term.File // nil where the input is none
	state    *term.State
	away     atomic.Bool   // the terminal is an editor's or the shell's
	goesOn   chan struct{} // the process that was stopped meanwhile
	out      interface{ WriteString(string) (int, error) }
	keyboard *keyboard
	display  *display
	mu       sync.Mutex // held by who makes the terminal what the session needs, or was at the start for good
}

// interruptMsg is an interrupt signal, and when it came.
type interruptMsg struct{ at time.Time }

// newSignals begins to listen, until end is called.
func newSignals(p *tea.Program, o Options, in *keyboard, out *display) *signals {
	s := &signals{
		program: p, keyboard: in, display: out,
		received: make(chan os.Signal, 4), done: make(chan struct{}), goesOn: make(chan struct{}, 1),
	}
	if f, ok := o.In.(term.File); ok && term.IsTerminal(f.Fd()) {
		if state, err := term.GetState(f.Fd()); err == nil {
			s.terminal, s.state = f, state
		}
	}
	if f, ok := o.Out.(*os.File); ok {
		s.out = f
	}
	signal.Notify(s.received, os.Interrupt)
	s.listenToJobs()
	go s.listen()
	return s
}

// end ends listening, and puts the terminal back as it was found, whatever an editor has made of it.
func (s *signals) end() {
	signal.Stop(s.received)
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.done)
	s.restore()
}

// restore makes the terminal what it was at the start.
func (s *signals) restore() {
	if s != nil && s.terminal != nil {
		_ = term.Restore(s.terminal.Fd(), s.state) // it may be gone
	}
}

// listen makes an interrupt signal from elsewhere mean what Ctrl-C means: it must not end a session with work running.
func (s *signals) listen() {
	for {
		select {
		case sig := <-s.received:
			if sig == os.Interrupt {
				go s.program.Send(interruptMsg{time.Now()}) // which waits while an editor is open
			} else {
				s.job(sig)
			}
		case <-s.done:
			return
		}
	}
}

// suspend stops the process until it is told to go on.
func (m *Model) suspend() tea.Cmd {
	if m.signals == nil {
		return nil
	}
	return m.lend(m.signals.stop, func(err error) tea.Msg { return continuedMsg{err} })
}

// resume takes the terminal again, which a shell has had meanwhile.
func (m *Model) resume() tea.Cmd {
	if m.signals == nil || m.away {
		return nil
	}
	return m.lend(func() error { return nil }, func(err error) tea.Msg { return continuedMsg{err} })
}

// continued says why the session could not be suspended, if it could not.
func (m *Model) continued(msg continuedMsg) {
	m.away, m.returned = false, time.Now()
	if msg.err != nil {
		m.hint = msg.err.Error()
	}
}

// stopMsg is a signal to stop, continueMsg that the process has been stopped otherwise and goes on; continuedMsg says
// that the terminal is the session's again.
type (
	stopMsg      struct{}
	continueMsg  struct{}
	continuedMsg struct{ err error }
)
