package repl

import (
	"fmt"
	"strings"

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
			"  .diff vip --against old.parquet  from other data, which is read beside this: who is in vip there, and who here",
			"  .diff vip --against old.csv --delimiter ';'  read with the flags of this data, and those that are written here, as .open takes them",
			"Of two audiences the profiles are counted, row by row; of a saved segment the ids are, each once: an id in several rows, or none, counts otherwise. To compare data or members of workers elsewhere in a file: segq diff vip --attach --changes FILE.",
		}, aboutAudiences...),
		ask: (*Model).diff, reads: readDiff, complete: audienceArguments,
	}
}

// readDiff returns where the two audiences of a comparison stand.
func readDiff(written string) []ast.Span {
	first, rest := cutName(written)
	if strings.HasPrefix(first, "--") {
		return nil
	}
	start := len(written) - len(rest)
	return []ast.Span{{Start: 0, End: start}, {Start: start, End: start + flagsAt(rest)}}
}

// diff compares two audiences: what the one has and the other does not. Both are counted in one pass. One name alone
// is that of a saved segment, if there is one.
func (m *Model) diff(written string) tea.Cmd {
	first, rest := cutName(written)
	first = strings.TrimRight(first, ";,") // as .overlap has them
	if first == "" || strings.HasPrefix(first, "--") {
		m.refuse(refusal{"say what to compare: .diff #3 #4, or a saved segment with what it was: .diff vip", ".help diff says more"})
		return nil
	}
	against, err := m.againstOf(rest[flagsAt(rest):])
	if err != nil {
		m.refuse(err)
		return nil
	}
	rest = strings.TrimSpace(rest[:flagsAt(rest)])
	s, saved := m.segments[strings.Trim(first, quotes)]
	switch {
	case saved && rest == "":
		return m.diffSaved(s, against)
	case len(against) > 0:
		m.refuse(refusal{"--against compares a saved segment, and " + show.Clean(strings.TrimSpace(first+" "+rest)) + " is none", ".save vip " + show.Clean(first) + " keeps one, and .diff vip --against DATA compares it"})
		return nil
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

// againstOf reads the paths of other data behind --against, with the flags to read it with.
func (m *Model) againstOf(flags string) ([]string, error) {
	if flags = strings.TrimSpace(flags); flags == "" {
		return nil, nil
	}
	flag, rest := cutName(flags)
	if flag != "--against" {
		return nil, refusal{"there is no " + show.Clean(flag) + ": .diff takes --against DATA, behind the name of a saved segment", ""}
	}
	words, err := pathsOf(rest)
	if err == nil && len(withoutFlags(words, m.backend.ReadingFlags())) == 0 {
		err = refusal{"--against needs other data", "write .diff vip --against yesterday.parquet"}
	}
	return words, err
}

// behindAgainst returns where the paths of other data begin in the text of a comparison that ends behind their flag.
func behindAgainst(text string) (after int, ok bool) {
	if !isCommand(text) || !isDiff(text) {
		return 0, false
	}
	at := flagsAt(text)
	paths, ok := strings.CutPrefix(text[at:], "--against")
	return len(text) - len(paths), ok && strings.HasPrefix(paths, " ")
}

// diffSaved compares a saved segment with its members of before, or with its profiles in other data.
func (m *Model) diffSaved(s SavedSegment, against []string) tea.Cmd {
	name := show.Clean(s.Name)
	if strings.Contains(name, " ") {
		name = `"` + name + `"`
	}
	err, label := m.backend.Gathers(), fmt.Sprintf("%s, version %d, and now", name, s.Version)
	if len(against) > 0 {
		label = fmt.Sprintf("%s, version %d, in %s, and now", name, s.Version, show.Clean(strings.Join(withoutFlags(against, m.backend.ReadingFlags()), " ")))
		err = m.backend.Opens()
	}
	switch {
	case err != nil:
		m.complain(err)
		return nil
	case !s.Members && len(against) == 0:
		m.refuse(refusal{
			fmt.Sprintf("the members of %s, version %d, were not saved", name, s.Version),
			".save " + name + " " + name + " --members keeps them from now on; .diff " + name + " --against DATA compares other data",
		})
		return nil
	}
	op := Operation{Op: Diff, Saved: fmt.Sprintf("%s@%d", s.Name, s.Version), Against: against}
	return m.ask(asking{Operation: op, about: audience{name: s.Name, text: s.Query}, label: label})
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
