package repl

import (
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/repl/history"
)

// walk is the place of someone who goes back through the history with Up. The zero value is none.
type walk struct {
	// texts are what is passed: the input as it was typed, then what begins with it, from new to old. Changes
	// that are made to them on the way last until something is run.
	texts []string
	at    int
	// of is the history that they are from.
	of []*history.Entry
	// waiting are the steps that are made as soon as it is known what other sessions have run.
	waiting int
}

// recall goes so many steps forward in the history, or back. Who begins to go back gets there when it is known what
// other sessions have run meanwhile, in a few milliseconds, or with the next key.
func (m *Model) recall(steps int) tea.Cmd {
	if m.editor.Text() == "" {
		m.walk = walk{waiting: m.walk.waiting} // who takes all away begins anew
	}
	if m.walk.at == 0 {
		if steps > 0 {
			return nil
		}
		if m.past.File() != "" && time.Since(m.past.looked) > fresh {
			m.walk.waiting += steps
			return m.sync(nil)
		}
	}
	m.step(steps)
	return nil
}

// settleWalk makes the steps that have waited.
func (m *Model) settleWalk() {
	if steps := m.walk.waiting; steps != 0 {
		m.walk.waiting = 0
		m.step(steps)
	}
}

// step goes through the texts.
func (m *Model) step(steps int) {
	w, text := &m.walk, m.editor.Text()
	if w.at == 0 && (w.texts == nil || w.texts[0] != text || !sameEntries(w.of, m.past.Entries())) {
		*w = m.beginWalk(text)
	}
	to := w.at - steps
	if to < 0 || to >= len(w.texts) {
		if len(w.texts) == 1 && text != "" {
			m.hint = "no earlier input begins so; Ctrl-R searches"
		}
		return
	}
	w.texts[w.at], w.at = text, to
	m.editor.Set(w.texts[to])
}

// sameEntries says whether two lists are one: a history never changes one that it has given.
func sameEntries(a, b []*history.Entry) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// beginWalk begins at a text: what Ctrl-C took away comes first, then what this session has run, then what others
// have. A text that begins with a dot leads to commands, any other to queries.
func (m *Model) beginWalk(text string) walk {
	w := walk{texts: []string{text}, of: m.past.Entries()}
	start := text
	if strings.TrimSpace(text) == "" {
		start = ""
	}
	if cleared := m.past.cleared; cleared != "" && cleared != text && begins(cleared, start) {
		w.texts = append(w.texts, cleared)
	}
	for _, e := range m.past.Recall(inputKind(text)) {
		if begins(e.Text, start) && e.Text != text && e.Text != m.past.cleared {
			w.texts = append(w.texts, e.Text)
		}
	}
	return w
}

// begins says whether a text begins with another, whatever the case of its letters.
func begins(text, start string) bool {
	return len(text) >= len(start) && strings.EqualFold(text[:len(start)], start)
}
