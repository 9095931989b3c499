package repl

import tea "github.com/charmbracelet/bubbletea"

// changed is called after each key that has changed the text or moved the cursor, and starts what
// helps to go on: what can stand at the cursor, what is wrong, and how many profiles match.
func (m *Model) changed() tea.Cmd { return nil }
