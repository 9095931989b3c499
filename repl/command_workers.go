package repl

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/repl/show"
)

func workersCommand() dotCommand {
	return dotCommand{
		name: ".workers", doc: "who answers, where that is not this process",
		more: []string{"  A worker gives a sign of life every few seconds. One that was killed is missed at once, one that hangs or",
			"  cannot be reached after two signs that did not come: a query that it has goes on with another some", "  seconds later."},
		do: (*Model).workers,
	}
}

// workersMsg is how the workers are, for who has asked.
type workersMsg struct {
	crew *Crew
	err  error
}

// workers asks who answers.
func (m *Model) workers([]string) tea.Cmd {
	b, ctx := m.backend, m.ctx
	return func() tea.Msg {
		limited, stop := context.WithTimeout(ctx, pulseFor)
		defer stop()
		c, err := b.Crew(limited)
		return workersMsg{c, err}
	}
}

// workersTold prints who answers.
func (m *Model) workersTold(msg workersMsg) tea.Cmd {
	printed := len(m.out.waiting)
	switch {
	case msg.err != nil:
		m.print(m.palette.paint(boldRed, "error: ") + show.OneLine(msg.err.Error()))
	case msg.crew == nil:
		m.print("the data is in this process, which answers by itself")
	case len(msg.crew.Workers) == 0:
		m.print("no worker is there; start one: " + show.OneLine(msg.crew.Start))
	default:
		m.print(m.workerLines(msg.crew, time.Now())...)
	}
	m.listed(m.out.waiting[printed:])
	return nil
}

// workerLines has a line for each worker, or in an accessible session a sentence.
func (m *Model) workerLines(c *Crew, now time.Time) []string {
	var lines []string
	if m.accessible {
		for _, w := range c.Workers {
			lines = append(lines, fmt.Sprintf("worker %s: %s; %s", show.OneLine(w.Name), w.state(), w.inWords(now)))
		}
	} else {
		rows := make([][]string, len(c.Workers))
		for i, w := range c.Workers {
			rows[i] = []string{show.OneLine(w.Name), w.state(), show.OneLine(w.Dataset), w.profiles(), w.age(now), w.loaded(), show.OneLine(w.Snapshot)}
		}
		look := m.look()
		look.Width = m.width
		t := show.NewTable([]show.Column{
			{Head: "worker", Fold: true, Role: show.Name}, {Head: "state"}, {Head: "data", Fold: true}, {Head: "profiles", Right: true},
			{Head: "read", Spare: 1}, {Head: "loaded", Right: true, Spare: 3}, {Head: "snapshot", Spare: 2},
		}, look, rows)
		lines = append(lines, t.Head())
		for _, row := range rows {
			lines = append(lines, t.Line(row))
		}
	}
	if !c.Written.IsZero() {
		lines = append(lines, m.palette.paint(faint, "the data was written at "+c.Written.UTC().Format("2006-01-02 15:04 MST")+", "+show.Ago(now.Sub(c.Written))))
	}
	if c.different() {
		lines = append(lines, m.palette.paint(yellow, "note: ")+"who has other data answers nothing, until all have the same")
	}
	for _, w := range c.Workers {
		if w.Trouble != "" {
			lines = append(lines, m.palette.paint(yellow, "note: ")+show.OneLine(w.Name)+": "+show.OneLine(w.Trouble))
		}
	}
	if c.Note != "" {
		lines = append(lines, m.palette.paint(yellow, "note: ")+show.OneLine(c.Note))
	}
	return lines
}

// state says what a worker does.
func (w *Worker) state() string {
	switch {
	case w.Silent:
		return "no sign for " + show.Seconds(w.Quiet)
	case w.Cut:
		return "its connection has ended"
	case w.Other:
		return "has other data"
	case w.Running > 0:
		return show.Plural(w.Running, "job", "jobs")
	}
	return "idle"
}

// different says whether workers have different data.
func (c *Crew) different() bool {
	return slices.ContainsFunc(c.Workers, func(w Worker) bool { return w.Other })
}

// inWords says what data a worker has, and how much of that is in memory since when.
func (w *Worker) inWords(now time.Time) string {
	if w.Profiles < 0 {
		return "it does not say what data it has"
	}
	said := []string{show.OneLine(w.Dataset), w.profiles() + " profiles"}
	if age := w.age(now); age != "" {
		said = append(said, "read "+age)
	}
	return strings.Join(append(said, w.loaded()+" columns loaded"), ", ")
}

func (w *Worker) profiles() string {
	if w.Profiles < 0 {
		return "?"
	}
	return show.Count(w.Profiles)
}

// age is when a worker has read its data.
func (w *Worker) age(now time.Time) string {
	if w.Loaded.IsZero() {
		return ""
	}
	return show.Ago(now.Sub(w.Loaded))
}

// loaded is how many columns are in memory.
func (w *Worker) loaded() string {
	return show.Count(w.InMemory) + " of " + show.Count(w.Fields)
}
