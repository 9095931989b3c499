package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/repl/show"
)

// The modes of the pager: for what is longer than the screen, for all answers, and never.
const (
	pageLong   = "on"
	pageAlways = "always"
	pageNever  = "off"
)

// paging says when the pager is used.
type paging struct {
	mode string
	// gone says why there is none, once that is known.
	gone string
}

func (p *paging) off() bool { return p.mode == pageNever || p.gone != "" }

// pager is a program of the user's that shows a text, while the terminal is the pager's.
type pager struct {
	text    string
	out     io.Writer // the file of the terminal itself
	ctx     context.Context
	signals *signals
}

// errNoPager says that there is no program to page with.
var errNoPager = errors.New("there is no less to page it with; PAGER names another pager")

// errNoPaging says that the user wants none.
var errNoPaging = errors.New("the environment says so (SEGQ_PAGER, PAGER)")

// run returns when the pager is closed.
func (p *pager) run() error {
	name, err := pagerName()
	if err != nil {
		return err
	}
	c := commandOf(p.ctx, name)
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(p.text), p.out, os.Stderr
	// LESSSECURE comes first, so that the user's own holds: who types on when the pager has opened writes no files with the s
	// of .sample, and starts no shell.
	c.Env = append(append([]string{"LESSSECURE=1"}, os.Environ()...), "LESS="+lessOptions+os.Getenv("LESS"), "LV=-c")
	gently(c)
	if p.signals != nil {
		p.signals.away.Store(true)
		defer p.signals.away.Store(false)
	}
	var exit *exec.ExitError
	switch err := c.Run(); {
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("there is no pager %s", name)
	case errors.As(err, &exit) && (exit.ExitCode() < 0 || exit.ExitCode() == 130): // Ctrl-C has ended it
		return nil
	case err != nil:
		return fmt.Errorf("the pager failed (%w): %s", err, name)
	}
	return nil
}

// lessOptions are those of less, before the user's own: with colours, lines cut at the edge of the screen, behind
// which the arrows go, and a line that says how to get out.
const lessOptions = `-RS -Pslines %lt-%lb?L of %L.   q goes back   / searches   arrows move$ `

// pagerName returns the command of the user's pager. The error says why there is none.
func pagerName() (string, error) {
	for _, variable := range []string{"SEGQ_PAGER", "PAGER"} {
		switch value, given := os.LookupEnv(variable); strings.TrimSpace(value) {
		case "":
			if given && variable == "SEGQ_PAGER" {
				return "", errNoPaging
			}
		case "off", "cat":
			return "", errNoPaging
		default:
			return strings.TrimSpace(value), nil
		}
	}
	if _, err := exec.LookPath("less"); err != nil {
		return "", errNoPager
	}
	return "less", nil
}

// pagedMsg says that the pager of an output is closed, or why there was none.
type pagedMsg struct {
	drawnMsg
	err error
}

// pageable says whether the session has a terminal that a pager can have.
func (m *Model) pageable() bool {
	return !m.accessible && m.signals != nil && m.signals.terminal != nil
}

// turnAfter is how long it is said that an answer opens in the pager before it does: keys of somebody who has typed on
// are for the prompt, and keep the answer here.
const turnAfter = 300 * time.Millisecond

// turnMsg says that an output is to open in the pager now.
type turnMsg struct{ of *drawnMsg }

// turn opens an output in the pager in a moment.
func (m *Model) turn(msg drawnMsg) tea.Cmd {
	m.turning = &msg
	lines := strings.Count(msg.whole, "\n")
	m.hint = show.Plural(lines, "line", "lines") + " in the pager, where q goes back; a key stays here"
	return tea.Tick(turnAfter, func(time.Time) tea.Msg { return turnMsg{&msg} })
}

// turned opens it, unless something else is to be done by now.
func (m *Model) turned(msg turnMsg) tea.Cmd {
	if m.turning != msg.of {
		return nil
	}
	if !m.idle(msg.of.query) {
		m.stayHere()
		return nil
	}
	m.turning, m.hint = nil, ""
	return m.page(*msg.of)
}

// stayHere leaves an output that was about to open in the pager on the screen.
func (m *Model) stayHere() {
	if msg := m.turning; msg != nil {
		m.turning, m.hint = nil, ""
		m.printShort(*msg)
	}
}

// printShort prints an output, of a long one the beginning.
func (m *Model) printShort(msg drawnMsg) {
	if m.taken(msg.all()) > m.height-2 {
		m.printPicture(m.beginning(msg.picture))
	} else {
		m.printPicture(msg.picture)
	}
}

// page shows an output in the pager.
func (m *Model) page(msg drawnMsg) tea.Cmd {
	p := &pager{msg.whole, m.terminal, m.ctx, m.signals}
	return m.lend(p.run, func(err error) tea.Msg { return pagedMsg{msg, err} })
}

// paged leaves the beginning of an output on the screen; all of it where there was no pager.
func (m *Model) paged(msg pagedMsg) tea.Cmd {
	m.away, m.returned = false, time.Now()
	switch {
	case msg.err == nil && !msg.again:
		m.printShort(msg.drawnMsg)
	case msg.err != nil:
		m.paging.gone = show.OneLine(msg.err.Error())
		m.printPicture(msg.picture)
		m.scrolls(m.taken(msg.all()))
		if !errors.Is(msg.err, errNoPaging) {
			m.hint = strings.TrimPrefix(m.hint+"; ", "; ") + m.paging.gone
		}
	}
	return nil
}
