package repl

import (
	"context"
	"io"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/editor"
	"github.com/segq/segq/repl/history"
	"github.com/segq/segq/repl/vi"
)

// Model is a session as a Bubble Tea model. It belongs to the goroutine that
// calls Update and View; what runs elsewhere reports back by messages.
type Model struct {
	canvas
	ctx     context.Context
	backend Backend
	keys    []keyBinding

	// in and terminal are the streams of the session, for an editor that is run in it; away says that one is, ahead
	// what was typed since that it has not read, and returned when the last one ended.
	in       io.Reader
	terminal io.Writer
	away     bool
	ahead    []tea.KeyMsg
	returned time.Time
	signals  *signals // nil where the session has no terminal

	editor    editor.Buffer
	typed     typed
	known     known
	vi        *vi.Keys // nil where keys are those of the table alone
	chord     string   // the first key of two that mean something together
	past      past
	walk      walk
	search    *search
	queries   []*query // those without an answer, oldest first
	bars      barColumns
	sending   sending
	goal      goal // of queries from now on
	numbers   int  // given to queries so far
	audiences audiences
	last      *record.Record // the newest answer, nil before the first
	prepared  map[string]prepared
	saved     []SavedSegment // as they were listed last
	segments  segments       // those that the input names which is done
	saving    saving
	awaited   int // what commands wait for
	polls     polls
	crew      crew
	watching  *watching   // nil where nothing is asked again and again
	reports   int         // how often .load was asked, and answered
	shared    []SharedJob // jobs of everyone, as they were listed last
	out       scrollback
	entered   []entered // inputs that are checked, or wait for that, oldest first
	assist    assist
	peek      bool       // the count of what is typed is shown
	opening   *opening   // nil as soon as the data can be asked
	reopening *reopening // nil where no data is being opened in the place of what is asked
	first     bool       // nobody has had a session here before
	failure   error      // why the session ends, where not by leaving
	refusals  int        // how often it was said that something is not done
	hint      string     // one line below the prompt, until the next key
	confirm   bool       // the last key asked to leave while queries run
	asked     bool       // and the last command
	column    column

	output output // what was shown last
	paging paging
	// turning is what opens in the pager in a moment, nil for nothing.
	turning *drawnMsg
	clip    func(text string) error // puts a text on the clipboard, nil where there is no terminal
}

// New returns a session over b that has not started. Its calls of b end with ctx.
func New(ctx context.Context, b Backend, o Options) *Model {
	m := &Model{
		canvas: canvas{palette: palette{on: o.Color}, words: glyphs, accessible: o.Accessible, reads: len(b.ReadingFlags()) > 0},
		ctx:    ctx, backend: b, in: o.In, terminal: o.Out, keys: keyTable(), peek: o.Peek, first: o.First,
	}
	if o.Vi {
		m.vi = &vi.Keys{}
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
	if m.past.Store = o.History; m.past.Store == nil {
		m.past.Store = history.Open("")
	}
	return m
}

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
		m.resize(msg.Width, msg.Height)
	case tea.KeyMsg:
		return m.typedKey(msg)
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
	case interruptMsg:
		return m.signalled(msg)
	case stopMsg:
		if !m.away {
			return m.suspend()
		}
	case continueMsg:
		return m.resume()
	case continuedMsg:
		m.continued(msg)
		return m.catchUp()
	case externalMsg:
		return tea.Batch(m.edited(msg), m.catchUp())
	case countingMsg:
		return m.counting(msg)
	case knownMsg:
		return m.learned(msg)
	case relistedMsg:
		m.saved = msg
	case loadReportMsg:
		return m.loadReported(msg)
	case laterMsg:
		return m.goOnLater(msg)
	case submissionsMsg:
		return m.submitted(msg)
	case watchDueMsg:
		return m.watchDue(msg)
	case watchedMsg:
		return m.watchTold(msg)
	case openedMsg:
		return m.opened(msg)
	case openingMsg:
		return m.watched()
	case reopenedMsg:
		return m.reopened(msg)
	case hangUpMsg:
		return m.cancelAll()
	case tickMsg:
		return m.poll(msg)
	case polledMsg:
		return m.polled(msg)
	case cancelledMsg:
		return m.cancelAnswered(msg)
	case crewMsg:
		return m.heard(msg)
	case crewDueMsg:
		return m.pulse()
	case workersMsg:
		return m.workersTold(msg)
	case everyoneMsg:
		return m.everyoneTold(msg)
	case sharedCancelMsg:
		return m.sharedCancelled(msg)
	case historyMsg:
		return m.synced(msg)
	case printedMsg:
		m.out.busy = false
	case drawnMsg:
		return m.drawn(msg)
	case turnMsg:
		return m.turned(msg)
	case pagedMsg:
		return tea.Batch(m.paged(msg), m.catchUp())
	case copiedMsg:
		m.copied(msg)
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
