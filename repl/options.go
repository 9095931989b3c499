package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/repl/history"
)

// Options say how a session looks and where it runs. The zero value is a plain
// session on the standard streams.
type Options struct {
	// In and Out are the terminal; nil means the standard input and output.
	In  io.Reader
	Out io.Writer
	// Color allows colours. The caller decides, from --color, NO_COLOR and the
	// kind of terminal.
	Color bool
	// Accessible asks for a session that only ever appends lines and says
	// everything in words, for screen readers and terminals that cannot repaint.
	Accessible bool
	// Peek shows, while somebody types, how many profiles match so far.
	Peek bool
	// History is where inputs are kept; nil keeps those of this session, until it ends.
	History *history.Store
}

// Run holds a session until the user leaves, and gives nil then; when ctx ends,
// the session ends with its error. Interrupt signals belong to the session
// meanwhile: the caller's ctx must not end with them.
func Run(ctx context.Context, b Backend, o Options) error {
	if o.In == nil {
		o.In = os.Stdin
	}
	if o.Out == nil {
		o.Out = os.Stdout
	}
	session, end := context.WithCancel(ctx)
	defer end()
	m := New(session, b, o)
	defer func() { _ = m.past.Sync() }() // what came last; what is wrong with the file was said
	if _, err := fmt.Fprintln(o.Out, strings.Join(m.Banner(), "\n")); err != nil {
		return fmt.Errorf("start the session: %w", err)
	}
	if o.Accessible {
		return runLines(ctx, m, o)
	}
	p := tea.NewProgram(m, tea.WithContext(session), tea.WithInput(o.In), tea.WithOutput(o.Out),
		tea.WithoutSignalHandler())
	stop := interrupts(p)
	defer stop()
	_, err := p.Run()
	if ctx.Err() != nil && errors.Is(err, tea.ErrProgramKilled) {
		return ctx.Err()
	}
	return err
}

// interrupts makes an interrupt signal from elsewhere mean what Ctrl-C means,
// until stop is called: it must not end a session with work running.
func interrupts(p *tea.Program) (stop func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-signals:
				p.Send(tea.KeyMsg{Type: tea.KeyCtrlC})
			case <-done:
				return
			}
		}
	}()
	return func() {
		signal.Stop(signals)
		close(done)
	}
}
