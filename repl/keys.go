package repl

import (
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/repl/editor"
)

// keyBinding is a key, its help and what it does.
type keyBinding struct {
	key.Binding
	do func(*Model) tea.Cmd
}

// keyTable lists all key bindings of the input, in the order of the help. In a
// search through the history a few keys have another meaning; see searchKey.
func keyTable() []keyBinding {
	return []keyBinding{
		bind("Enter", "run; a new line while the input is unfinished", (*Model).enter, "enter", "ctrl+j"),
		bind("Alt-Enter", "run, finished or not", (*Model).run, "alt+enter"),
		bind("Tab", "take the choice, or what is meant in the place of an error; else complete the word", (*Model).tab, "tab"),
		bind("Shift-Tab", "choice up; take back what Tab has written", (*Model).back, "shift+tab"),
		bind("Esc", "close the list of choices", (*Model).dismiss, "esc"),
		bind("Ctrl-O", "new line", edit(func(e *editor.Buffer) { e.Insert("\n") }), "ctrl+o", "alt+\\"),
		bind("Ctrl-C", "clear the input, else cancel the newest query", (*Model).interrupt, "ctrl+c"),
		bind("Ctrl-D", "delete the character at the cursor; leave when the input is empty", (*Model).endOfInput, "ctrl+d"),
		bind("Ctrl-R", "search the history; again: an older match", (*Model).startSearch, "ctrl+r"),
		bind("Ctrl-S", "the same; in a search a newer match", (*Model).startSearch, "ctrl+s"),
		bind("Ctrl-L", "redraw the screen", func(*Model) tea.Cmd { return tea.ClearScreen }, "ctrl+l"),
		bind("Ctrl-Z", "suspend the session", (*Model).suspend, "ctrl+z"),
		bind("Up", "choice or row up, then back to what begins as the input does", vertical(-1), "up", "ctrl+p"),
		bind("Down", "into the list of choices; row down, then forward again", vertical(1), "down", "ctrl+n"),
		bind("Left", "character left", edit((*editor.Buffer).Left), "left", "ctrl+b"),
		bind("Right", "character right; at the end take what is suggested in grey", orSuggestion((*editor.Buffer).Right), "right", "ctrl+f"),
		bind("Alt-B", "word left", edit((*editor.Buffer).WordLeft), "alt+b", "alt+left", "ctrl+left"),
		bind("Alt-F", "word right; at the end take a word of that", (*Model).wordRight, "alt+f", "alt+right", "ctrl+right"),
		bind("Home", "start of the line", edit((*editor.Buffer).LineStart), "home", "ctrl+a"),
		bind("End", "end of the line; at the end take what is suggested", orSuggestion((*editor.Buffer).LineEnd), "end", "ctrl+e"),
		bind("Ctrl-Home", "start of the input", edit((*editor.Buffer).Top), "ctrl+home"),
		bind("Ctrl-End", "end of the input", edit((*editor.Buffer).Bottom), "ctrl+end"),
		bind("Backspace", "delete the character before the cursor", deleting((*editor.Buffer).DeleteLeft), "backspace", "ctrl+h"),
		bind("Delete", "delete the character at the cursor", edit((*editor.Buffer).DeleteRight), "delete"),
		bind("Ctrl-W", "cut the word before the cursor", deleting((*editor.Buffer).CutWord), "ctrl+w", "alt+backspace"),
		bind("Alt-D", "cut the word after the cursor", edit((*editor.Buffer).CutWordRight), "alt+d"),
		bind("Ctrl-U", "cut to the start of the line", deleting((*editor.Buffer).CutToLineStart), "ctrl+u"),
		bind("Ctrl-K", "cut to the end of the line", edit((*editor.Buffer).CutToLineEnd), "ctrl+k"),
		bind("Ctrl-Y", "insert what was cut last", edit((*editor.Buffer).Yank), "ctrl+y"),
		bind("Ctrl-_", "undo; most terminals send it for Ctrl-/ too", (*Model).undo, "ctrl+_", "ctrl+x ctrl+u"),
		bind("Alt-/", "redo what was undone", (*Model).redo, "alt+/", "alt+_"),
		bind("Ctrl-X Ctrl-E", "open the input in your editor (VISUAL, EDITOR)", (*Model).openEditor, "ctrl+x ctrl+e", "alt+e"),
	}
}

