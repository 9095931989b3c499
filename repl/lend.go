package repl

import tea "github.com/charmbracelet/bubbletea"

// typedKey does what a key means, or keeps it for later while the terminal is another's: what stands in the input then
// is about to be replaced.
func (m *Model) typedKey(k tea.KeyMsg) tea.Cmd {
	if m.away {
		m.ahead = append(m.ahead, k)
		return nil
	}
	m.stayHere()
	return m.key(k)
}

// catchUp does what the keys mean that have come meanwhile, unless one of them gives the terminal away again.
func (m *Model) catchUp() tea.Cmd {
	var all []tea.Cmd
	for len(m.ahead) > 0 && !m.away {
		k := m.ahead[0]
		m.ahead = m.ahead[1:]
		all = append(all, m.key(k))
	}
	return tea.Batch(all...)
}
