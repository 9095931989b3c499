package repl

import tea "github.com/charmbracelet/bubbletea"

func valuesCommand() dotCommand {
	return dotCommand{
		name: ".values", args: "[query]", doc: "the values that a field or an expression has",
		more: []string{
			"  .values loyalty.points  how they are spread, or which are the most frequent",
			"  .values xEvent.count()  of an expression",
			"  .values #3              of a query of this session that is no condition",
		},
		anyValue: true,
		ask:      (*Model).values, reads: wholeQuery, complete: fieldsThenAudiences,
	}
}

// values asks for the values of a query.
func (m *Model) values(written string) tea.Cmd {
	return m.aboutAny(written, func(a audience) tea.Cmd {
		return m.ask(asking{about: a, label: "values of " + a.called(m.words), values: true, aside: true})
	})
}
