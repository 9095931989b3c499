package repl

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/term"
	"github.com/segq/segq/lang/ast"
)

// Run holds a session until the user leaves, and gives nil then. When ctx ends, the session ends with
// its error, and so do its queries. An error is also that of data which cannot be opened, or an [ast.Fault].
// The terminal is put back as it was in any case. Interrupt signals belong to the session meanwhile: the
// caller's ctx must not end with them.
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
	if f, ok := o.Out.(term.File); ok && !o.Accessible {
		if width, height, err := term.GetSize(f.Fd()); err == nil {
			m.resize(width, height)
		}
	}
	if o.Accessible {
		m.width = unwrapped
	}
	if m.opening == nil {
		if _, err := fmt.Fprintln(o.Out, strings.Join(m.Banner(), "\n")); err != nil {
			return fmt.Errorf("start the session: %w", err)
		}
	}
	if o.Accessible {
		return runLines(ctx, m, o)
	}
	return runScreen(ctx, m, o)
}

// framesPerSecond is how often the screen is drawn at most. It is the most that Bubble Tea does: a key waits
// for the next frame, which is to be soon.
const framesPerSecond = 120

// runScreen holds a session on a terminal.
func runScreen(ctx context.Context, m *Model, o Options) error {
	g := &guarded{model: m}
	in, out := &keyboard{Reader: o.In}, newDisplay(o)
	m.clip = clipboardOf(o.Out, out.between)
	p := tea.NewProgram(g, tea.WithContext(context.WithoutCancel(ctx)), tea.WithInput(in.reader()), tea.WithOutput(out.writer()),
		tea.WithoutSignalHandler(), tea.WithFPS(framesPerSecond))
	g.quit = func() { go p.Quit() }
	in.ended = func() { p.Send(hangUpMsg{}) }
	m.signals = newSignals(p, o, in, out)
	defer m.signals.end()
	stuck := make(chan error, 1)
	defer context.AfterFunc(ctx, func() {
		go p.Send(hangUpMsg{})
		time.AfterFunc(farewell+time.Second, p.Kill) // a session that has ended by then takes no notice
		time.AfterFunc(farewell+2*time.Second, func() { stuck <- ctx.Err() })
	})()
	ended := make(chan error, 1)
	go func() {
		_, err := p.Run()
		ended <- err
	}()
	var err error
	select {
	case err = <-ended:
	case err = <-stuck: // a write to a terminal that takes no more never ends
		return err
	}
	if !m.out.leaving { // nobody has told them to end
		m.cancelAll()()
	}
	switch {
	case g.err() != nil:
		return g.err()
	case m.failure != nil:
		return m.failure
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, tea.ErrProgramPanic):
		return ast.Caught(err)
	}
	return err
}
