package repl

import (
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/lang"
)

func untilCommand() dotCommand {
	return dotCommand{
		name: ".until", args: "[±1 % | off] [#n]", doc: "stop queries when their estimates are good enough",
		more: []string{
			"  .until ±1 %      those that run, and all from now on: at a margin of 1 % of the estimate",
			"  .until 2% #3     that one",
			"  .until off       count to the end",
			"  .until           what is set",
			"  The answer is an estimate then, with its margin, and none elsewhere. It takes the profiles seen, a tenth of all or",
			"  more, for a sample of the others: an order of the data that has to do with the query makes it wrong.",
		},
		early: true, ask: (*Model).until, complete: untilArguments,
	}
}

// untilArguments are margins, and the queries that run.
func untilArguments(m *Model, _ string) []lang.Item {
	items := []lang.Item{
		{Text: "±1%", Kind: commandItem, Doc: "of the estimate"},
		{Text: "±5%", Kind: commandItem, Doc: "of the estimate"},
		{Text: "off", Kind: commandItem, Doc: "count to the end"},
	}
	return append(items, slices.DeleteFunc(cancelArguments(m, ""), func(i lang.Item) bool { return i.Text == "all" })...)
}

// until says when queries are to stop.
func (m *Model) until(written string) tea.Cmd {
	g, only, given, err := parseGoal(written)
	if err != nil {
		m.refuse(refusal{err.Error(), ".until off counts to the end"})
		return nil
	}
	if q := m.byNumber(only); only > 0 {
		switch {
		case q == nil:
			m.refuse(refusal{fmt.Sprintf("no running query is called #%d", only), ".jobs lists the running queries"})
		case !q.counts():
			m.refuse(refusal{fmt.Sprintf("#%d is no count, of which there are estimates", only), ""})
		default:
			if given {
				q.goal = g
			}
			m.print(fmt.Sprintf("%s%d %s", m.words.number, only, stops("stops", "is counted", q.goal)))
		}
		return m.stopEnough()
	}
	if given {
		m.goal = g
		for _, q := range m.queries {
			q.goal = g
		}
	}
	m.print("queries " + stops("stop", "are counted", m.goal))
	if given && g > 0 {
		m.print(m.palette.paint(faint, "what is left out is taken to be like what was seen: an order of the data that has to do with a query makes its estimate wrong"))
	}
	return m.stopEnough()
}

// stops says what is set.
func stops(stop, count string, g goal) string {
	if g == 0 {
		return count + " to the end"
	}
	return fmt.Sprintf("%s when the margin is at most %s of the estimate", stop, strings.TrimPrefix(g.String(), "±"))
}

// stopEnough stops the queries whose estimates are good enough.
func (m *Model) stopEnough() tea.Cmd {
	var cmds []tea.Cmd
	for _, q := range m.queries {
		if q.enough() {
			q.satisfied = true
			cmds = append(cmds, m.cancel(q))
		}
	}
	return tea.Batch(cmds...)
}
