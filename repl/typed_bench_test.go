package repl

import (
	"context"
	"fmt"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang/ast"
)

// quiet is a backend with fields and nothing else.
type quiet struct{ Backend }

func (quiet) Describe() Info                                   { return Info{} }
func (quiet) Check(Query) ast.Diagnostics                      { return nil }
func (quiet) Complete(context.Context, string, int) Completion { return Completion{} }
func (quiet) Peek(context.Context, string, int) Peek           { return Peek{} }
func (quiet) Schema() []Field {
	var list []Field
	for i := range 5000 {
		list = append(list, Field{Path: fmt.Sprintf("field%d", i), Type: "string"})
	}
	return append(list, Field{Path: "homeAddress", Type: "object"}, Field{Path: "homeAddress.countryCode", Type: "string"})
}

// BenchmarkKey is what a key and the screen after it cost at the end of a text of so many lines, at its
// start, and with a cursor that goes up and down.
func BenchmarkKey(b *testing.B) {
	for _, lines := range []int{1, 10, 100, 1000} {
		for name, keys := range map[string][]tea.KeyMsg{
			"end":   {{Type: tea.KeyRunes, Runes: []rune("x")}, {Type: tea.KeyBackspace}},
			"start": {{Type: tea.KeyRunes, Runes: []rune("x")}, {Type: tea.KeyBackspace}},
			"left":  {{Type: tea.KeyLeft}, {Type: tea.KeyRight}},
			"line":  {{Type: tea.KeyCtrlO}, {Type: tea.KeyBackspace}},
		} {
			b.Run(fmt.Sprintf("%s/%d", name, lines), func(b *testing.B) { benchmarkKey(b, lines, name == "start", keys) })
		}
	}
}

func benchmarkKey(b *testing.B, lines int, start bool, keys []tea.KeyMsg) {
	m := New(b.Context(), quiet{}, Options{Color: true})
	m.learned(m.learn()().(knownMsg))
	m.handle(tea.WindowSizeMsg{Width: 80, Height: 24})
	line := `homeAddress.countryCode = "CA" and person.name.startsWith("An") or (unknown > 12.5)` + " and\n"
	m.editor.Paste(strings.Repeat(line, lines-1) + strings.TrimSuffix(line, " and\n"))
	if start {
		m.editor.Top()
	}
	m.View()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		m.key(keys[i%len(keys)])
		m.View()
	}
}
