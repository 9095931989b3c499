package repl

import (
	"context"
	"io"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/repl/editor"
	"github.com/segq/segq/repl/history"
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
	past          past
	walk          walk
	search        *search
	queries       []*query // those without an answer, oldest first
	numbers       int      // given to queries so far
	polls         polls
	out           scrollback
	entered       []entered // inputs that are checked, or wait for that, oldest first
	assist        assist
	peek          bool   // the count of what is typed is shown
	hint          string // one line below the prompt, until the next key
	confirm       bool   // the last key asked to leave while queries run
}

// New returns a session over b that has not started. Its calls of b end with ctx.
func New(ctx context.Context, b Backend, o Options) *Model {
	m := &Model{
		ctx: ctx, backend: b, palette: palette{on: o.Color}, words: glyphs,
		in: o.In, terminal: o.Out, keys: keyTable(), snapshot: b.Describe().Snapshot, accessible: o.Accessible, peek: o.Peek, width: 80, height: 24,
	}
	if o.Accessible {
		m.words = spoken
	}
	if m.past.Store = o.History; m.past.Store == nil {
		m.past.Store = history.Open("")
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

// Init reads the history. All else waits for the user.
func (m *Model) Init() tea.Cmd { return m.sync(nil) }

// Update handles one message and gives the commands that follow from it.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := m.handle(msg)
	m.reserve()
	return m, tea.Batch(cmd, m.out.flush())
}

// handle names the method for each kind of message.
func (m *Model) handle(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
	case tea.KeyMsg:
		return m.key(msg)
	case checkedMsg:
		return m.checked(msg)
	case dueMsg[choices], dueMsg[tally], dueMsg[findings]:
		return m.due(msg)
	case answerMsg[choices]:
		return m.completed(msg)
	case answerMsg[tally]:
		return m.counted(msg)
	case answerMsg[findings]:
		return m.found(msg)
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
	case historyMsg:
		return m.synced(msg)
	case printedMsg:
		m.out.busy = false
	case leaveMsg:
		return m.left(msg)
	}
	return nil
}

// print puts lines into the scrollback.
func (m *Model) print(lines ...string) { m.out.print(m.width, lines...) }
