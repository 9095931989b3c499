package repl

import (
	"maps"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/repl/show"
)

// asking is what is asked about an audience, as a query of the session.
type asking struct {
	Operation
	about audience
	// label is what its line and its answer are called: funnel of #4.
	label string
	// called is what the answer calls the audience, "" for what it is always called.
	called string
	// more says how to see what the answer leaves out, by its name in [show.Look].
	more map[string]string
	// values asks for the values of a query that is no condition.
	values bool
	// aside says that the last audience stays what it was.
	aside bool
}

// ask asks something about an audience: it has a number, a line and an answer as a query has, and ends as one. A query of
// the session, or a saved segment, is the last audience from now on; a text that was written behind a command never is, so that what is mistyped
// there is not exported or saved by the next command.
func (m *Model) ask(a asking) tea.Cmd {
	now := time.Now()
	m.numbers++
	if m.audiences.add(m.numbers, a.about); !a.aside && a.about.isNamed() {
		m.audiences.last = a.about
	}
	m.queries = append(m.queries, &query{
		number: m.numbers, text: a.label, source: a.about.text, alone: true, asks: &a, state: Queued, goal: m.goal, started: now, told: now,
	})
	q := Query{Name: a.about.nameIn(m.words), Text: a.about.text, Values: a.values}
	if a.called != "" {
		q.Name = a.called
	}
	if a.Op == Why {
		q.Name = a.about.name // its line has said the number
	}
	q.Asks = &a.Operation
	return m.send(m.numbers, []Query{q})
}

// lookOf is how the answer to a query is shown.
func (m *canvas) lookOf(q *query) show.Look {
	l := m.look()
	if q.asks != nil {
		if !m.whole {
			l.Top = q.asks.Top
		}
		maps.Copy(l.More, q.asks.more)
	}
	return l
}

// about does something with the audience that is written behind a command, which has to be a condition.
func (m *Model) about(written string, do func(audience) tea.Cmd) tea.Cmd {
	a, err := m.condition(written)
	return m.with(a, err, do)
}

// aboutAny does something with a query that is written behind a command, and may give values.
func (m *Model) aboutAny(written string, do func(audience) tea.Cmd) tea.Cmd {
	a, err := m.audience(written)
	return m.with(a, err, do)
}

// with does something with an audience, or says why there is none.
func (m *Model) with(a audience, err error, do func(audience) tea.Cmd) tea.Cmd {
	if err != nil {
		m.refuse(err)
		return nil
	}
	return do(a)
}
