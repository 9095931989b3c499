package repl

import tea "github.com/charmbracelet/bubbletea"

func nearCommand() dotCommand {
	return dotCommand{
		name: ".near", args: "[audience]", doc: "what keeps profiles just out of an audience, and what one step looser adds",
		more: append([]string{
			"  .near     of the last audience; Tab on an empty line then takes the looser query that is marked",
			"  .near #3  of a query of this session",
		}, aboutAudiences...),
		ask: (*Model).near, reads: wholeQuery, complete: audienceArguments,
	}
}

// near asks which profiles miss one clause of an audience alone.
func (m *Model) near(written string) tea.Cmd {
	return m.about(written, func(a audience) tea.Cmd {
		return m.ask(asking{Operation: Operation{Op: Near}, about: a, label: "near " + a.called(m.words)})
	})
}
