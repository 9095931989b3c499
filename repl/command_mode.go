package repl

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang"
)

// ownMode is what the session's own form of answers is called.
const ownMode = "table"

func modeCommand() dotCommand {
	return dotCommand{
		name: ".mode", args: "[form]", doc: "the form of answers: table, vertical, csv, json and others",
		more: []string{
			"  .mode       which it is, and which there are",
			"  .mode csv   a line for each value, clause or row, as --format csv has them without what it says of the query; tsv likewise",
			"  .mode json  records, as --format json has them",
			"  none is the line of the count alone. .last shows the last answer again, in another form.",
		},
		early: true, do: (*Model).setMode,
		complete: func(m *Model, typed string) []lang.Item { return oneOf(m.modes()...)(m, typed) },
	}
}

// modes are the forms that an answer can be shown in.
func (m *Model) modes() []string { return append([]string{ownMode}, m.backend.Forms()...) }

// setMode changes the form of answers, or says which it is.
func (m *Model) setMode(args []string) tea.Cmd {
	now := m.mode
	if now == "" {
		now = ownMode
	}
	if len(args) == 1 && slices.Contains([]string{"parquet", "arrow"}, strings.ToLower(args[0])) {
		m.print(m.palette.paint(boldRed, "error: ") + args[0] + " is for files, not for a screen; .export FILE." + args[0] + " writes one")
		return nil
	}
	choice, ok := m.choose(".mode", args, now, m.modes()...)
	if !ok {
		return nil
	}
	if m.mode = choice; choice == ownMode {
		m.mode = ""
	}
	m.print(".mode is " + choice + m.palette.paint(faint, "   of "+strings.Join(m.modes(), ", ")))
	return nil
}
