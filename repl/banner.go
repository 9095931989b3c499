package repl

import (
	"strings"
	"time"

	"github.com/segq/segq/repl/show"
)

// Banner returns the lines that open a session: what is loaded, and what to know about it; the first
// time, also what to try.
func (m *Model) Banner() []string {
	lines := m.headline()
	for _, n := range m.backend.Describe().Notes {
		lines = append(lines, m.palette.paint(yellow, "note: ")+show.Clean(n))
	}
	return lines
}

// headline returns the line of facts, in as many rows as it takes, and the one to start from.
func (m *Model) headline() []string {
	info := m.backend.Describe()
	lines := m.rows("segq", m.facts(info))
	if !m.first {
		return lines
	}
	start := []string{".help"}
	if m.opening == nil {
		start = []string{".fields", ".help"}
	}
	if info.Example != "" {
		start = append([]string{m.palette.paint(cyan, show.Clean(info.Example))}, start...)
	}
	between := "   "
	if m.accessible {
		between = " or "
	}
	return append(lines, margin+m.palette.paint(faint, "try")+"  "+strings.Join(start, between))
}

// facts are what there is to say about the data in a word or two each.
func (m *Model) facts(info Info) []string {
	facts := []string{show.Clean(info.Dataset)}
	if m.opening != nil {
		return append(facts, m.palette.paint(faint, m.opening.word()))
	}
	if info.Profiles >= 0 {
		facts = append(facts, show.Plural(int(info.Profiles), "profile", "profiles"))
	}
	if info.Events >= 0 {
		facts = append(facts, show.Plural(int(info.Events), "event", "events"))
	}
	if info.Fields > 0 {
		facts = append(facts, show.Plural(info.Fields, "field", "fields"))
	}
	if info.Fields > 0 && info.Loaded >= 0 && info.Loaded < info.Fields {
		facts = append(facts, m.palette.paint(faint, show.Count(info.Loaded)+" of "+show.Count(info.Fields)+" loaded"))
	}
	if !info.Now.IsZero() {
		facts = append(facts, "now is "+info.Now.UTC().Format(time.RFC3339))
	}
	for _, f := range info.Facts {
		facts = append(facts, m.palette.paint(yellow, show.Clean(f)))
	}
	return facts
}

// rows sets facts in rows as wide as the screen, under a word.
func (m *Model) rows(word string, facts []string) []string {
	between := " · "
	if m.accessible {
		between = ", "
	}
	var rows []string
	row, used := m.palette.paint(bold, word)+"  ", len(word)+2
	for i, f := range facts {
		if i > 0 && used+show.Cells(between)+show.Cells(f) > m.width {
			rows, row, used = append(rows, row), margin, len(margin)
		} else if i > 0 {
			row, used = row+between, used+show.Cells(between)
		}
		row, used = row+f, used+show.Cells(f)
	}
	return append(rows, row)
}
