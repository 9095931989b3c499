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
			"  .save vip                    the query vip of this session, else the last audience",
			"  .save vip #3                 a query of this session; .save vip _ the last audience in any case",
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
		if err := m.backend.Gathers(); err != nil {
			m.complain(err)
			return nil
		}
	}
	which := rest[:at]
	if strings.TrimSpace(which) == "" {
		which = m.ownOrLast(name)
	}
	return m.about(which, func(a audience) tea.Cmd { return m.saveAudience(name, a, members != "") })
}

// ownOrLast is which audience is kept under a name where none is written: the query of the session that has it, else the last
// one. It says so where these are two.
func (m *Model) ownOrLast(name string) string {
	own, ok := m.audiences.byName(name)
	if !ok {
		return "_"
	}
	if last := m.audiences.last; last.text != own.text {
		m.print(fmt.Sprintf("this keeps %s, which has that name; .save %s _ keeps the last audience, %s", own.called(m.words), show.Clean(name), last.called(m.words)))
	}
	return name
}

// mostName is the most bytes of the name of a segment.
const mostName = 128

// noSegmentName refuses what is not the name of a segment: the number of a query, a path, and what no query can write.
func noSegmentName(name string) error {
	_, isNumber := number(name)
	switch {
	case isNumber || name == "_" || strings.HasPrefix(name, "#"):
		return refusal{show.Clean(name) + " is a query of this session, and no name", "say what to call it: .save NAME " + show.Clean(name)}
	case strings.TrimSpace(name) != name || strings.TrimSpace(name) == "" || strings.ContainsAny(name, "\"\\'@") || strings.IndexAny(name, "./~") == 0 || strings.ContainsFunc(name, unicode.IsControl):
		return refusal{fmt.Sprintf("%q is no name of a segment", name), "use a name without quotes, backslashes and @, without blanks at its ends, and that does not begin like a path"}
	case len(name) > mostName:
		return refusal{fmt.Sprintf("%q is no name of a segment", show.Fit(name, 20)), fmt.Sprintf("use a name of up to %d bytes", mostName)}
	}
	return nil
}

// saveAudience keeps an audience, once it is counted. With its members it is kept where its profiles are.
func (m *Model) saveAudience(name string, a audience, members bool) tea.Cmd {
	if members {
		return m.saveMembers(name, a)
	}
	if a.known.Snapshot != "" && a.known.Snapshot == m.snapshot {
		return m.keepAs(name, a, a.known)
	}
	q, cmd := m.counts(a)
	q.undone, q.saves = show.Clean(name)+" is not saved", name
	q.then = func(m *Model, r *record.Record) tea.Cmd {
		known, ok := countedBy(r)
		if !ok {
			m.note(q.undone)
			return nil
		}
		return m.keepAs(name, a, known)
	}
	return cmd
}

// counts returns the query that counts an audience: the one that runs, where it is a query of the session that has no answer
// yet, else a new one.
func (m *Model) counts(a audience) (*query, tea.Cmd) {
	for _, q := range m.queries {
		if a.number > 0 && q.number == a.number && q.asks == nil && !q.values && !q.cancelling && q.then == nil {
			return q, nil
		}
	}
	last := m.audiences.last
	if a.isNamed() {
		last = a
	}
	cmd := m.start([]Query{a.query()})
	m.audiences.last = last
	return m.byNumber(m.numbers), cmd
}

// saveMembers has an audience kept with the ids of its profiles.
func (m *Model) saveMembers(name string, a audience) tea.Cmd {
	op := Operation{Op: Save, Into: name, Members: true}
	cmd := m.ask(asking{Operation: op, about: a, label: show.Clean(name) + ", with the members of " + a.called(m.words)})
	q := m.byNumber(m.numbers)
	q.undone, q.saves = show.Clean(name)+" is not saved", name
	q.then = func(m *Model, r *record.Record) tea.Cmd {
		b, shadowed := m.backend, m.shadows(name, a)
		if r.Saved == nil {
			m.complain(errors.New("nothing was saved: the version of the worker may not know that"))
			return nil
		}
		return m.keepLater(name, func(ctx context.Context) func(*Model) tea.Cmd {
			versions, err := b.SavedVersions(ctx, name)
			if err != nil || len(versions) == 0 {
				return tells(nil, err)
			}
			s, before := versions[len(versions)-1], versions[:len(versions)-1]
			s.Fresh = r.Saved.Fresh
			return keptAs(s, before, shadowed, nil)
		})
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
	b, shadowed := m.backend, m.shadows(name, a)
	return m.keepLater(name, func(ctx context.Context) func(*Model) tea.Cmd {
		versions, none := b.SavedVersions(ctx, name)
		s, err := b.Save(ctx, name, a.query(), known)
		if err != nil {
			return tells(nil, err)
		}
		if none != nil {
			versions = nil
		}
		return keptAs(s, versions, shadowed, []string{savedLine(s)})
	})
}

// shadows says whether a query of the session has the name under which another is saved.
func (m *Model) shadows(name string, a audience) bool {
	other, ok := m.audiences.byName(name)
	return ok && other.text != a.text
}

// keptAs says what was kept, in some lines, and what it replaces of the versions before.
func keptAs(s SavedSegment, before []SavedSegment, shadowed bool, lines []string) func(*Model) tea.Cmd {
	if n := len(before); n > 0 && s.Fresh && before[n-1].Query != s.Query {
		lines = append(lines, replacedLines(before[n-1])...)
	}
	if shadowed {
		lines = append(lines, fmt.Sprintf("in this session inSegment(%q) still asks the query of that name; the saved one is asked elsewhere", show.Clean(s.Name)))
	}
	return func(m *Model) tea.Cmd {
		m.saved = append(slices.DeleteFunc(m.saved, func(old SavedSegment) bool { return old.Name == s.Name }), s)
		m.print(lines...)
		return nil
	}
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
