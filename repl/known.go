package repl

import (
	"context"
	"iter"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang"
)

const (
	// learnEvery is the time after which the session looks whether the fields are others by now.
	learnEvery = 5 * time.Second
	// relistWithin is how long the store may take to list what is saved.
	relistWithin = 5 * time.Second
)

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
}

// relistedMsg has what is saved by now.
type relistedMsg []SavedSegment

// learn asks for the fields, now and then.
func (m *Model) learn() tea.Cmd {
	now := time.Now()
	if now.Sub(m.known.asked) < learnEvery {
		return nil
	}
	m.known.asked = now
	b, had := m.backend, m.known.list
	return func() tea.Msg {
		list := b.Schema()
		if slices.Equal(list, had) {
			return nil
		}
		return knownMsg{list, lang.NewFields(typesOf(list))}
	}
}

// relist lists what is saved, whose names are offered. Where that cannot be found out, those of before are.
func (m *Model) relist() tea.Cmd {
	b, ctx := m.backend, m.ctx
	return func() tea.Msg {
		limited, cancel := context.WithTimeout(ctx, relistWithin)
		defer cancel()
		saved, err := b.Saved(limited)
		if err != nil {
			return nil
		}
		return relistedMsg(saved.Segments)
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
	m.known.list, m.known.fields = msg.list, msg.fields
	if len(msg.list) == 0 {
		m.known.fields = nil
	}
	return tea.Batch(anew, m.relist())
}
