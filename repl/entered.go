package repl

import (
	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
)

// entered is an input that was entered, and its entry in the history, "" for one that is not kept.
type entered struct{ text, entry string }

// checkedMsg is what was found in the oldest input that was entered.
type checkedMsg struct {
	text    string
	queries []Query
	found   ast.Diagnostics
}

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
	return func() tea.Msg {
		qs, found := checkAll(b, text)
		return checkedMsg{text, qs, found}
	}
}

// checked starts the queries of an input, or says what is wrong with it, and goes on with the next one.
func (m *Model) checked(msg checkedMsg) tea.Cmd {
	m.past.entry = m.entered[0].entry
	cmds := []tea.Cmd{m.judge(msg)}
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

// judge puts the queries of an input in the queue when none of them has an error.
func (m *Model) judge(msg checkedMsg) tea.Cmd {
	for _, d := range msg.found {
		if d.Severity == ast.Error {
			d.Hint = sessionHint(d.Hint, msg.text)
		}
		m.print(renderDiagnostic(d, msg.text, m.palette, m.width)...)
	}
	if msg.found.Failed() {
		return m.refused()
	}
	if len(msg.queries) == 0 {
		m.print("there is no query in this input")
		return nil
	}
	return m.start(msg.queries)
}

// checkAll returns the queries of an input, and what is wrong with it.
func checkAll(b Backend, text string) ([]Query, ast.Diagnostics) {
	file, found := lang.Parse(text)
	var qs []Query
	if !found.Failed() {
		for _, s := range file.Statements {
			q, start := expression(text, s)
			qs = append(qs, q)
			found = append(found, shifted(b.Check(q), start)...)
		}
	}
	if len(file.Statements) == 0 && found.Failed() {
		found = withFields(b, found, text)
	}
	return qs, found
}

// withFields takes what is wrong with the form of a text from who knows the fields, of which words may be
// the name, where it is the same.
func withFields(b Backend, found ast.Diagnostics, text string) ast.Diagnostics {
	known := b.Check(Query{Text: text})
	if len(found) == 1 && len(known) == 1 && known[0].Code == found[0].Code && known[0].At == found[0].At {
		return known
	}
	return found
}
