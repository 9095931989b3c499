package repl

import tea "github.com/charmbracelet/bubbletea"

// entered is an input that was entered, and its entry in the history, "" for one that is not kept.
type entered struct{ text, entry string }

// checkedMsg is the oldest input that was entered, checked.
type checkedMsg struct{ batch }

// submit has an input of queries checked, and then put in the queue. What is entered meanwhile waits for its
// turn, commands as well: what runs, and in which order, is what was entered.
func (m *Model) submit(text string) tea.Cmd {
	m.entered = append(m.entered, entered{text, m.past.entry})
	if len(m.entered) > 1 {
		return nil
	}
	return m.checkEntered()
}

// command does what an input that is a command says, when all that was entered before it is done.
func (m *Model) command(text string) tea.Cmd {
	if len(m.entered) > 0 {
		m.entered = append(m.entered, entered{text, m.past.entry})
		return nil
	}
	return m.obey(text)
}

func (m *Model) checkEntered() tea.Cmd {
	b, text := m.backend, m.entered[0].text
	return func() tea.Msg { return checkedMsg{readBatch(b, text)} }
}

// checked does what is in an input, or says what is wrong with it, and goes on with the next one.
func (m *Model) checked(msg checkedMsg) tea.Cmd {
	m.past.entry = m.entered[0].entry
	cmds := []tea.Cmd{m.runBatch(msg.batch)}
	m.entered = m.entered[1:]
	for len(m.entered) > 0 && isCommand(m.entered[0].text) {
		m.past.entry = m.entered[0].entry
		cmds = append(cmds, m.obey(m.entered[0].text))
		m.entered = m.entered[1:]
	}
	if len(m.entered) > 0 {
		cmds = append(cmds, m.checkEntered())
	}
	return tea.Batch(cmds...)
}
