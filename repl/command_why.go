package repl

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl/show"
)

func whyCommand() dotCommand {
	return dotCommand{
		name: ".why", args: "id [audience]", doc: "why a profile is in an audience, or is not",
		more: append([]string{
			"  .why p-0001898     and the last audience, clause by clause, with the values that decided it",
			"  .why p-0001898 #3  and a query of this session",
			"  An id with blanks has quotes around it. .sample shows some ids.",
		}, aboutAudiences...),
		ask: (*Model).why, order: idFirst,
		reads: func(written string) []ast.Span { _, at := readWhy(written); return []ast.Span{at} },
	}
}

// readWhy reads the id, and where the audience stands.
func readWhy(written string) (id string, at ast.Span) {
	a := arguments{text: written}
	id = a.word()
	if n := len(id); n > 1 && strings.IndexByte("'\"", id[0]) >= 0 && id[n-1] == id[0] {
		id = id[1 : n-1]
	}
	return id, a.rest()
}

// why asks why a profile is in an audience, or is not.
func (m *Model) why(written string) tea.Cmd {
	id, at := readWhy(written)
	if id == "" {
		m.refuse(refusal{".why needs the id of a profile", "write .why p-0001898; .sample shows some ids"})
		return nil
	}
	return m.about(written[at.Start:at.End], func(a audience) tea.Cmd {
		return m.ask(asking{Operation: Operation{Op: Why, Profile: id}, about: a, label: "why " + show.Clean(id) + " in " + a.called(m.words)})
	})
}
