package repl

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

func diffCommand() dotCommand {
	return dotCommand{
		name: ".diff", args: "audience audience", doc: "who enters, leaves and stays from one audience to another",
		more: append([]string{
			"  .diff #3 #4                  from the first to the second",
			"  .diff #3                     from that to the last audience",
			"  .diff #3 loyalty.tier = \"gold\"",
			"A saved segment is compared with what it was by segq diff NAME, in the shell.",
		}, aboutAudiences...),
		ask: (*Model).diff, reads: behindWord,
	}
}

// diff compares two audiences: what the one has and the other does not. Both are counted in one pass.
func (m *Model) diff(written string) tea.Cmd {
	first, rest := cutName(written)
	if first == "" {
		m.refuse(refusal{"say what to compare: .diff #3 #4", ".help diff says more"})
		return nil
	}
	before, err := m.condition(first)
	if err != nil {
		m.refuse(err)
		return nil
	}
	return m.about(rest, func(now audience) tea.Cmd {
		label := "from " + before.called(m.words) + " to " + now.called(m.words)
		cmd := m.ask(asking{Operation: Operation{Op: Overlap, Others: []Query{now.query()}}, about: before, label: label})
		m.byNumber(m.numbers).then = func(m *Model, r *record.Record) tea.Cmd {
			m.print(indent(diffLines(r))...)
			return nil
		}
		return cmd
	})
}

// diffLines says who enters, leaves and stays, by what two audiences have in common.
func diffLines(r *record.Record) []string {
	o := r.Overlap
	if o == nil || len(o.Both) != 2 || len(o.Both[0]) != 2 || len(o.Only) != 2 {
		return nil
	}
	was, is := o.Both[0][0], o.Both[1][1]
	facts := []string{
		"entered " + show.Count(o.Only[1]), "left " + show.Count(o.Only[0]), "stayed " + show.Count(o.Both[0][1]),
		show.Count(was) + " before, " + show.Count(is) + " now",
	}
	return []string{strings.Join(facts, " · ")}
}
