package repl

import (
	"fmt"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/repl/history"
)

// BenchmarkSearchKey presses a key, and draws the screen, in a search through a full history, and while a
// suggestion is looked for.
func BenchmarkSearchKey(b *testing.B) {
	store := history.Open("")
	for i := range history.Limit {
		store.Add(history.Entry{Kind: history.Query, Text: fmt.Sprintf("homeAddress.city = %q and\n  person.birthYear > %d and loyalty.tier in [\"gold\", \"platinum\"]", fmt.Sprint("city", i), i)})
	}
	m := &Model{canvas: canvas{palette: palette{on: true}, width: 80, height: 24}, keys: keyTable()}
	m.past.Store, m.past.looked = store, time.Now()
	b.Run("suggestion", func(b *testing.B) {
		m.editor.Set("homeAddress.cities")
		for b.Loop() {
			m.View()
		}
	})
	b.Run("search", func(b *testing.B) {
		m.search = &search{}
		m.search.renew(store.Entries())
		for i := 0; b.Loop(); i++ {
			if len(m.search.pattern) > 8 {
				m.search.pattern = ""
			}
			m.press(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{rune("hacity99"[i%8])}})
			m.View()
		}
	})
}
