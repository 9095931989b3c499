package repl

import (
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/repl/show"
)

// watchEvery is the time between two looks at how far the data is read.
const watchEvery = 100 * time.Millisecond

// opening is a session whose data is not there yet. Queries can be typed, and are kept.
type opening struct {
	progress Opening
	// told is when its progress was last told in words (accessible sessions).
	told time.Time
	// kept are the inputs that were entered meanwhile, oldest first.
	kept []entered
}

// openedMsg says that the data can be asked, or why it never can; openingMsg that it is time to look how far it is.
type (
	openedMsg  struct{ err error }
	openingMsg struct{}
)

// Init reads the history, and opens the data, unless it is there already.
func (m *Model) Init() tea.Cmd {
	if m.opening == nil {
		return tea.Batch(m.sync(nil), m.pulse())
	}
	m.opening.told = time.Now()
	return tea.Batch(m.sync(nil), func() tea.Msg { return openedMsg{m.backend.Open(m.ctx)} }, watch())
}

// watch waits for the next look.
func watch() tea.Cmd {
	return tea.Tick(watchEvery, func(time.Time) tea.Msg { return openingMsg{} })
}

// watched looks how far the data is, as long as it is read.
func (m *Model) watched() tea.Cmd {
	o := m.opening
	if m.reopening != nil && !m.out.leaving {
		return watch()
	}
	if o == nil || m.out.leaving {
		return nil
	}
	if p := m.backend.Describe().Opening; p != nil {
		o.progress = *p
	}
	if now := time.Now(); m.accessible && now.Sub(o.told) >= heartbeat {
		o.told = now
		m.print("still " + o.word())
	}
	return watch()
}

// opened shows what the data is, and runs what was kept for it. Data that cannot be opened ends the
// session; what was typed stays on the screen.
func (m *Model) opened(msg openedMsg) tea.Cmd {
	o := m.opening
	if o == nil || m.out.leaving {
		return nil
	}
	m.opening = nil
	m.stay()
	if msg.err != nil {
		return m.unopened(msg.err, o.kept)
	}
	m.snapshot = m.backend.Describe().Snapshot
	m.print(m.Banner()...)
	return tea.Batch(m.enqueue(o.kept...), m.learn(), m.changed(), m.pulse())
}

// renewed says so where the data is another by now, as that of workers may be, and asks anew what was said of the text
// that is being written.
func (m *Model) renewed() tea.Cmd {
	info := m.backend.Describe()
	if m.opening != nil || m.reopening != nil || info.Snapshot == m.snapshot {
		return nil
	}
	if m.watching != nil && !m.crew.known { // a round of .watch has read it again
		return m.tookOver()
	}
	m.snapshot = info.Snapshot
	facts := []string{show.Clean(info.Dataset)}
	if info.Profiles >= 0 {
		facts = append(facts, show.Plural(int(info.Profiles), "profile", "profiles"))
	}
	m.print(m.palette.paint(yellow, "note: ") + "the workers now have " + strings.Join(facts, ", "))
	m.known.asked = time.Time{}
	return tea.Batch(m.learn(), m.anew())
}

// unopened ends the session for want of data.
func (m *Model) unopened(err error, kept []entered) tea.Cmd {
	m.failure = err
	var remember tea.Cmd
	if text := strings.TrimSpace(m.editor.Text()); text != "" {
		remember = m.record(text)
		kept = append(kept, entered{text: text})
	}
	for _, e := range kept {
		m.print("not run, since there is no data:")
		m.print(indent(show.CleanLines(e.text))...)
	}
	m.out.leaving = true
	return remember
}

// keeps says whether an input has to wait for the data.
func (m *Model) keeps(text string) bool { return m.opening != nil && !m.early(text) }

// keep keeps an input until the data is there.
func (m *Model) keep(text string) {
	m.opening.kept = append(m.opening.kept, entered{text: text, unseen: true})
	if m.accessible {
		m.print("this runs when the data is read")
	}
}

// takeBack puts the input that was kept last back where it was typed, and says whether there is one.
func (m *Model) takeBack() bool {
	if m.waiting() == 0 {
		return false
	}
	kept := m.opening.kept
	text := kept[len(kept)-1].text
	m.opening.kept = kept[:len(kept)-1]
	if m.accessible {
		m.print("taken back: " + show.OneLine(text))
		return true
	}
	m.editor.Set(text)
	return true
}

// waiting is the number of inputs that wait for the data.
func (m *Model) waiting() int {
	if m.opening == nil {
		return 0
	}
	return len(m.opening.kept)
}

// word says what is done with the data, and how far that is.
func (o *opening) word() string {
	p, rows := o.progress, ""
	if p.Rows > 0 {
		rows = ", " + show.Plural(int(p.Rows), "row", "rows")
	}
	switch {
	case p.Size > 0:
		return fmt.Sprintf("reading %d %%", show.Percent(p.Done, p.Size)) + rows
	case p.Done >= 1e6:
		return fmt.Sprintf("reading, %s MB so far", show.Count(p.Done/1e6)) + rows
	}
	return "opening"
}

// openingLines are the lines of a session whose data is not there yet: in place of the banner, which
// takes as many when it comes, and the inputs that are kept, at most room of all.
func (m *Model) openingLines(room int) []string {
	if m.opening == nil {
		return nil
	}
	lines := m.headline()
	if kept := m.opening.kept; len(kept) > 0 {
		const waits = "  waits for the data"
		over := max(len(kept)+len(lines)-room, 0)
		for _, e := range kept[min(over, len(kept)):] {
			lines = append(lines, margin+show.Fit(show.OneLine(e.text), m.width-len(margin)-len(waits))+m.palette.paint(faint, waits))
		}
	}
	return lines[max(len(lines)-room, 0):]
}
