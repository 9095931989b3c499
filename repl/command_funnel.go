package repl

import (
	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang/ast"
)

func funnelCommand() dotCommand {
	return dotCommand{
		name: ".funnel", args: "[audience]", doc: "what each clause does: alone, so far, and without it",
		more: append([]string{
			"  .funnel     of the last audience",
			"  .funnel #3  of a query of this session",
		}, aboutAudiences...),
		ask: (*Model).funnel, reads: wholeQuery, complete: audienceArguments,
	}
}

// aboutAudiences says in the help of a command what an audience may be.
var aboutAudiences = []string{
	"  An audience is #3, the name of a query or a saved segment, _ for the last one, or a query that is written there.",
	"  The last one is a query that was typed by itself, or that a command named: one that is written there never becomes it.",
}

// wholeQuery is for commands that take nothing but an audience.
func wholeQuery(written string) []ast.Span { return []ast.Span{{End: len(written)}} }

// funnel asks what the clauses of an audience do.
func (m *Model) funnel(written string) tea.Cmd {
	return m.about(written, func(a audience) tea.Cmd {
		return m.ask(asking{Operation: Operation{Op: Funnel}, about: a, label: "funnel of " + a.called(m.words)})
	})
}
