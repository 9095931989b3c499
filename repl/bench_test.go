package repl_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl"
)

// wide is a backend over many fields, one of which has many values, that are all offered.
type wide struct {
	script
	fields []repl.Field
	items  []lang.Item
}

func newWide(fields, values int) *wide {
	w := &wide{}
	for i := range fields {
		path := fmt.Sprintf("group%d.column%d", i/100, i)
		w.fields = append(w.fields, repl.Field{Path: path, Type: "string", Doc: "what it is", Filled: 0.5})
		w.items = append(w.items, lang.Item{Text: path, Kind: lang.FieldItem, Type: "string", Path: path})
	}
	for i := range values {
		w.items = append(w.items, lang.Item{Text: fmt.Sprintf(`"value %d"`, i), Kind: lang.ValueItem, Type: "string", Count: int64(values - i)})
	}
	return w
}

func (w *wide) Reopen(context.Context, []string, func(repl.Opening)) (bool, error) {
	return false, nil
}
func (w *wide) Refresh(context.Context) (bool, error) { return false, nil }
func (w *wide) ReadingFlags() []repl.ReadingFlag      { return nil }
func (w *wide) Schema() []repl.Field                  { return w.fields }

func (w *wide) Complete(_ context.Context, text string, cursor int) repl.Completion {
	start := strings.LastIndexAny(text[:cursor], " \"")
	if text[max(start, 0)] != '"' {
		start++
	}
	return repl.Completion{Completion: lang.Completion{Span: ast.Span{Start: start, End: cursor}, Items: w.items}}
}

// BenchmarkPopup measures the time from a key to the screen that has all choices there are, and that of the key alone, with
// what stands on the screen until they are there.
func BenchmarkPopup(b *testing.B) {
	for _, c := range []struct {
		name           string
		fields, values int
		text, key      string
	}{
		{"fields=5000", 5000, 0, "not ", "c"},
		{"values=10000", 0, 10_000, `country = `, `"`},
	} {
		b.Run(c.name, func(b *testing.B) {
			backend := newWide(c.fields, c.values)
			var keys, screens []time.Duration
			for b.Loop() {
				m := repl.New(b.Context(), backend, repl.Options{Color: true, Peek: true})
				m.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
				m.Update(tea.KeyMsg{Type: tea.KeyRunes, Paste: true, Runes: []rune(c.text)})
				start := time.Now()
				_, cmd := m.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(c.key)})
				_ = m.View()
				keys = append(keys, time.Since(start))
				m.Update(choicesOf(cmd))
				view := m.View()
				screens = append(screens, time.Since(start))
				if !strings.Contains(view, " more") {
					b.Fatalf("no popup:\n%s", view)
				}
			}
			b.ReportMetric(percentile(keys, 50), "key-p50-ms")
			b.ReportMetric(percentile(keys, 99), "key-p99-ms")
			b.ReportMetric(percentile(screens, 50), "popup-p50-ms")
			b.ReportMetric(percentile(screens, 99), "popup-p99-ms")
		})
	}
}

// choicesOf runs commands until one of them gives choices.
func choicesOf(cmd tea.Cmd) tea.Msg {
	found := make(chan tea.Msg, 100)
	var run func(tea.Cmd)
	run = func(cmd tea.Cmd) {
		switch msg := cmd().(type) {
		case tea.BatchMsg:
			for _, c := range msg {
				if c != nil {
					go run(c)
				}
			}
		default:
			if msg != nil && strings.Contains(reflect.TypeOf(msg).String(), "choices") {
				found <- msg
			}
		}
	}
	go run(cmd)
	return <-found
}

func percentile(times []time.Duration, p int) float64 {
	slices.Sort(times)
	return float64(times[(len(times)-1)*p/100]) / float64(time.Millisecond)
}
