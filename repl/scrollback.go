package repl

import (
	"regexp"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/segq/segq/repl/show"
)

// scrollback is what waits to be printed above the prompt for good. Bubble Tea
// runs commands side by side, so that two prints under way could swap places;
// therefore only one is ever under way.
type scrollback struct {
	waiting []string
	busy    bool
	leaving bool // the program ends when all is printed
	left    bool // and has been told so
}

// slab is how many lines are printed at a time, and slabEvery how long the next ones wait: keys are heard in between.
const (
	slab      = 200
	slabEvery = 20 * time.Millisecond
)

// printedMsg says that the print under way has reached the screen.
type printedMsg struct{}

// print adds lines, broken between words where they are wider than the screen.
func (s *scrollback) print(width int, lines ...string) {
	for _, l := range lines {
		s.waiting = append(s.waiting, wrap(l, width)...)
	}
}

// wrap breaks a line; the rest keeps the indentation, where there is room.
func wrap(line string, width int) []string {
	if show.Cells(line) <= width {
		return []string{line}
	}
	margin := len(line) - len(strings.TrimLeft(line, " "))
	if margin > width/2 {
		margin = 0
	}
	whole := line[margin:]
	if !strings.Contains(whole, together) {
		whole = thousands.ReplaceAllString(whole, "$1"+together)
	}
	rows := strings.Split(ansi.Wrap(whole, max(width-margin, 1), ","), "\n")
	for i, r := range rows {
		rows[i] = line[:margin] + strings.ReplaceAll(r, together, ",")
	}
	return rows
}

// thousands are the commas within numbers, for which together stands where lines may be broken at others: a rune of one cell that is
// in no script.
var thousands = regexp.MustCompile(`(\d),\b`)

const together = "\uf8ff"

// drop leaves out what waits of a long print, and says how much that is; 0 where it is soon printed.
func (s *scrollback) drop() (n int) {
	if n = len(s.waiting); n <= slab {
		return 0
	}
	s.waiting = nil
	return n
}

// flush returns the command that prints what waits, and that ends the program
// when the user is leaving and all is printed.
func (s *scrollback) flush() tea.Cmd {
	switch {
	case s.busy:
		return nil
	case len(s.waiting) > 0:
		n := min(len(s.waiting), slab)
		text := strings.Join(s.waiting[:n], "\n")
		s.waiting, s.busy = s.waiting[n:], true
		if len(s.waiting) > 0 {
			return tea.Sequence(tea.Println(text), tea.Tick(slabEvery, func(time.Time) tea.Msg { return printedMsg{} }))
		}
		s.waiting = nil
		return tea.Sequence(tea.Println(text), func() tea.Msg { return printedMsg{} })
	case s.leaving && !s.left:
		s.left = true
		return tea.Quit
	}
	return nil
}
