package repl

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/repl/editor"
	"github.com/segq/segq/repl/show"
)

// Model is a session as a Bubble Tea model. It belongs to the goroutine that
// calls Update and View; what runs elsewhere reports back by messages.
type Model struct {
	ctx     context.Context
	backend Backend
	palette palette
	words   words
	keys    []keyBinding
	// snapshot is the one that the banner names.
	snapshot string
	// accessible sessions tell the progress in words, now and then.
	accessible bool

	// in and terminal are the streams of the session, for an editor that is run in it; away says that one is.
	in       io.Reader
	terminal io.Writer
	away     bool

	width, height int
	editor        editor.Buffer
	typed         typed
	known         known
	chord         string // the first key of two that mean something together
	history       history
	search        *search
	queries       []*query // those without an answer, oldest first
	numbers       int      // given to queries so far
	polls         polls
	out           scrollback
	hint          string // one line below the prompt, until the next key
	confirm       bool   // the last key asked to leave while queries run
}

// New returns a session over b that has not started. Its calls of b end with ctx.
func New(ctx context.Context, b Backend, o Options) *Model {
	m := &Model{
		ctx: ctx, backend: b, palette: palette{on: o.Color}, words: glyphs,
		in: o.In, terminal: o.Out, keys: keyTable(), snapshot: b.Describe().Snapshot, accessible: o.Accessible, width: 80, height: 24,
	}
	if o.Accessible {
		m.words = spoken
	}
	return m
}

// Banner returns the lines that open a session: what is loaded, what to know
// about it, and how to get help.
func (m *Model) Banner() []string {
	info := m.backend.Describe()
	data := []string{show.Clean(info.Dataset)}
	if info.Profiles >= 0 {
		data = append(data, show.Count(info.Profiles)+" profiles")
	}
	if info.Events >= 0 {
		data = append(data, show.Count(info.Events)+" events")
	}
	if info.Snapshot != "" {
		data = append(data, "snapshot "+show.Clean(info.Snapshot))
	}
	if !info.Now.IsZero() {
		data = append(data, "now is "+info.Now.UTC().Format(time.RFC3339))
	}
	lines := []string{
		m.palette.paint(bold, strings.TrimSpace("segq "+show.Clean(info.Version))) + "  " + strings.Join(data, ", "),
	}
	for _, n := range info.Notes {
		lines = append(lines, m.palette.paint(yellow, "note: ")+show.Clean(n))
	}
	return append(lines, "Type a PQL query, or .help for help. Ctrl-D leaves.")
}

// Init starts nothing: a session waits for its user.
func (m *Model) Init() tea.Cmd { return nil }

// Update handles one message and gives the commands that follow from it.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := m.handle(msg)
	return m, tea.Batch(cmd, m.out.flush())
}

// handle names the method for each kind of message.
func (m *Model) handle(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
	case tea.KeyMsg:
		return m.key(msg)
	case externalMsg:
		return m.edited(msg)
	case knownMsg:
		return m.learned(msg)
	case submissionsMsg:
		return m.submitted(msg)
	case tickMsg:
		return m.poll(msg)
	case polledMsg:
		return m.polled(msg)
	case cancelledMsg:
		return m.cancelAnswered(msg)
	case printedMsg:
		m.out.busy = false
	case leaveMsg:
		return m.left(msg)
	}
	return nil
}

// print puts lines into the scrollback.
func (m *Model) print(lines ...string) { m.out.print(m.width, lines...) }

// View draws the running queries, the input and one line of hints. The input
// keeps at least one row; queries that find no room are counted.
func (m *Model) View() string {
	if m.out.leaving {
		return ""
	}
	below := m.below()
	room := max(m.height-len(below), 2)
	input, _ := m.input(max(room-len(m.queries), room/2))
	lines := m.running(room - len(input))
	lines = append(lines, input...)
	lines = append(lines, below...)
	for i, l := range lines {
		lines[i] = show.Fit(l, m.width)
	}
	return strings.Join(lines, "\n")
}

// input returns the rows of the text being typed, at most height, and which of them the cursor is in.
func (m *Model) input(height int) (rows []string, cursorRow int) {
	return m.typed.render(&m.editor, m.inputView(), max(height, 1))
}

// columnOf returns the column of the screen in which a byte offset of the line of the cursor is shown.
func (m *Model) columnOf(offset int) int { return m.typed.column(&m.editor, m.inputView(), offset) }

func (m *Model) inputView() textView {
	return textView{palette: m.palette, width: m.width, cursor: m.editor.Cursor(), fields: m.known.fields}
}

// running returns the lines of the running queries, at most room; the newest have
// precedence.
func (m *Model) running(room int) []string {
	var lines []string
	qs := m.queries
	if over := len(qs) - room; over > 0 {
		qs = qs[min(over+1, len(qs)):]
		if room > 0 {
			lines = append(lines, m.palette.paint(faint, fmt.Sprintf("and %d more running, .jobs lists them", len(m.queries)-len(qs))))
		}
	}
	for _, q := range qs {
		lines = append(lines, renderRunning(q, m.palette, m.width))
	}
	return lines
}

// below returns what stands under the input: the search, the broker's silence or
// a hint, if there is any.
func (m *Model) below() []string {
	var lines []string
	if m.search != nil {
		lines = append(lines, m.search.render(m.palette, m.width))
	}
	if m.polls.trouble != "" {
		lines = append(lines, m.palette.paint(yellow, "no answer from the queue, trying again: ")+m.polls.trouble)
	}
	if m.hint != "" {
		lines = append(lines, m.palette.paint(faint, m.hint))
	}
	return lines
}
