package jobs

import (
	"fmt"
	"os"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/repl/show"
)

// Bars are the last lines on a terminal: one for each job that runs, and one for all.
// What is printed above them is printed between wipe and paint. Those that are nil
// show nothing.
type Bars struct {
	w     *os.File
	lines int // that are on the screen
}

const (
	// mostBars is how many jobs have a bar of their own; the line for all says how many
	// others run.
	mostBars = 12
	// barCells is the length of a bar.
	barCells = 20
)

// NewBars returns bars on a terminal.
func NewBars(w *os.File) *Bars { return &Bars{w: w} }

// Wipe takes the lines away.
func (b *Bars) Wipe() {
	if b == nil || b.lines == 0 {
		return
	}
	fmt.Fprintf(b.w, "\x1b[%dA\r\x1b[J", b.lines)
	b.lines = 0
}

// Paint shows the lines for jobs.
func (b *Bars) Paint(jobs []redisx.Job) {
	if b == nil {
		return
	}
	lines := barLines(jobs, console.SizeOf(b.w))
	b.lines = len(lines)
	for _, l := range lines {
		fmt.Fprintln(b.w, l)
	}
}

// barLines returns the lines for jobs, in the order in which these were named, on a screen
// of this size: fewer than it has, and none wider.
func barLines(jobs []redisx.Job, screen console.Screen) []string {
	var lines []string
	running, open, rows, total := 0, 0, 0, 0
	for _, j := range jobs {
		l := LineOf(j)
		rows, total = rows+l.Rows, total+l.Total
		if !j.State.Final() {
			open++
		}
		if j.State != redisx.Running {
			continue
		}
		running++
		if len(lines) < min(mostBars, screen.Height-2) {
			lines = append(lines, l.bar())
		}
	}
	all := fmt.Sprintf("%s of %d jobs open", show.Count(open), len(jobs))
	if rest := running - len(lines); rest > 0 {
		all += fmt.Sprintf(", %s more run", show.Count(rest))
	}
	if total > 0 { // of those that have begun
		all += fmt.Sprintf(", %s of %s rows seen", show.Count(rows), show.Count(total))
	}
	lines = append(lines, all)
	for i, l := range lines {
		lines[i] = screen.Fit(l)
	}
	return lines
}

// bar is the line of a job that runs: how much of the data it has seen, how much matched
// and, where that can be told, about how much will.
func (l *Line) bar() string {
	name, bar, percent := l.title(), strings.Repeat("░", barCells), 0
	if name == "" {
		name = l.ID
	}
	if l.loading {
		bar, percent = show.Bar(l.Loaded, l.ToLoad, barCells), show.Percent(l.Loaded, l.ToLoad)
		return fmt.Sprintf("%s %-12s %3d %%  loading columns", bar, ansi.Truncate(name, 12, "…"), percent)
	}
	if l.Total > 0 {
		rows, total := int64(l.Rows), int64(l.Total)
		bar, percent = show.Bar(rows, total, barCells), show.Percent(rows, total)
	}
	text := fmt.Sprintf("%s %-12s %3d %%", bar, ansi.Truncate(name, 12, "…"), percent)
	if l.Rules > 0 { // what matches is another number for each
		return text
	}
	text += fmt.Sprintf("  %s matched", show.Count(l.Matched))
	if p, ok := l.project(); ok {
		text += ", " + show.Estimated(p) + " of " + show.Count(l.Total)
	}
	return text
}
