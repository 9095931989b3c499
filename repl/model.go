package repl

import (
	"context"
	"fmt"
	"strings"

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

	width, height int
	editor        editor.Buffer
	history       history
	search        *search
	queries       []*query // those without an answer, oldest first
	numbers       int      // given to queries so far
	polls         polls
	out           scrollback
	opening       *opening // nil as soon as the data can be asked
	first         bool     // nobody has had a session here before
	failure       error    // why the session ends, where not by leaving
	hint          string   // one line below the prompt, until the next key
	confirm       bool     // the last key asked to leave while queries run
}

// New returns a session over b that has not started. Its calls of b end with ctx.
func New(ctx context.Context, b Backend, o Options) *Model {
	m := &Model{
		ctx: ctx, backend: b, palette: palette{on: o.Color}, words: glyphs,
		keys: keyTable(), accessible: o.Accessible, first: o.First,
	}
	m.resize(0, 0)
	if info := b.Describe(); info.Opening != nil {
		m.opening = &opening{progress: *info.Opening}
	} else {
		m.snapshot = info.Snapshot
	}
	if o.Accessible {
		m.words = spoken
	}
	m.editor.Set("")
	return m
}

// Update handles one message and gives the commands that follow from it.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := m.handle(msg)
	return m, tea.Batch(cmd, m.out.flush())
}

// handle names the method for each kind of message.
func (m *Model) handle(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.resize(msg.Width, msg.Height)
	case tea.KeyMsg:
		return m.key(msg)
	case submissionsMsg:
		return m.submitted(msg)
	case openedMsg:
		return m.opened(msg)
	case openingMsg:
		return m.watched()
	case hangUpMsg:
		return m.cancelAll()
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

// resize takes the size of the screen. One that does not say how large it is has the size that
// terminals once had.
func (m *Model) resize(width, height int) {
	m.width, m.height = width, height
	if width <= 0 {
		m.width = 80
	}
	if height <= 0 {
		m.height = 24
	}
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
	input, row := m.input()
	input = window(input, row, max(room-len(m.queries), room/2))
	lines := m.openingLines(room - len(input))
	lines = append(lines, m.running(room-len(input)-len(lines))...)
	lines = append(lines, input...)
	lines = append(lines, below...)
	for i, l := range lines {
		lines[i] = show.Fit(l, m.width)
	}
	return strings.Join(lines, "\n")
}

// input returns the rows of the text being typed, and the row of the cursor.
func (m *Model) input() ([]string, int) {
	v := textView{palette: m.palette, width: m.width, cursor: m.editor.Cursor()}
	if m.palette.on {
		v.styles = highlight(m.editor.Text())
	}
	return renderText(m.editor.Text(), v)
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
