package repl

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

func diffCommand() dotCommand {
	return dotCommand{
		name: ".diff", args: "audience [audience]", doc: "who enters, leaves and stays from one audience to another",
		more: append([]string{
			"  .diff #3 #4                  from the first to the second",
			"  .diff #3                     from that to the last audience",
			"  .diff #3 loyalty.tier = \"gold\"",
			"  .diff vip                    a saved segment: from the members that .save vip --members has kept to now",
			"  .diff vip@2                  from those of an older version",
			"Other data is compared in the shell: segq diff vip --against yesterday.parquet today.parquet.",
		}, aboutAudiences...),
		ask: (*Model).diff, reads: readDiff, complete: audienceArguments,
	}
}

// readDiff returns where the two audiences of a comparison stand.
func readDiff(written string) []ast.Span {
	_, rest := cutName(written)
	start := len(written) - len(rest)
	return []ast.Span{{Start: 0, End: start}, {Start: start, End: start + flagsAt(rest)}}
}

// diff compares two audiences: what the one has and the other does not. Both are counted in one pass. One name alone
// is that of a saved segment, if there is one.
func (m *Model) diff(written string) tea.Cmd {
	first, rest := cutName(written)
	first = strings.TrimRight(first, ";,") // as .overlap has them
	if first == "" {
		m.refuse(refusal{"say what to compare: .diff #3 #4, or a saved segment with what it was: .diff vip", ".help diff says more"})
		return nil
	}
	if strings.HasPrefix(rest, "--") {
		m.refuse(refusal{"other data is compared in the shell", "segq diff " + show.Clean(first+" "+rest) + " DATA"})
		return nil
	}
	if s, ok := m.shelf[strings.Trim(first, quotes)]; ok && rest == "" {
		return m.diffSaved(s)
	}
	before, err := m.condition(first)
	if err != nil {
		m.refuse(err)
		return nil
	}
	return m.about(rest, func(now audience) tea.Cmd {
		label := "from " + before.called(m.words) + " to " + now.called(m.words)
		cmd := m.ask(asking{Operation: Operation{Op: Overlap, Others: []Query{now.query()}}, about: before, label: label})
		m.byNumber(m.numbers).then = func(m *Model, r *record.Record) tea.Cmd {
			m.print(indent(diffLines(r))...)
			return nil
		}
		return cmd
	})
}

// diffSaved compares a saved segment with its members of before.
func (m *Model) diffSaved(s SavedSegment) tea.Cmd {
	name := show.Clean(s.Name)
	if strings.Contains(name, " ") {
		name = `"` + name + `"`
	}
	err := m.backend.Gathers()
	switch {
	case errors.Is(err, ErrElsewhere):
		m.refuse(refusal{"members are compared where the data is, and here that is with workers elsewhere", "segq diff " + name + " DATA, in the shell, with the --redis or --store of this session"})
		return nil
	case err != nil:
		m.complain(err)
		return nil
	case !s.Members:
		m.refuse(refusal{
			fmt.Sprintf("the members of %s, version %d, were not saved", name, s.Version),
			".save " + name + " " + name + " --members keeps them from now on; segq diff " + name + " --against DATA compares other data",
		})
		return nil
	}
	now := audience{name: s.Name, text: s.Query}
	op := Operation{Gather: true, Against: fmt.Sprintf("%s@%d", s.Name, s.Version)}
	cmd := m.ask(asking{Operation: op, about: now, label: fmt.Sprintf("%s, version %d, and now", name, s.Version)})
	q := m.byNumber(m.numbers)
	q.then = func(m *Model, r *record.Record) tea.Cmd {
		b, job := m.backend, q.id
		return m.later(func(ctx context.Context) func(*Model) tea.Cmd {
			d, err := b.Compare(ctx, job)
			return func(m *Model) tea.Cmd {
				if err != nil {
					m.complain(err)
					return nil
				}
				m.print(indent(d.lines(s, r))...)
				return nil
			}
		})
	}
	return cmd
}

// lines says what has changed since a segment was saved.
func (d Difference) lines(s SavedSegment, r *record.Record) []string {
	lines := []string{changes(d.Entered, d.Left, d.Stayed, d.Before, d.Now)}
	if without := valueOf(r.Count) - d.Now; without > 0 {
		lines = append(lines, show.Plural(without, "profile has", "profiles have")+" no id of their own, and are not compared")
	}
	since := "members of " + s.At.Local().Format(time.DateTime)
	if d.Snapshot == r.Snapshot {
		since += ", of the same data"
	}
	return append(lines, since)
}

func valueOf(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}

// diffLines says who enters, leaves and stays, by what two audiences have in common.
func diffLines(r *record.Record) []string {
	o := r.Overlap
	if o == nil || len(o.Both) != 2 || len(o.Both[0]) != 2 || len(o.Only) != 2 {
		return nil
	}
	was, is := o.Both[0][0], o.Both[1][1]
	return []string{changes(o.Only[1], o.Only[0], o.Both[0][1], was, is)}
}

// changes says how many enter, leave and stay.
func changes(entered, left, stayed, was, is int) string {
	return strings.Join([]string{
		"entered " + show.Count(entered), "left " + show.Count(left), "stayed " + show.Count(stayed),
		show.Count(was) + " before, " + show.Count(is) + " now",
	}, " · ")
}
