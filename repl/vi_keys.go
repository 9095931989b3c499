package repl

import (
	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/repl/vi"
)

// viKey does what a key does as one of vi, and says whether it is one. Keys of letters that arrive at once are taken
// one by one: the first may be a command, and the rest a text.
func (m *Model) viKey(k tea.KeyMsg) (tea.Cmd, bool) {
	if m.vi == nil || m.chord != "" {
		return nil, false
	}
	text := k.Type == tea.KeyRunes || k.Type == tea.KeySpace
	if !text || k.Alt {
		return m.viPress(keyName(k))
	}
	var cmds []tea.Cmd
	for i, r := range k.Runes {
		cmd, done := m.viPress(string(r))
		if !done {
			if i == 0 {
				return nil, false
			}
			m.editor.Insert(string(k.Runes[i:]))
			break
		}
		cmds = append(cmds, cmd)
	}
	return tea.Batch(cmds...), true
}

// viPress does what one key does. Choices are for those who insert: a command closes their list.
func (m *Model) viPress(name string) (tea.Cmd, bool) {
	out := m.vi.Press(name, &m.editor)
	if out == vi.Other {
		return nil, false
	}
	m.dismiss()
	m.assist.key = otherKey
	switch out {
	case vi.Earlier:
		return m.recall(-1), true
	case vi.Later:
		return m.recall(1), true
	case vi.Search:
		m.vi.Restart()
		return m.startSearch(), true
	case vi.Editor:
		return m.openEditor(), true
	}
	return nil, true
}

// restartVi goes back to inserting, for a text that begins.
func (m *Model) restartVi() {
	if m.vi != nil {
		m.vi.Restart()
	}
}
