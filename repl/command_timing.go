package repl

import tea "github.com/charmbracelet/bubbletea"

func timingCommand() dotCommand {
	return dotCommand{
		name: ".timing", args: "[on|off]", doc: "how long answers took, behind each",
		early: true, do: (*Model).setTiming, complete: oneOf("on", "off"),
	}
}

// setTiming shows how long answers took, or does not, or says which it is.
func (m *Model) setTiming(args []string) tea.Cmd {
	now := "on"
	if m.untimed {
		now = "off"
	}
	choice, ok := m.choose(".timing", args, now, "on", "off")
	if ok {
		m.untimed = choice == "off"
		m.print(".timing is " + choice)
	}
	return nil
}
