package repl

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/repl/show"
)

func recallCommand() dotCommand {
	return dotCommand{
		name: ".recall", args: "[audience]", doc: "a query of this session in the prompt again; #3 alone does the same",
		more: []string{"  .recall       the last query", "  .recall #3    that with this number, as #3 does", "  .recall gold  that with this name"},
		ask:  (*Model).recallQuery, complete: audienceArguments,
	}
}

// isRecall says whether a line is the number or the name of a query alone, such as #3.
func isRecall(line string) bool {
	name, ok := strings.CutPrefix(strings.TrimRight(strings.TrimSpace(line), ";"), "#")
	return ok && name != "" && !strings.ContainsFunc(name, func(r rune) bool { return !wordRune(r) && r != '-' })
}

// recallQuery puts a query into the prompt, with its name. An accessible session says it.
func (m *Model) recallQuery(written string) tea.Cmd {
	return m.aboutAny(written, func(a audience) tea.Cmd {
		text := a.text
		if a.name != "" {
			text = a.name + ": " + text
		}
		if m.accessible || !m.editor.Empty() {
			m.print(show.CleanLines(text)...)
			return nil
		}
		m.editor.Reset(text)
		return m.changed()
	})
}
