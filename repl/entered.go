package repl

import (
	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
)

// entered is an input that was entered. One that waited for the data is not in the scrollback yet: it comes there
// with its turn.
type entered struct {
	text   string
	unseen bool
}

// checkedMsg is what was found in the oldest input that was entered.
type checkedMsg struct {
	text    string
	queries []Query
	found   ast.Diagnostics
}

// enqueue does what inputs say, when all that was entered before them is done: what runs, and in which order, is
// what was entered.
func (m *Model) enqueue(inputs ...entered) tea.Cmd {
	busy := len(m.entered) > 0
	m.entered = append(m.entered, inputs...)
	if busy {
		return nil
	}
	return m.nextEntered()
}

// nextEntered does what the oldest inputs say, up to the first of queries, which are checked.
func (m *Model) nextEntered() tea.Cmd {
	var cmds []tea.Cmd
	for len(m.entered) > 0 {
		e := m.entered[0]
		if e.unseen {
			m.echo(e.text)
		}
		text := e.text
		if command := m.bare(text); command != "" {
			text = command
		}
		if !isCommand(text) {
			return tea.Batch(append(cmds, m.checkInput(text))...)
		}
		m.entered = m.entered[1:]
		cmds = append(cmds, m.obey(text))
	}
	return tea.Batch(cmds...)
}

// checkInput has queries checked.
func (m *Model) checkInput(text string) tea.Cmd {
	b := m.backend
	return func() tea.Msg {
		qs, found := checkAll(b, text)
		return checkedMsg{text, qs, found}
	}
}

// checked starts the queries of an input, or says what is wrong with it, and goes on with the next one.
func (m *Model) checked(msg checkedMsg) tea.Cmd {
	judged := m.judge(msg)
	m.entered = m.entered[1:]
	return tea.Batch(judged, m.nextEntered())
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
		return m.refused(msg.text)
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
