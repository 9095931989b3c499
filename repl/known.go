package repl

import (
	"iter"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang"
)

// learnEvery is the time after which the session looks whether the fields are others by now.
const learnEvery = 5 * time.Second

// known are the fields that the names of the input are compared with.
type known struct {
	list   []Field
	fields *lang.Fields // nil while there are none
	asked  time.Time
}

// knownMsg says that the fields are others.
type knownMsg struct {
	list   []Field
	fields *lang.Fields
	saved  []SavedSegment
}

// learn asks for the fields, now and then.
func (m *Model) learn() tea.Cmd {
	now := time.Now()
	if now.Sub(m.known.asked) < learnEvery {
		return nil
	}
	m.known.asked = now
	b, had, ctx := m.backend, m.known.list, m.ctx
	return func() tea.Msg {
		list := b.Schema()
		if slices.Equal(list, had) {
			return nil
		}
		saved, _ := b.Saved(ctx) // names are offered as far as they are known
		return knownMsg{list, lang.NewFields(typesOf(list)), saved.Segments}
	}
}

// typesOf returns the paths of fields and their types.
func typesOf(list []Field) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, f := range list {
			if !yield(f.Path, f.Type) {
				return
			}
		}
	}
}

// learned takes the fields over.
func (m *Model) learned(msg knownMsg) tea.Cmd {
	anew := m.renewed()
	m.known.list, m.known.fields, m.saved = msg.list, msg.fields, msg.saved
	if len(msg.list) == 0 {
		m.known.fields = nil
	}
	return anew
}
