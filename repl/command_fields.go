package repl

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/lang/spelling"
	"github.com/segq/segq/repl/show"
)

// maxFields is how many fields .fields shows at once, unless it is asked for all.
const maxFields = 100

func fieldsCommand() dotCommand {
	return dotCommand{
		name: ".fields", args: "[pattern] [all] [by ORDER]", doc: "fields: their types, how they are filled, how many values they have and which are frequent",
		more: []string{
			"  .fields country       every field with country in its path or description; several words must all be contained",
			"  .fields all           also those in which no profile has a value, and more than 100",
			"  .fields by filled     those that most profiles have first; by distinct those with most values, by name",
			"  – is not known: how many profiles have a field, until its column is in memory, since a query has named it; how many",
			"  values it has, where nobody counts them: workers elsewhere count those of texts, and tell nothing of personal fields.",
		},
		do: (*Model).fields, complete: fieldArguments,
	}
}

// fieldsAsked is what was typed behind .fields.
type fieldsAsked struct {
	words []string
	all   bool
	by    string
}

// bySurvey says whether the order is known with the survey alone, so that all fields are asked about.
func (a fieldsAsked) bySurvey() bool { return a.by == "distinct" || a.by == "filled" }

// fieldOrders are the orders of fields, beside that of the data.
var fieldOrders = []string{"filled", "distinct", "name"}

// readFields reads what was typed behind .fields.
func readFields(args []string) (a fieldsAsked) {
	words := strings.Fields(strings.ReplaceAll(strings.Join(args, " "), "`", ""))
	if n := len(words); n > 1 && words[n-2] == "by" && slices.Contains(fieldOrders, words[n-1]) {
		a.by, words = words[n-1], words[:n-2]
	}
	if n := len(words); n > 0 && words[n-1] == "all" {
		a.all, words = true, words[:n-1]
	}
	a.words = words
	return a
}

// noOrder says that fields have no such order.
func noOrder(word string) error {
	r := refusal{"fields have no order " + show.Clean(word), "write by filled, by distinct or by name"}
	if near := spelling.Nearest(word, fieldOrders); near != "" {
		r.hint = "did you mean by " + near + "?"
	}
	return r
}

// fields searches the paths and descriptions of all fields, and asks what their values are.
func (m *Model) fields(args []string) tea.Cmd {
	asked := readFields(args)
	if n := len(asked.words); n > 1 && asked.words[n-2] == "by" {
		m.refuse(noOrder(asked.words[n-1]))
		return nil
	}
	var found []Field
	empty := 0
	for _, f := range m.backend.Schema() {
		switch {
		case !containsAll(strings.ToLower(f.Path+" "+f.Doc), asked.words):
		case f.Filled == 0 && !asked.all:
			empty++
		default:
			found = append(found, f)
		}
	}
	if len(found) == 0 {
		line := "no field contains " + show.Clean(strings.Join(asked.words, " "))
		if empty > 0 {
			m.print(line+" and has a value in any profile", fmt.Sprintf("hint: %s, and .fields … all shows it", show.Plural(empty, "field without a value does", "fields without a value do")))
			return nil
		}
		m.print(line, "hint: .schema shows the fields level by level")
		return nil
	}
	left := 0
	if asked.by == "name" {
		slices.SortStableFunc(found, func(a, b Field) int { return cmp.Compare(strings.ToLower(a.Path), strings.ToLower(b.Path)) })
	}
	if !asked.all && !asked.bySurvey() {
		left = max(len(found)-maxFields, 0)
		found = found[:len(found)-left]
	}
	paths := make([]string, len(found))
	for i, f := range found {
		paths[i] = f.Path
	}
	b := m.backend
	return m.later(func(ctx context.Context) func(*Model) tea.Cmd {
		survey, err := b.Survey(ctx, paths)
		if err != nil {
			return tells(nil, err)
		}
		return func(m *Model) tea.Cmd { return m.surveyed(surveyedFields{asked, found, survey, empty, left}) }
	})
}

// surveyedFields are fields with what there is to know of them; empty are not shown since they hold nothing, and left since
// they are too many.
type surveyedFields struct {
	asked       fieldsAsked
	fields      []Field
	survey      []Survey
	empty, left int
}

// filled is the share of places of a field that have a value, below zero where it is not known: that of its column, where that is
// in memory, or else what the schema says.
func (f surveyedFields) filled(i int) float64 {
	if s := f.survey[i]; s.Loaded && s.Places > 0 {
		return float64(s.Filled) / float64(s.Places)
	}
	return f.fields[i].Filled
}

