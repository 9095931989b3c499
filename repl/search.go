package repl

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/repl/history"
	"github.com/segq/segq/repl/show"
)

// search is a search through the history in progress. The input stays as it is until a match is taken.
type search struct {
	pattern string
	// commands says that it began on a line that is a command.
	commands bool
	entries  []*history.Entry
	// found are the matches, best first, and at is the chosen one, below 0 for none yet.
	found []match
	at    int
	now   time.Time
}

// startSearch begins a search.
func (m *Model) startSearch() tea.Cmd {
	m.search = &search{commands: inputKind(m.editor.Text()) == history.Command}
	m.search.renew(m.past.Entries())
	return m.sync(nil)
}

// renew looks for the pattern in a history; what was chosen stays so.
func (s *search) renew(entries []*history.Entry) {
	var chosen string
	if e := s.chosen(); e != nil {
		chosen = e.ID
	}
	s.entries, s.now = entries, time.Now()
	s.find()
	if i := slices.IndexFunc(s.found, func(f match) bool { return f.entry.ID == chosen }); i >= 0 {
		s.at = i
	}
}

// find looks for the pattern and chooses the best match; without a pattern all match, and none is chosen.
func (s *search) find() {
	kind := history.Query
	if s.commands || inputKind(s.pattern) == history.Command {
		kind = history.Command
	}
	s.found, s.at = matches(s.entries, kind, s.pattern), 0
	if s.pattern == "" || len(s.found) == 0 {
		s.at = -1
	}
}

// chosen returns the entry that is chosen, nil for none.
func (s *search) chosen() *history.Entry {
	if s == nil || s.at < 0 || s.at >= len(s.found) {
		return nil
	}
	return s.found[s.at].entry
}

// typed adds to the pattern, line ends as spaces.
func (s *search) typed(text string) {
	s.pattern += strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ").Replace(strings.ToValidUTF8(text, "\ufffd"))
	s.find()
}

// step chooses another match, if there is one.
func (s *search) step(steps int) {
	if to := s.at + steps; to >= 0 && to < len(s.found) {
		s.at = to
	}
}

// searchKey handles a key while a search is under way, and says whether it was
// the search's. Every other key takes the match, and then does what it always does.
func (m *Model) searchKey(k tea.KeyMsg) bool {
	s := m.search
	if (k.Type == tea.KeyRunes || k.Type == tea.KeySpace) && !k.Alt { // pasted as well; its name may be that of a key
		s.typed(string(k.Runes))
		return true
	}
	switch keyName(k) {
	case "ctrl+r", "down", "ctrl+n":
		s.step(1)
	case "ctrl+s", "up", "ctrl+p":
		s.step(-1)
	case "esc", "ctrl+g", "ctrl+c":
		m.search = nil
	case "enter", "tab":
		m.takeMatch()
	case "backspace", "ctrl+h":
		_, n := utf8.DecodeLastRuneInString(s.pattern)
		s.pattern = s.pattern[:len(s.pattern)-n]
		s.find()
	case "ctrl+u":
		s.pattern = ""
		s.find()
	case "ctrl+z", "ctrl+l": // which have nothing to do with the input
		return false
	default:
		m.takeMatch()
		return false
	}
	return true
}

// takeMatch ends the search, with what is chosen in the input.
func (m *Model) takeMatch() {
	if e := m.search.chosen(); e != nil {
		m.editor.Set(e.Text)
		m.walk = walk{}
	}
	m.search = nil
}

// matchRows is how many matches a screen shows.
func matchRows(height int) int { return min(max(height/3, 1), 8) }

// render returns the lines below the input: the pattern, and some matches with their count and age.
func (s *search) render(p palette, width, height int) []string {
	line := p.paint(bold, "search: ") + show.Clean(s.pattern) + p.cursor(plain, " ")
	room := width - show.Cells(line)
	switch {
	case len(s.found) == 0:
		line += p.paint(red, fitting(room, " no match in the history", " no match"))
	case s.at < 0:
		line += p.paint(faint, fitting(room, " type parts of an earlier input; Ctrl-R older, Enter takes, Esc back",
			" parts of an input; Enter takes, Esc back", " Enter takes, Esc back"))
	default:
		line += p.paint(faint, fmt.Sprintf(" %d of %d", s.at+1, len(s.found)))
	}
	rows := matchRows(height)
	first := min(max(s.at-rows/2, 0), max(len(s.found)-rows, 0))
	shown := s.found[first:min(first+rows, len(s.found))]
	return append([]string{show.Fit(line, width)}, s.renderMatches(shown, s.at-first, p, width)...)
}

// renderMatches returns matches in columns.
func (s *search) renderMatches(found []match, chosen int, p palette, width int) []string {
	counts, ages := make([]string, len(found)), make([]string, len(found))
	countWidth, ageWidth := 0, 0
	for i, f := range found {
		counts[i], ages[i] = countOf(f.entry, width), age(s.now.Sub(f.entry.Time))
		countWidth, ageWidth = max(countWidth, show.Cells(counts[i])), max(ageWidth, show.Cells(ages[i]))
	}
	lines := make([]string, len(found))
	for i, f := range found {
		marker := "  "
		if i == chosen {
			marker = p.paint(bold, "> ")
		}
		beside := right(ages[i], ageWidth) + "  "
		if countWidth > 0 {
			beside = right(counts[i], countWidth) + "  " + beside
		}
		lines[i] = marker + p.paint(faint, beside) + f.render(s.pattern, p, width-2-show.Cells(beside))
	}
	return lines
}

// right puts a text to the right of so many cells.
func right(text string, cells int) string {
	return strings.Repeat(" ", max(cells-show.Cells(text), 0)) + text
}

// countOf is what became of an input, in a word; on a narrow screen a short one.
func countOf(e *history.Entry, width int) string {
	count := show.Count(e.Count)
	if width < 60 {
		count = show.Short(float64(e.Count))
	}
	switch {
	case e.State != history.Done:
		return string(e.State)
	case !e.Exact:
		return "≈ " + count
	}
	return count
}

// age is how long ago something was.
func age(d time.Duration) string {
	const day = 24 * time.Hour
	for _, u := range []struct {
		size time.Duration
		name string
	}{{365 * day, "y"}, {30 * day, "mo"}, {day, "d"}, {time.Hour, "h"}, {time.Minute, "min"}} {
		if d >= u.size {
			return fmt.Sprintf("%d %s", d/u.size, u.name)
		}
	}
	return fmt.Sprintf("%d s", max(d, 0)/time.Second)
}
