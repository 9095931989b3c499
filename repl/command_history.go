package repl

import (
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/repl/history"
	"github.com/segq/segq/repl/show"
)

func historyCommand() dotCommand {
	return dotCommand{
		name: ".history", args: "[word ...]", doc: "what was run, in all sessions, the newest last",
		more: []string{
			"  With words: what has all of them. Each with its time, and the count where it was a query.",
			"  An input that begins with a space is not kept. segq history lists and clears from the shell.",
		},
		early: true, do: (*Model).listHistory,
	}
}

// mostListed is how many inputs .history prints.
const mostListed = 50

// listing is a list of the history to be printed, of what has all of some words.
type listing struct{ words []string }

// listHistory prints the history when it is up to date.
func (m *Model) listHistory(words []string) tea.Cmd { return m.sync(&listing{words}) }

// printHistory prints the newest inputs but its own, and where they are kept.
func (m *Model) printHistory(l *listing) {
	all := slices.DeleteFunc(slices.Clone(m.past.Entries()), func(e *history.Entry) bool {
		return e.Kind == history.Command && strings.HasPrefix(e.Text, historyCommand().name) || !e.Holds(l.words)
	})
	shown := all[max(len(all)-mostListed, 0):]
	now, width := time.Now(), 0
	for _, e := range shown {
		width = max(width, show.Cells(countOf(e, m.width)))
	}
	for _, e := range shown {
		beside := clock(e.Time.Local(), now) + "  "
		if width > 0 {
			beside += right(countOf(e, m.width), width) + "  "
		}
		for i, line := range show.CleanLines(e.Text) {
			if i > 0 {
				beside = strings.Repeat(" ", show.Cells(beside))
			}
			m.print(beside + line)
		}
	}
	m.print(m.palette.paint(faint, m.aboutHistory(len(shown), len(all), l)))
}

// aboutHistory says how much of the history was printed, and where it is.
func (m *Model) aboutHistory(shown, all int, l *listing) string {
	about := show.Plural(all, "input", "inputs")
	if len(l.words) > 0 {
		about += " with " + show.Clean(strings.Join(l.words, " "))
	}
	if shown < all {
		about = "the newest " + show.Count(shown) + " of " + about
	}
	switch {
	case m.past.File() == "":
		return about + "; the history is not kept when the session ends"
	case m.past.told:
		return about + "; the history may not be kept in " + show.Clean(m.past.File())
	}
	return about + "; the history is in " + show.Clean(m.past.File())
}

// clock is a time of which the day is left out where it is today, and the clock where it is long ago.
func clock(t, now time.Time) string {
	switch {
	case t.YearDay() == now.YearDay() && t.Year() == now.Year():
		return t.Format("       15:04")
	case now.Sub(t) < 300*24*time.Hour:
		return t.Format("Jan _2 15:04")
	}
	return t.Format("Jan _2  2006")
}
