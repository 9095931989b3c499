package repl

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/repl/show"
)

func savedCommand() dotCommand {
	return dotCommand{
		name: ".saved", args: "[show name | drop name]", doc: "the saved segments, which inSegment(\"name\") asks about",
		more: []string{
			"  .saved                  lists them",
			"  .saved show vip         the query of one, and its versions; vip@2 is an older one",
			"  .saved drop vip         drops it, with its versions; --force also where another asks about it",
			"They are in a file of yours, or with --redis and --attach in Redis, where all that ask there find them.",
		},
		ask: (*Model).savedWritten, complete: savedArguments,
	}
}

// dropWords are what others call it to drop something.
var dropWords = []string{"rm", "remove", "delete", "del", "forget"}

// forgetsHint says what .forget is no command of: it asks for more than a session has.
const forgetsHint = "segq forget ID, outside of sessions, finds what is kept of a person"

// savedArguments are what may follow.
func savedArguments(m *Model, _ string) []lang.Item {
	return append([]lang.Item{
		{Text: "show", Kind: commandItem, Doc: "the query of a segment, and its versions"},
		{Text: "drop", Kind: commandItem, Doc: "drop a segment with all its versions"},
	}, savedNames(m, "")...)
}

// savedWritten lists saved segments, shows one or drops some.
func (m *Model) savedWritten(written string) tea.Cmd {
	written = strings.TrimSpace(written)
	names, err := cutArguments(written)
	for i, name := range names {
		names[i], _ = cutName(name)
	}
	b := m.backend
	switch {
	case err != nil:
		m.complain(err)
		return nil
	case len(names) == 0 || len(names) == 1 && names[0] == "list":
		return m.later(func(ctx context.Context) func(*Model) tea.Cmd {
			list, err := b.Saved(ctx)
			return func(m *Model) tea.Cmd { return m.listSaved(list, err) }
		})
	case slices.Contains(dropWords, names[0]) && len(names) > 1:
		m.propose("a saved segment is dropped with the word drop", ".saved drop "+strings.TrimSpace(written[len(names[0]):]))
		return nil
	case names[0] == "drop":
		return m.dropSaved(names[1:])
	case names[0] == "show":
		names = names[1:]
	}
	if len(names) != 1 {
		r := refusal{"name one segment", ".saved show NAME"}
		if len(names) > 1 {
			r = refusal{"these are " + show.Count(len(names)) + " names", "a name with blanks has quotes: .saved show " + strconv.Quote(show.Clean(strings.Join(names, " ")))}
		}
		m.refuse(r)
		return nil
	}
	return m.later(func(ctx context.Context) func(*Model) tea.Cmd {
		versions, err := b.SavedVersions(ctx, names[0])
		return func(m *Model) tea.Cmd { return m.showSaved(versions, err) }
	})
}

// listSaved prints the saved segments.
func (m *Model) listSaved(list SavedList, err error) tea.Cmd {
	if err != nil {
		m.complain(fmt.Errorf("the saved segments cannot be read: %w", err))
		return nil
	}
	if m.saved = list.Segments; len(list.Segments) == 0 {
		m.print("no segment is saved in "+show.Clean(list.Place), "hint: .save NAME keeps the last audience")
		return nil
	}
	rows := make([][]string, len(list.Segments))
	for i, s := range list.Segments {
		rows[i] = []string{show.Clean(s.Name), show.Count(s.Count), show.Share(s.Count, s.Total), savedOver(s), saved(s), show.OneLine(s.Query)}
	}
	m.printRows([]show.Column{{Head: "name", Role: show.Name}, {Head: "profiles", Right: true}, {Head: "share", Right: true, Spare: 1}, {Head: "data", Fold: true, Spare: 3}, {Head: "saved", Spare: 2}, {Head: "query", Fold: true, Least: 12}}, rows)
	m.print(m.palette.paint(faint, "in "+show.Clean(list.Place)+"; .saved show NAME has the whole query"))
	return nil
}

// savedOver is what the data is called over which a segment was counted, with how many profiles that has.
func savedOver(s SavedSegment) string {
	data := show.OneLine(s.Data)
	if data == "" {
		data = "–"
	}
	return data + " (" + show.Count(s.Total) + ")"
}

// saved says when a segment was saved, and with what.
func saved(s SavedSegment) string {
	text := s.At.Local().Format(time.DateOnly)
	if s.Members {
		text += " with members"
	}
	return text
}

// printRows prints a table that fits the screen.
func (m *Model) printRows(columns []show.Column, rows [][]string) {
	m.print(show.Part{Columns: columns, Rows: rows}.Lines(m.lookAtEdge())...)
}

// showSaved prints the query of a segment and its versions, which are the oldest first.
func (m *Model) showSaved(versions []SavedSegment, err error) tea.Cmd {
	if err != nil || len(versions) == 0 {
		m.complain(errors.Join(err))
		return nil
	}
	latest := versions[len(versions)-1]
	m.print(m.palette.paint(bold, show.Clean(latest.Name)))
	for _, line := range show.CleanLines(latest.Query) {
		m.print(margin + line)
	}
	for _, s := range slices.Backward(versions) {
		text := fmt.Sprintf("version %d  %s of %s (%s)  %s", s.Version, show.Count(s.Count), show.Count(s.Total), show.Share(s.Count, s.Total), saved(s))
		if s.Data != "" {
			text += "  in " + show.OneLine(s.Data)
		}
		if s.Query != latest.Query {
			text += "  " + show.OneLine(s.Query)
		}
		m.print(show.Fit(text, m.width))
	}
	return nil
}

// dropSaved drops saved segments.
func (m *Model) dropSaved(names []string) tea.Cmd {
	force := slices.Contains(names, "--force")
	names = slices.DeleteFunc(names, func(n string) bool { return n == "--force" })
	if len(names) == 0 {
		m.complain(errors.New("say which: .saved drop NAME"))
		return nil
	}
	b := m.backend
	return m.later(func(ctx context.Context) func(*Model) tea.Cmd {
		err := b.DropSaved(ctx, names, force)
		return func(m *Model) tea.Cmd {
			if err != nil {
				m.complain(err)
				return nil
			}
			m.saved = slices.DeleteFunc(m.saved, func(s SavedSegment) bool { return slices.Contains(names, s.Name) })
			m.print("dropped " + show.Clean(strings.Join(names, ", ")))
			return nil
		}
	})
}
