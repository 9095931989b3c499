package repl

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

func saveCommand() dotCommand {
	return dotCommand{
		name: ".save", args: "name [audience]", doc: "keep an audience as a segment: inSegment(\"name\") asks about it",
		more: append([]string{
			"  .save vip                    the last audience",
			"  .save vip #3                 a query of this session",
			`  .save "big spenders" #3      a name with blanks`,
			"  .save vip --members          with the ids of its profiles: .diff vip says later who has entered and left",
			"It is kept beyond the session, with its size, the data and the time; the older versions stay.",
			"Values of parameters, and queries of the session that it asks about, become part of it.",
		}, aboutAudiences...),
		ask: (*Model).save, reads: readSave, complete: savedNames, order: nameFirst,
	}
}

// readSave is where the audience stands that is saved.
func readSave(written string) []ast.Span {
	at := behindWord(written)[0]
	at.End = at.Start + flagsAt(written[at.Start:at.End])
	return []ast.Span{at}
}

// behindWord is for commands whose first word is no part of a query.
func behindWord(written string) []ast.Span {
	_, rest := cutName(written)
	return []ast.Span{{Start: len(written) - len(rest), End: len(written)}}
}

// cutName cuts the first word, which may be in quotes, from the rest.
func cutName(written string) (name, rest string) {
	written = strings.TrimLeft(written, " \t")
	if written != "" && (written[0] == '"' || written[0] == '\'') {
		if end := strings.IndexByte(written[1:], written[0]); end >= 0 {
			return written[1 : end+1], strings.TrimLeft(written[end+2:], " \t")
		}
	}
	end := strings.IndexAny(written, " \t")
	if end < 0 {
		return written, ""
	}
	return written[:end], strings.TrimLeft(written[end:], " \t")
}

// save keeps an audience. What is not known of it is counted first.
func (m *Model) save(written string) tea.Cmd {
	name, rest := cutName(written)
	if name == "" {
		m.complain(errors.New("say what to call it: .save NAME, or .save NAME #3"))
		return nil
	}
	if err := noSegmentName(name); err != nil {
		m.refuse(err)
		return nil
	}
	at := flagsAt(rest)
	members := strings.TrimSpace(rest[at:])
	if members != "" && members != "--members" {
		m.complain(fmt.Errorf("there is no %s: .save takes --members, behind the audience", show.Clean(members)))
		return nil
	}
	if members != "" {
		if err := m.backend.Gathers(); errors.Is(err, ErrElsewhere) {
			m.refuse(refusal{"members are saved where the data is, and here that is with workers elsewhere", "segq save " + show.Clean(name) + " --members -c QUERY DATA, in the shell; without --members it is saved here"})
			return nil
		} else if err != nil {
			m.complain(err)
			return nil
		}
	}
	return m.about(rest[:at], func(a audience) tea.Cmd { return m.saveAudience(name, a, members != "") })
}

// noSegmentName refuses what is not the name of a segment: the number of a query, a path, and what no query can write.
func noSegmentName(name string) error {
	_, isNumber := number(name)
	switch {
	case isNumber || name == "_" || strings.HasPrefix(name, "#"):
		return refusal{show.Clean(name) + " is a query of this session, and no name", "say what to call it: .save NAME " + show.Clean(name)}
	case strings.TrimSpace(name) != name || strings.TrimSpace(name) == "" || strings.ContainsAny(name, "/\"\\'`@") || strings.ContainsFunc(name, unicode.IsControl):
		return refusal{fmt.Sprintf("%q is no name of a segment", name), "use a name without quotes, slashes, backslashes and @, and without blanks at its ends"}
	}
	return nil
}

// saveAudience keeps an audience, once it is counted, and the ids of its members are there if they are wanted.
func (m *Model) saveAudience(name string, a audience, members bool) tea.Cmd {
	if a.known.Snapshot != "" && a.known.Snapshot == m.snapshot && !members {
		return m.keepAs(name, a, a.known)
	}
	var cmd tea.Cmd
	if members {
		cmd = m.ask(asking{Operation: Operation{Gather: true}, about: a, label: "members of " + a.called(m.words)})
	} else {
		last := m.audiences.last
		if a.isNamed() {
			last = a
		}
		cmd = m.start([]Query{a.query()})
		m.audiences.last = last
	}
	q := m.byNumber(m.numbers)
	q.undone = show.Clean(name) + " is not saved"
	q.then = func(m *Model, r *record.Record) tea.Cmd {
		known, ok := countedBy(r)
		if !ok {
			m.note(q.undone)
			return nil
		}
		if members {
			known.Gathered = q.id
		}
		return m.keepAs(name, a, known)
	}
	return cmd
}

// countedBy returns the size that an answer tells.
func countedBy(r *record.Record) (Counted, bool) {
	if r == nil || r.Count == nil || r.Total == nil || !r.Exact {
		return Counted{}, false
	}
	return Counted{Count: *r.Count, Total: *r.Total, Snapshot: r.Snapshot, Now: r.Now}, true
}

// keepAs keeps an audience whose size is known.
func (m *Model) keepAs(name string, a audience, known Counted) tea.Cmd {
	b, shadowed := m.backend, false
	if other, ok := m.audiences.byName(name); ok {
		shadowed = other.text != a.text
	}
	return m.later(func(ctx context.Context) func(*Model) tea.Cmd {
		versions, none := b.SavedVersions(ctx, name)
		s, err := b.Save(ctx, name, a.query(), known)
		if err != nil {
			return tells(nil, err)
		}
		lines := []string{savedLine(s)}
		if n := len(versions); none == nil && n > 0 && s.Fresh && versions[n-1].Query != s.Query {
			lines = append(lines, replacedLines(versions[n-1])...)
		}
		if shadowed {
			lines = append(lines, fmt.Sprintf("in this session inSegment(%q) still asks the query of that name; the saved one is asked elsewhere", show.Clean(name)))
		}
		return func(m *Model) tea.Cmd {
			m.saved = append(slices.DeleteFunc(m.saved, func(old SavedSegment) bool { return old.Name == s.Name }), s)
			m.print(lines...)
			return nil
		}
	})
}

// replacedLines say which query a segment had until now, and how to get it back.
func replacedLines(was SavedSegment) []string {
	name := show.Clean(was.Name)
	version := fmt.Sprintf("%s@%d", name, was.Version)
	word, again := name, version
	if strings.Contains(name, " ") {
		word, again = strconv.Quote(name), strconv.Quote(version)
	}
	return []string{
		fmt.Sprintf("it replaces version %d: %s, %s of %s", was.Version, show.OneLine(was.Query), show.Count(was.Count), show.Count(was.Total)),
		fmt.Sprintf("hint: .save %s %s makes that one the newest again; .saved show %s lists the versions", word, again, word),
	}
}

// savedLine says what was kept.
func savedLine(s SavedSegment) string {
	said := fmt.Sprintf("as version %d", s.Version)
	if !s.Fresh {
		said = fmt.Sprintf("as version %d, whose query is the same", s.Version)
	}
	if s.Members {
		said += ", with the ids of its members"
	}
	return fmt.Sprintf("saved %s: %s of %s (%s), %s, in %s", show.Clean(s.Name), show.Count(s.Count), show.Count(s.Total), show.Share(s.Count, s.Total), said, show.Clean(s.Place))
}

// savedNames offers the names of saved segments, as far as they are known.
func savedNames(m *Model, _ string) []lang.Item {
	var items []lang.Item
	for _, s := range m.saved {
		items = append(items, lang.Item{Text: s.Name, Kind: commandItem, Doc: show.OneLine(s.Query), Count: int64(s.Count)})
	}
	return items
}
