package repl

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang/ast"
)

// fewCompared are so many queries of the session as .overlap compares where none is named.
const fewCompared = 4

// mostCompared are so many as can be compared: each with each other.
const mostCompared = 64

func overlapCommand() dotCommand {
	return dotCommand{
		name: ".overlap", args: "[audience ...]", doc: "what audiences have in common",
		more: []string{
			"  .overlap             the last audience and those before it",
			"  .overlap #3          the last one and #3",
			"  .overlap #3 #4 gold  those three",
			`  .overlap #3; loyalty.tier = "gold"; email.isNotNull()`,
			"  An audience is #3, a name, _ for the last one, or a query that is written there, with ; between them.",
		},
		ask: (*Model).overlap, reads: readOverlap, names: namesOfOverlap, complete: audienceArguments,
	}
}

// readOverlap returns where queries are written among the audiences of an overlap.
func readOverlap(written string) []ast.Span {
	return slices.DeleteFunc(splitAt(written, ";"), func(at ast.Span) bool { return areNames(written[at.Start:at.End]) != nil })
}

// namesOfOverlap returns where audiences are named.
func namesOfOverlap(written string) (names []ast.Span) {
	for _, at := range splitAt(written, ";") {
		if areNames(written[at.Start:at.End]) != nil {
			names = append(names, wordSpans(written, at)...)
		}
	}
	return names
}

// overlap compares audiences.
func (m *Model) overlap(written string) tea.Cmd {
	all, err := m.compared(written)
	if err != nil {
		m.refuse(err)
		return nil
	}
	var labels []string
	op := Operation{Op: Overlap}
	for i, a := range all {
		labels = append(labels, a.called(m.words))
		if i > 0 {
			op.Others = append(op.Others, Query{Name: a.nameIn(m.words), Text: a.text})
		}
	}
	return m.ask(asking{Operation: op, about: all[0], label: "overlap of " + strings.Join(labels, ", "), aside: true})
}

// compared returns the audiences that are written behind .overlap: two or more.
func (m *Model) compared(written string) ([]audience, error) {
	var words []string
	for _, at := range splitAt(written, ";") {
		part := written[at.Start:at.End]
		if names := areNames(part); names != nil {
			words = append(words, names...)
		} else {
			words = append(words, part)
		}
	}
	if len(words) < 2 {
		words = append([]string{"_"}, words...)
	}
	var all []audience
	for _, word := range words {
		a, err := m.condition(word)
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	if len(all) == 1 {
		all = append(all, m.before(all[0])...)
	}
	switch {
	case len(all) < 2:
		return nil, refusal{"there is one audience, and nothing to compare it with", "ask another query, or write .overlap #1; and a query"}
	case len(all) > mostCompared:
		return nil, refusal{"these are more audiences than can be compared", "name 64 at most"}
	case slices.ContainsFunc(all[1:], func(a audience) bool { return a.text == all[0].text }) && len(all) == 2:
		return nil, refusal{"this is the same audience twice", "name another one: .overlap #1 #2"}
	}
	return all, nil
}

// before returns the queries of the session that are others than an audience, the newest first.
func (m *Model) before(last audience) (others []audience) {
	seen := []string{last.text}
	for _, x := range slices.Backward(m.audiences.all) {
		if len(others) < fewCompared-1 && x.values == "" && !slices.Contains(seen, x.text) {
			others, seen = append(others, x.audience), append(seen, x.text)
		}
	}
	return others
}
