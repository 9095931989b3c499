package repl

import (
	"fmt"
	"strconv"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl/show"
)

// fewValues are so many values as .by shows, and manyValues as it shows of all.
const fewValues, manyValues = 15, 1000

func byCommand() dotCommand {
	return dotCommand{
		name: ".by", args: "field [n] [audience]", doc: "how an audience is spread over the values of a field",
		more: append([]string{
			"  .by loyalty.tier        the last audience by tier",
			"  .by loyalty.tier 50 #3  a query of this session, with the 50 most frequent values",
			fmt.Sprintf("  .by loyalty.tier all    with all values, up to %d", manyValues),
		}, aboutAudiences...),
		ask: (*Model).by, complete: fieldsThenAudiences, order: fieldFirst,
		reads:  func(written string) []ast.Span { _, _, _, at := readBy(written); return []ast.Span{at} },
		fields: func(written string) []ast.Span { return []ast.Span{{End: len(arguments{text: written}.first())}} },
	}
}

// readBy reads the field, how many values are wanted, 0 for a few, and where the audience stands.
func readBy(written string) (field string, n int, all bool, at ast.Span) {
	a := arguments{text: written}
	field = a.word()
	n, all = a.count()
	return field, n, all, a.rest()
}

// by asks how an audience is spread over the values of a field.
func (m *Model) by(written string) tea.Cmd {
	field, n, all, at := readBy(written)
	if field == "" {
		m.refuse(refusal{".by needs a field", "write .by homeAddress.countryCode; .fields lists the fields"})
		return nil
	}
	if _, err := strconv.ParseFloat(field, 64); err == nil {
		m.refuse(refusal{field + " is no field", ".by takes the field first: .by loyalty.tier " + field})
		return nil
	}
	if isExpression(field) {
		m.propose(".by takes a field, and "+show.OneLine(field)+" is an expression, whose values .values describes", ".values "+field)
		return nil
	}
	switch {
	case all:
		n = manyValues
	case n == 0:
		n = fewValues
	}
	return m.about(written[at.Start:at.End], func(a audience) tea.Cmd {
		label := a.called(m.words) + " by " + field
		if !a.isNamed() { // of a long text the end is not seen beside others
			label = "by " + field + " of " + a.called(m.words)
		}
		return m.ask(asking{
			Operation: Operation{Op: Breakdown, By: field, Top: n}, about: a, label: label,
			more: map[string]string{"breakdown.values": ".by " + field + moreValues(n)},
		})
	})
}

// moreValues says behind a command how to see more than n values.
func moreValues(n int) string {
	if n < manyValues {
		return " all"
	}
	return fmt.Sprintf(" %d", 10*n)
}
