package repl

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/repl/show"
)

func schemaCommand() dotCommand {
	return dotCommand{
		name: ".schema", args: "[path]", doc: "the fields directly in a profile, or in the object or list at path",
		more: []string{"  .schema              the top of the profile", "  .schema homeAddress  what is in an address"},
		do:   (*Model).schema, complete: fieldArguments,
	}
}

// schema shows one level of the tree of fields.
func (m *Model) schema(args []string) tea.Cmd {
	path := strings.Join(args, " ")
	if len(args) > 1 && !strings.Contains(path, "`") {
		m.print("error: .schema takes one path; .fields searches for a part of a name")
		return nil
	}
	path = strings.Trim(strings.ReplaceAll(path, "`", ""), ".")
	all := m.backend.Schema()
	places := placesOf(all)
	var level []Field
	var itself *Field
	for i, f := range all {
		if strings.EqualFold(f.Path, path) {
			itself = &all[i]
		}
		if strings.EqualFold(places[f.Path].in, path) {
			level = append(level, f)
		}
	}
	switch {
	case itself != nil:
		m.print(m.describe(append([]Field{*itself}, level...), all)...)
	case len(level) > 0:
		m.print(m.describe(level, all)...)
	case path == "":
		m.print("the schema is empty")
	default:
		m.print(fmt.Sprintf("error: there is no field %s", show.Clean(path)),
			"hint: .fields and a part of the name searches all fields")
	}
	return nil
}

// describe returns a line for each field: its path, its type, how many profiles
// have it, how many fields it holds, and what it is.
func (m *Model) describe(fields, all []Field) []string {
	inside, places := map[string]int{}, placesOf(all)
	for _, f := range all {
		inside[places[f.Path].in]++
	}
	rows := make([][2]string, len(fields))
	for i, f := range fields {
		notes := []string{show.Clean(f.Type)}
		if n := inside[f.Path]; n > 0 {
			notes = append(notes, show.Plural(n, "field", "fields"))
		}
		if f.Filled >= 0 {
			notes = append(notes, filled(f.Filled)+" filled")
		}
		if f.Doc != "" {
			notes = append(notes, show.Clean(f.Doc))
		}
		rows[i] = [2]string{show.Clean(places[f.Path].text), strings.Join(notes, ", ")}
	}
	return m.table(rows)
}
