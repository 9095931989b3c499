package repl

import (
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/repl/show"
)

func cancelCommand() dotCommand {
	return dotCommand{
		name: ".cancel", args: "[#n ... | name | all]", doc: "cancel queries; without arguments the newest",
		more: []string{"  .cancel        the newest running query", "  .cancel #3 #5  those two", "  .cancel gold   the query of this session that is called gold", "  .cancel all    every running query",
			"  .cancel 5d2f0  the job of anybody in the tenant whose id begins so, with four characters or more: .jobs all lists them"},
		early: true, do: (*Model).cancelNamed, complete: cancelArguments,
	}
}

// cancelArguments are the running queries, the newest first.
func cancelArguments(m *Model, _ string) []lang.Item {
	var items []lang.Item
	for _, q := range slices.Backward(m.queries) {
		items = append(items, lang.Item{Text: fmt.Sprintf("#%d", q.number), Kind: commandItem, Type: title(q, 30, m.queries), Doc: show.OneLine(q.text)})
	}
	if len(items) > 1 {
		items = append(items, lang.Item{Text: "all", Kind: commandItem, Doc: "every running query"})
	}
	for i, name := range m.namesOf(m.shared) {
		if m.shared[i].ID != "" && strings.HasPrefix(m.shared[i].ID, name) {
			items = append(items, lang.Item{Text: name, Kind: commandItem, Type: show.OneLine(m.shared[i].Class), Doc: m.shared[i].title()})
		}
	}
	return items
}

// cancelNamed cancels the queries that args name. When one of them is wrong it
// cancels none; those that have ended meanwhile are said.
func (m *Model) cancelNamed(args []string) tea.Cmd {
	all := len(args) == 1 && args[0] == "all"
	switch {
	case len(m.queries) == 0 && (all || len(args) == 0):
		m.print("no query is running")
		return nil
	case all:
		return m.cancelThese(m.queries)
	case len(args) == 0:
		return m.cancelThese(m.queries[len(m.queries)-1:])
	}
	names := []string{strings.Join(args, " ")} // the name of a query may have blanks
	if q, ended := m.called(names[0]); q == nil && ended == "" {
		names = strings.FieldsFunc(names[0], func(r rune) bool { return r == ',' || r == ' ' })
	}
	var chosen []*query
	var over []string
	for _, name := range names {
		switch q, ended := m.called(name); {
		case q != nil:
			chosen = append(chosen, q)
		case ended != "":
			over = append(over, ended)
		case len(names) == 1 && m.opening == nil && m.ofOthers(name):
			return m.cancelShared(name)
		default:
			m.noneCalled(name)
			return nil
		}
	}
	m.print(over...)
	return m.cancelThese(chosen)
}

// cancelThese asks for the end of queries, once each.
func (m *Model) cancelThese(queries []*query) tea.Cmd {
	var cmds []tea.Cmd
	for _, q := range queries {
		if !q.cancelling {
			cmds = append(cmds, m.cancel(q))
		}
	}
	return tea.Batch(cmds...)
}

// called returns the running query of the session that is called so: by its number, or by its name, of which the newest has it. Of one
// that has ended it says so.
func (m *Model) called(name string) (q *query, ended string) {
	a, known := audience{}, false
	if n, ok := number(name); ok {
		if q := m.byNumber(n); q != nil {
			return q, ""
		}
		a, known = m.audiences.byNumber(n)
		known = known || n <= m.numbers
	} else {
		bare := strings.Trim(strings.TrimPrefix(name, "#"), quotes)
		for _, q := range slices.Backward(m.queries) {
			if q.name == bare && bare != "" {
				return q, ""
			}
		}
		a, known = m.audiences.byName(bare)
	}
	if !known {
		return nil, ""
	}
	if ended = show.Clean(name) + " has ended"; a.known.Total > 0 {
		ended += ": " + show.Count(a.known.Count)
	}
	return nil, ended
}

// leastID is how much of an id names the job of somebody else: what is shorter is a word that people use for their queries.
const leastID = 4

// ofOthers says whether a word may be the beginning of the id of a job of others. A short number is that of a query of the session.
func (m *Model) ofOthers(word string) bool {
	_, isNumber := number(word)
	return m.backend.Cancelling(word) != "" && len(word) >= leastID && !strings.HasPrefix(word, "#") && (!isNumber || len(word) >= idCells)
}

// noneCalled says that nothing is called so.
func (m *Model) noneCalled(name string) {
	m.print(fmt.Sprintf("error: no running query is called %s; nothing was cancelled", show.Clean(name)))
	if len(m.queries) > 0 {
		m.print("hint: .jobs lists the running queries")
	}
	if m.backend.Cancelling(name) != "" && !strings.HasPrefix(name, "#") && len(name) < leastID {
		m.print(fmt.Sprintf("hint: for a job of somebody else give %d characters of its id: .jobs all lists them", leastID))
	}
}
