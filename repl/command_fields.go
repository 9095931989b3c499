package repl

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/repl/show"
)

// maxFields is how many fields .fields shows at once.
const maxFields = 100

func fieldsCommand() dotCommand {
	return dotCommand{
		name: ".fields", args: "[pattern]", doc: "all fields, or those whose path or description contains the pattern",
		more: []string{"  .fields country  every field with country in its path", "  Several words must all be contained."},
		do:   (*Model).fields, complete: fieldArguments,
	}
}

// fields searches the paths and descriptions of all fields.
func (m *Model) fields(args []string) tea.Cmd {
	all := m.backend.Schema()
	words := strings.Fields(strings.ReplaceAll(strings.Join(args, " "), "`", ""))
	var found []Field
	for _, f := range all {
		if containsAll(strings.ToLower(f.Path+" "+f.Doc), words) {
			found = append(found, f)
		}
	}
	if len(found) == 0 {
		m.print(fmt.Sprintf("no field contains %s", show.Clean(strings.Join(args, " "))), "hint: .schema shows the fields level by level")
		return nil
	}
	m.print(m.describe(found[:min(len(found), maxFields)], all)...)
	if more := len(found) - maxFields; more > 0 {
		m.print(fmt.Sprintf("and %s; a longer pattern shows fewer", show.Plural(more, "more field", "more fields")))
	}
	return nil
}

func containsAll(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, strings.ToLower(w)) {
			return false
		}
	}
	return true
}
