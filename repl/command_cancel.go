package repl

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/repl/show"
)

func cancelCommand() dotCommand {
	return dotCommand{
		name: ".cancel", args: "[#n ... | all]", doc: "cancel queries; without arguments the newest",
		more: []string{"  .cancel        the newest running query", "  .cancel #3 #5  those two", "  .cancel all    every running query",
			"  .cancel 5d2f0  the job of anybody in the tenant whose id begins so: .jobs all lists them"},
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
// cancels none.
func (m *Model) cancelNamed(args []string) tea.Cmd {
	if len(args) == 1 && args[0] != "all" && !ofSession(args[0]) && m.opening == nil {
		return m.cancelShared(args[0])
	}
	if len(m.queries) == 0 && (len(args) == 0 || args[0] == "all") {
		m.print("no query is running")
		return nil
	}
	var chosen []*query
	switch {
	case len(args) == 0:
		chosen = m.queries[len(m.queries)-1:]
	case len(args) == 1 && args[0] == "all":
		chosen = m.queries
	default:
		for _, a := range args {
			n, err := strconv.Atoi(strings.TrimPrefix(a, "#"))
			q := m.byNumber(n)
			if err != nil || q == nil {
				said := fmt.Sprintf("error: no running query is called %s; nothing was cancelled", show.Clean(a))
				if m.print(said); len(m.queries) > 0 {
					m.print("hint: .jobs lists the running queries")
				}
				return nil
			}
			chosen = append(chosen, q)
		}
	}
	var cmds []tea.Cmd
	for _, q := range chosen {
		if !q.cancelling {
			cmds = append(cmds, m.cancel(q))
		}
	}
	return tea.Batch(cmds...)
}

// ofSession says whether an argument is the number of a query of the session: # and a number, or a short number. Ids are longer.
func ofSession(arg string) bool {
	digits, marked := strings.CutPrefix(arg, "#")
	_, err := strconv.Atoi(digits)
	return marked || err == nil && len(digits) < idCells
}
