package repl

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
)

// allFields stands for all fields by which an audience can be compared.
const allFields = "all"

func liftCommand() dotCommand {
	return dotCommand{
		name: ".lift", args: "[fields] [audience]", doc: "which values are more frequent in an audience than among everyone",
		more: append([]string{
			"  .lift                             of the last audience, in all fields",
			"  .lift #3                          of a query of this session",
			"  .lift loyalty.tier, person.gender  in some fields",
			"  .lift all 100 #3                  in all, with the 100 values that differ most",
		}, aboutAudiences...),
		ask: (*Model).lift, complete: fieldsThenAudiences, order: commasBetween,
		reads:  func(written string) []ast.Span { return []ast.Span{readLift(written).audience} },
		fields: func(written string) []ast.Span { return readLift(written).each },
	}
}

// lifting is what is written behind .lift.
type lifting struct {
	fields   string
	each     []ast.Span // of the fields, none for all
	n        int        // how many values are wanted, 0 for those that say something
	audience ast.Span
}

func readLift(written string) lifting {
	a := arguments{text: written}
	l := lifting{fields: allFields}
	if first := a.first(); first != "" && !strings.HasPrefix(first, "#") && first != "_" && !isExpression(written) {
		l.fields, l.each = a.list()
		if l.fields == allFields {
			l.each = nil
		}
		l.n, _ = a.count()
	}
	l.audience = a.rest()
	return l
}

// lift asks how an audience differs from everyone.
func (m *Model) lift(written string) tea.Cmd {
	l := readLift(written)
	if _, named := m.audiences.byName(l.fields); named && l.audience.Start == l.audience.End && !m.isField(l.fields) {
		l.fields, l.audience = allFields, ast.Span{End: len(written)}
	}
	return m.about(written[l.audience.Start:l.audience.End], func(a audience) tea.Cmd {
		label := "lift of " + a.called(m.words)
		if l.fields != allFields {
			label += " in " + l.fields
		}
		return m.ask(asking{
			Operation: Operation{Op: Lift, By: l.fields, Top: l.n}, about: a, label: label,
			more: map[string]string{"lift": fmt.Sprintf(".lift %s %d", l.fields, max(10*l.n, 100))},
		})
	})
}

// fieldsThenAudiences offers fields, and behind one the queries of the session.
func fieldsThenAudiences(m *Model, typed string) []lang.Item {
	if strings.HasPrefix(typed, "#") {
		return audienceArguments(m, typed)
	}
	return append(fieldArguments(m, typed), audienceArguments(m, typed)...)
}
