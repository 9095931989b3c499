package repl

import (
	"cmp"
	"slices"

	tea "github.com/charmbracelet/bubbletea"
)

// entered is an input that was entered. One that waited for the data is not in the scrollback yet: it comes there
// with its turn.
type entered struct {
	text   string
	unseen bool
}

// checkedMsg is the oldest input that was entered, checked.
type checkedMsg struct{ batch }

// enqueue does what inputs say, when all that was entered before them is done: what runs, and in which order, is
// what was entered.
func (m *Model) enqueue(inputs ...entered) tea.Cmd {
	if (m.reopening != nil || m.saving.holds) && len(inputs) == 1 && m.early(inputs[0].text) {
		return m.obey(cmp.Or(m.bare(inputs[0].text), inputs[0].text))
	}
	busy := len(m.entered) > 0 || m.reopening != nil
	for _, e := range inputs {
		m.entered = append(m.entered, splitOpen(e)...)
	}
	if busy {
		return nil
	}
	return m.nextEntered()
}

// nextEntered does what the oldest inputs say, up to the first of queries, which are checked.
func (m *Model) nextEntered() tea.Cmd {
	var cmds []tea.Cmd
	for len(m.entered) > 0 && m.reopening == nil {
		e := m.entered[0]
		if e.unseen {
			m.echo(e.text)
		}
		text := e.text
		if command := m.bare(text); command != "" {
			text = command
		}
		if isCommand(text) {
			text = withMarks(text)
		}
		if m.saving.holds = m.holdsFor(text); m.saving.holds {
			break
		}
		if !isCommand(text) || len(slices.Concat(writtenIn(text))) > 0 || m.asksForSegments(text) || misordered(text, m.audiences.names()) != nil {
			return tea.Batch(append(cmds, m.checkInput(text))...)
		}
		m.entered = m.entered[1:]
		cmds = append(cmds, m.obey(text))
	}
	return tea.Batch(cmds...)
}

// checkInput has an input checked that is no single command, or one about a query that is written in it.
func (m *Model) checkInput(text string) tea.Cmd {
	b, names := m.backend, m.audiences.names()
	return func() tea.Msg { return checkedMsg{readBatch(b, text, names)} }
}

// checked does what is in an input, or says what is wrong with it, and goes on with the next one.
func (m *Model) checked(msg checkedMsg) tea.Cmd {
	judged := m.runBatch(msg.batch)
	m.entered = m.entered[1:]
	return tea.Batch(judged, m.nextEntered())
}

// asksForSegments says whether a command names what may be a saved segment: those are looked up.
func (m *Model) asksForSegments(text string) bool {
	return slices.ContainsFunc(namedIn(text), func(name string) bool {
		_, ok := m.audiences.byName(name)
		return !ok || isDiff(text)
	})
}
