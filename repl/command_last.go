package repl

import tea "github.com/charmbracelet/bubbletea"

func lastCommand() dotCommand {
	return dotCommand{
		name: ".last", doc: "the last answer once more, whole",
		more:  []string{"  In the form that .mode says by now. Behind a long list of a command, it shows that."},
		early: true, do: (*Model).showLast,
	}
}

// showLast shows the last output again.
func (m *Model) showLast([]string) tea.Cmd {
	o := m.output
	if o.query == nil && len(o.lines) == 0 {
		m.print("there is no answer yet")
		return nil
	}
	o.again = true
	return m.draw(o)
}