// bind makes a binding; name is how the help writes it, keys are all that
// trigger it.
func bind(name, help string, do func(*Model) tea.Cmd, keys ...string) keyBinding {
	return keyBinding{key.NewBinding(key.WithKeys(keys...), key.WithHelp(name, help)), do}
}

// edit makes an action of a change to the input.
func edit(change func(*editor.Buffer)) func(*Model) tea.Cmd {
	return func(m *Model) tea.Cmd {
		change(&m.editor)
		return nil
	}
}

// keyName is the name that a key is bound by; "" for text, which may spell the name of a key when several
// letters arrive at once.
func keyName(k tea.KeyMsg) string {
	if k.Type == tea.KeyRunes && !k.Alt {
		return ""
	}
	return k.String()
}

// chorded returns the name of a key, with the key before it where that begins a chord of two, as in Ctrl-X
// Ctrl-E. It says that the key waits for a second one.
func (m *Model) chorded(k tea.KeyMsg) (name string, waits bool) {
	name = keyName(k)
	if first := m.chord; first != "" {
		m.chord = ""
		return first + " " + name, false
	}
	for _, b := range m.keys {
		for _, bound := range b.Keys() {
			if first, _, two := strings.Cut(bound, " "); two && first == name {
				m.chord = name
				return "", true
			}
		}
	}
	return name, false
}

// undo and redo say so where there is nothing to do.
func (m *Model) undo() tea.Cmd {
	if !m.editor.Undo() {
		m.hint = "nothing to undo"
	}
	return nil
}

func (m *Model) redo() tea.Cmd {
	if !m.editor.Redo() {
		m.hint = "nothing to redo"
	}
	return nil
}

// vertical moves in the list of choices, else in the input, and beyond its ends in the history.
func vertical(steps int) func(*Model) tea.Cmd {
	return func(m *Model) tea.Cmd {
		if m.assist.popup.step(steps, popupRows(m.height)) || m.moveRow(steps) {
			return nil
		}
		return m.recall(steps)
	}
}

// key does what a key is bound to, and what follows from a change of the input.
func (m *Model) key(k tea.KeyMsg) tea.Cmd {
	version, cursor := m.editor.Version(), m.editor.Cursor()
	m.assist.key = keyKindOf(k)
	cmd := m.press(k)
	if m.opening == nil && (m.editor.Version() != version || m.editor.Cursor() != cursor) {
		return tea.Batch(cmd, m.learn(), m.changed())
	}
	return cmd
}

// press does what a key is bound to. Keys without a binding insert their text;
// pasted text is inserted whatever it holds, and never runs.
func (m *Model) press(k tea.KeyMsg) tea.Cmd {
	m.hint = ""
	confirmed := m.confirm
	m.confirm = false
	m.settleWalk()
	if m.search != nil && m.searchKey(k) {
		return nil
	}
	if k.Paste {
		m.chord = ""
		m.editor.Paste(string(k.Runes))
		return nil
	}
	if cmd, done := m.viKey(k); done {
		return cmd
	}
	name, waits := m.chorded(k)
	if waits {
		return nil
	}
	for _, b := range m.keys {
		if slices.Contains(b.Keys(), name) {
			// Asking to leave a second time, by any of the ways, confirms the first.
			m.confirm = confirmed
			cmd := b.do(m)
			if m.hint == "" {
				m.confirm = false
			}
			return cmd
		}
	}
	if (k.Type == tea.KeyRunes || k.Type == tea.KeySpace) && !k.Alt && !m.closes(string(k.Runes)) {
		m.editor.Insert(string(k.Runes))
	}
	return nil
}
