package repl

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/parse"
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
		ask: (*Model).overlap, reads: readOverlap, names: namesOfOverlap, complete: audienceArguments, order: marksBetween,
	}
}

// besides returns where the audiences stand that are written beside each other: with ; between them, or behind names with
// blanks or commas between them.
func besides(written string) (names, queries []ast.Span) {
	for _, at := range splitAt(written, ";") {
		own := ownWords(written, at)
		if n := len(own); n > 0 {
			at.Start = own[n-1].End
			at.Start += len(written[at.Start:at.End]) - len(strings.TrimLeft(written[at.Start:at.End], " \t,"))
			if isOperator(written[at.Start:at.End]) { // a query asks about another by its name, and is told so
				at.Start, own = own[0].Start, nil
			}
		}
		names = append(names, own...)
		switch rest := written[at.Start:at.End]; {
		case strings.TrimSpace(rest) == "":
		case areNames(withoutCommas(rest)) != nil:
			names = append(names, wordSpans(written[:at.Start]+withoutCommas(rest), at)...)
		default:
			queries = append(queries, at)
		}
	}
	return names, queries
}

// withoutCommas has blanks in the place of the commas between names.
func withoutCommas(text string) string {
	if strings.ContainsAny(text, quotes) {
		return text
	}
	return strings.ReplaceAll(text, ",", " ")
}

// ownWords are the places of the words at the beginning of a part that name queries of the session by their signs. No query
// begins so.
func ownWords(text string, in ast.Span) (own []ast.Span) {
	for at := in.Start; at < in.End; {
		at += len(text[at:in.End]) - len(strings.TrimLeft(text[at:in.End], " \t,"))
		end := strings.IndexAny(text[at:in.End], " \t,")
		if end < 0 {
			end = in.End - at
		}
		if !isOwn(text[at : at+end]) {
			return own
		}
		own, at = append(own, ast.Span{Start: at, End: at + end}), at+end
	}
	return own
}

// isOperator says whether a text begins with what stands between two operands.
func isOperator(text string) bool {
	for _, t := range lang.Tokens(text) {
		word := strings.ToLower(text[t.At.Start:t.At.End])
		return t.Kind == parse.Punct && !strings.Contains("([{-", word) || slices.Contains([]string{"and", "or", "in", "occurs", "matches"}, word)
	}
	return false
}

// readOverlap returns where queries are written among the audiences of an overlap.
func readOverlap(written string) []ast.Span {
	_, queries := besides(written)
	return queries
}

// namesOfOverlap returns where audiences are named.
func namesOfOverlap(written string) []ast.Span {
	names, _ := besides(written)
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
	names, queries := besides(written)
	parts := append(names, queries...)
	slices.SortFunc(parts, func(a, b ast.Span) int { return a.Start - b.Start })
	for _, at := range parts {
		words = append(words, written[at.Start:at.End])
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