// surveyed shows fields as a table.
func (m *Model) surveyed(msg surveyedFields) tea.Cmd {
	order := make([]int, len(msg.fields))
	for i := range order {
		order[i] = i
	}
	if msg.asked.bySurvey() {
		slices.SortStableFunc(order, func(a, b int) int {
			if msg.asked.by == "filled" {
				return cmp.Compare(msg.filled(b), msg.filled(a))
			}
			return cmp.Compare(msg.survey[b].Distinct, msg.survey[a].Distinct)
		})
		if more := len(order) - maxFields; more > 0 && !msg.asked.all {
			msg.left, order = more, order[:maxFields]
		}
	}
	if !msg.asked.all { // what is in memory by now is known to have no value
		order = slices.DeleteFunc(order, func(i int) bool {
			s := msg.survey[i]
			hollow := s.Loaded && s.Places > 0 && s.Filled == 0
			if hollow {
				msg.empty++
			}
			return hollow
		})
	}
	printed := len(m.out.waiting)
	m.print(m.fieldTable(msg, order)...)
	m.listed(m.out.waiting[printed:])
	return nil
}

// fieldTable is a line for each field, and what else is to be said.
func (m *Model) fieldTable(msg surveyedFields, order []int) []string {
	l := m.lookAtEdge()
	places := placesOf(m.backend.Schema())
	columns := []show.Column{
		{Head: "field", Fold: true, Role: show.Name, Least: 16}, {Head: "type", Fold: true, Spare: 1}, {Head: "filled", Right: true}, {Head: "distinct", Right: true}, {Head: "top values", Fold: true, Spare: 2},
	}
	var rows [][]string
	var masked []string
	var unknown unknownFields
	for _, i := range order {
		f, s := msg.fields[i], msg.survey[i]
		at := places[f.Path].text
		if at == "" {
			at = f.Path
		}
		row := []string{show.Clean(at), show.Clean(f.Type), "–", "–", ""}
		switch {
		case s.Loaded:
			row[2] = show.Share(s.Filled, s.Places)
		case f.Filled >= 0:
			row[2] = show.Fraction(f.Filled)
		}
		if s.Distinct >= 0 && s.Loaded {
			row[3] = show.Count(s.Distinct)
		}
		switch {
		case s.Masked && s.Loaded && !strings.Contains(f.Type, "object"):
			row[4], masked = show.Masked, append(masked, f.Path)
		case len(s.Top) > 0:
			if row[4] = topOf(s.Top); slices.Contains(s.Top, show.Masked) {
				masked = append(masked, f.Path)
			}
		}
		switch {
		case strings.Contains(f.Type, "object"):
			row[3] = "" // of what has parts nobody counts how many differ
		case row[2] == "–":
			unknown.absent++
		case row[3] == "–":
			unknown.uncounted++
		}
		rows = append(rows, row)
	}
	t := show.NewTable(columns, l, rows)
	lines := []string{t.Head()}
	for _, row := range rows {
		lines = append(lines, t.Line(row))
	}
	return append(append(lines, show.SparedLines(t, l)...), m.besideFields(msg, l, masked, unknown)...)
}

// unknownFields are how many fields have a – in the table: those of which nothing is known yet, and those of which it is not known how
// many values they have.
type unknownFields struct{ absent, uncounted int }

// said says why it is not known; elsewhere says that workers have the data.
func (u unknownFields) said(elsewhere bool) (out []string) {
	if u.absent > 0 {
		out = append(out, "– filled: not known yet; a query that names the field has it loaded")
	}
	switch {
	case u.uncounted > 0 && elsewhere:
		out = append(out, "– distinct: not known; workers count the values of texts alone, and tell nothing of personal fields")
	case u.uncounted > 0:
		out = append(out, "– distinct: not counted")
	}
	return out
}

// topOf puts values in one text.
func topOf(values []string) string {
	out := make([]string, len(values))
	for i, v := range values {
		if out[i] = show.Clean(v); v == "" || strings.TrimSpace(v) != v {
			out[i] = `"` + out[i] + `"`
		}
	}
	return strings.Join(out, ", ")
}

// besideFields is what is said below the table.
func (m *Model) besideFields(msg surveyedFields, l show.Look, masked []string, unknown unknownFields) (lines []string) {
	if msg.left > 0 {
		lines = append(lines, l.Said(show.Faint, fmt.Sprintf("… %s; a longer pattern shows fewer, all shows them", show.Plural(msg.left, "more field", "more fields")))...)
	}
	if msg.empty > 0 {
		lines = append(lines, l.Said(show.Faint, show.Plural(msg.empty, "field without a value is", "fields without a value are")+" not shown; .fields all shows them")...)
	}
	for _, said := range unknown.said(m.crew.known) {
		lines = append(lines, l.Said(show.Faint, said)...)
	}
	if len(masked) > 0 {
		lines = append(lines, show.MaskedFields(masked, l)...)
	}
	return lines
}

func containsAll(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, strings.ToLower(w)) {
			return false
		}
	}
	return true
}
