package repl

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/repl/editor"
)

// closing is the text from the bracket on that was written with a function that was taken, "" for none: as long as
// nothing behind it has changed, it goes with the one that opens, and is not typed twice.
type closing string

// at is where that bracket is in a text with the cursor before it; -1 for nowhere any more.
func (c closing) at(in input) int {
	start := len(in.text) - len(c)
	if c == "" || start < in.cursor || !strings.HasSuffix(in.text, string(c)) {
		return -1
	}
	return start
}

// deleting makes an action that takes away what is before the cursor, and with a bracket its mate that was written
// for it.
func deleting(what func(*editor.Buffer)) func(*Model) tea.Cmd {
	return func(m *Model) tea.Cmd {
		before := m.at()
		what(&m.editor)
		from := m.editor.Cursor()
		at := m.assist.closing.at(before)
		if at < 0 || strings.TrimSpace(before.text[before.cursor:at]) != "" {
			return nil
		}
		if _, opens := lang.Bracket(before.text, at); from <= opens && opens < before.cursor {
			at -= before.cursor - from
			m.editor.Replace(at, at+1, "")
			m.editor.MoveTo(from)
		}
		return nil
	}
}

// closes steps over the bracket that was written already, where it is typed.
func (m *Model) closes(typed string) bool {
	at := m.at()
	if typed != ")" || m.assist.closing.at(at) != at.cursor {
		return false
	}
	m.editor.MoveTo(at.cursor + 1)
	return true
}
