package repl

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl/show"
)

// heartbeat is the time between two words on a query that is still running.
const heartbeat = 30 * time.Second

// soon is how long a session waits for its data before it begins without.
const soon = 500 * time.Millisecond

// unwrapped is the width of a screen whose terminal wraps lines itself.
const unwrapped = 1 << 20

// lineMsg is a line that was entered; endMsg is the end of the input.
type (
	lineMsg string
	endMsg  struct{ err error }
	// faultMsg is a panic of a command.
	faultMsg struct{ fault *ast.Fault }
)

// lines is a session that only appends lines. It drives a [Model] in place of
// Bubble Tea: the terminal does the editing.
type lines struct {
	model   *Model
	out     io.Writer
	msgs    chan tea.Msg
	done    chan struct{}
	pending string // lines of an input that is not complete yet
	ended   bool   // the input has ended; running queries are waited for
	fresh   bool   // the cursor stands at the start of a line, for the prompt that is held back
	fault   error
}

// runLines holds an accessible session.
func runLines(ctx context.Context, m *Model, o Options) error {
	m.width = unwrapped
	m.clip = clipboardOf(o.Out, o.Out.Write)
	s := &lines{model: m, out: o.Out, msgs: make(chan tea.Msg), done: make(chan struct{})}
	defer close(s.done)
	defer func() {
		if !m.out.leaving { // nobody has told the queries to end, and the terminal may be gone
			m.handle(m.cancelAll()())
			_ = s.flush(false)
		}
	}()
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	go s.read(o.In)
	s.start(m.Init())
	if s.await(ctx); m.opening != nil {
		m.print(m.rows("segq", m.facts(m.backend.Describe()))...)
	}
	if err := s.flush(true); err != nil {
		return err
	}
	for !s.over() {
		var cmd tea.Cmd
		entered := false
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-interrupts:
			cmd = s.interrupt()
		case msg := <-s.msgs:
			_, entered = msg.(lineMsg)
			cmd = s.take(msg)
		}
		s.start(cmd)
		if err := s.flush(entered); err != nil {
			return err
		}
	}
	return cmp.Or(s.fault, m.failure)
}

// await waits a moment for the data, so that most sessions begin with what it is, and one prompt.
func (s *lines) await(ctx context.Context) {
	late := time.NewTimer(soon)
	defer late.Stop()
	for s.model.opening != nil {
		select {
		case msg := <-s.msgs:
			s.start(s.take(msg))
		case <-late.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// over says whether the user has left, or the input has ended and with it all
// queries.
func (s *lines) over() bool {
	m := s.model
	waiting := len(m.queries) + len(m.entered) + m.waiting() + m.awaited
	if m.reopening != nil {
		waiting++
	}
	return m.out.leaving || s.fault != nil || s.ended && waiting == 0
}

// flush prints what waits, and a prompt. entered says that the cursor stands at
// the start of a line, since the user has just ended one; otherwise it stands
// after a prompt, and perhaps a line half typed. While what was entered is checked,
// there is no prompt.
func (s *lines) flush(entered bool) error {
	m := s.model
	text := m.out.waiting
	if m.hint != "" {
		text = append(text, m.hint)
	}
	m.out.waiting, m.hint = nil, ""
	entered = entered || s.fresh
	if s.fresh = entered && len(text) == 0 && len(m.entered)+m.awaited > 0; s.fresh {
		return nil // what is said of the line comes before the next one
	}
	if len(text) == 0 && !entered {
		return nil
	}
	var b strings.Builder
	if !entered {
		b.WriteByte('\n')
	}
	for _, l := range text {
		b.WriteString(l + "\n")
	}
	switch {
	case s.over() || s.ended:
	case s.pending != "":
		b.WriteString(promptNext)
	default:
		b.WriteString(promptFirst)
	}
	if _, err := io.WriteString(s.out, b.String()); err != nil {
		return fmt.Errorf("write to the terminal: %w", err)
	}
	return nil
}

// read sends the lines of the input. It ends with the input; a read that waits
// cannot be broken off, and outlives the session.
func (s *lines) read(in io.Reader) {
	r := bufio.NewReader(in)
	for {
		line, err := r.ReadString('\n')
		if line != "" {
			s.send(lineMsg(strings.TrimRight(line, "\r\n")))
		}
		if err != nil {
			s.send(endMsg{err})
			return
		}
	}
}

// send hands a message to the session, unless it has ended.
func (s *lines) send(msg tea.Msg) {
	select {
	case s.msgs <- msg:
	case <-s.done:
	}
}

// start runs a command on a goroutine of its own, and each of a batch.
func (s *lines) start(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() {
		defer ast.Guard(func(f *ast.Fault) { s.send(faultMsg{f}) })
		switch msg := cmd().(type) {
		case nil:
		case tea.BatchMsg:
			for _, c := range msg {
				s.start(c)
			}
		default:
			s.send(msg)
		}
	}()
}

// take handles one message.
func (s *lines) take(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case lineMsg:
		return s.line(string(msg))
	case faultMsg:
		s.fault = msg.fault // which ends the session
		return nil
	case endMsg:
		s.ended = true
		if !errors.Is(msg.err, io.EOF) {
			s.model.print("the input cannot be read: " + show.Clean(msg.err.Error()))
		}
		return nil
	}
	return s.model.handle(msg)
}

// line adds a line to the input, and runs it when it is complete. An empty line
// runs it as it is.
func (s *lines) line(text string) tea.Cmd {
	whole := s.pending + text
	if strings.TrimSpace(whole) == "" {
		return nil
	}
	if text != "" && !s.model.finished(whole) {
		s.pending = whole + "\n"
		return nil
	}
	s.pending = ""
	whole = strings.TrimRight(whole, " \t\n")
	cmd := tea.Batch(s.model.record(whole), s.model.execute(whole))
	if s.model.hint == "" {
		s.model.confirm = false // something else was entered than .quit
	}
	return cmd
}

// interrupt drops an input that is not complete, else cancels a query.
func (s *lines) interrupt() tea.Cmd {
	if s.pending != "" {
		s.pending = ""
		s.model.print("input dropped")
		return nil
	}
	return s.model.interrupt()
}
