package repl

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/spelling"
	"github.com/segq/segq/repl/show"
)

// dotCommand is a command of the session itself, as against a query.
type dotCommand struct {
	name, args, doc string
	// more is what .help says about this command alone.
	more []string
	// early says that it can be used before the data is there.
	early bool
	do    func(m *Model, args []string) tea.Cmd
	// ask does it in place of do, for a command that takes a text as it was typed: all that stands behind its name.
	ask func(m *Model, written string) tea.Cmd
	// reads are the parts of what is written behind the command that may be the texts of queries, which are checked before
	// the command is done; nil where there are none.
	reads func(written string) []ast.Span
	// anyValue says that these may give values, and need not be conditions.
	anyValue bool
	// fields are the parts that may be paths of fields, which are looked for before; nil where there are none.
	fields func(written string) []ast.Span
	// names are parts that may be names of audiences, beside those of reads; nil where there are none.
	names func(written string) []ast.Span
	// order says whether the arguments stand in another order than the command takes; nil where any order will do.
	order order
	// complete gives what may be the argument of which typed is written, the best first; nil for nothing.
	complete func(m *Model, typed string) []lang.Item
}

// commandTable lists all commands, in the order of the help.
func commandTable() []dotCommand {
	return []dotCommand{
		helpCommand(), schemaCommand(), fieldsCommand(), openCommand(), loadCommand(), jobsCommand(), cancelCommand(), workersCommand(), untilCommand(), watchCommand(),
		byCommand(), funnelCommand(), nearCommand(), liftCommand(), overlapCommand(), diffCommand(), sampleCommand(), valuesCommand(), whyCommand(),
		exportCommand(), explainCommand(), saveCommand(), savedCommand(), prepareCommand(), execCommand(), setCommand(), readCommand(), recallCommand(),
		historyCommand(), editCommand(), lastCommand(), pagerCommand(), modeCommand(), copyCommand(), timingCommand(),
		quitCommand(".quit", "leave; asks again when queries are running"),
		quitCommand(".exit", "the same as .quit"),
	}
}

// isCommand says whether an input is a command: a dot and a letter, on one line, or #3. No PQL
// query starts so; .5 is a number.
func isCommand(text string) bool {
	text = strings.TrimSpace(text)
	if isRecall(text) {
		return true
	}
	return len(text) > 1 && text[0] == '.' && (text[1] < '0' || text[1] > '9') && strings.IndexByte(text, '\n') < 0
}

// commandWords are the words of a line that is a command, without what statements end with, or what was copied with
// it.
func commandWords(line string) []string {
	if isRecall(line) {
		return []string{recallCommand().name, behindName(line)}
	}
	words := strings.Fields(line)
	last := &words[len(words)-1]
	end := ";"
	if !strings.Contains(line, "(") {
		end = ";)"
	}
	if trimmed := strings.TrimRight(*last, end); len(trimmed) > 1 {
		*last = trimmed
	}
	return words
}

// behindName is what stands on the line of a command behind its name, as it was typed.
func behindName(line string) string {
	line = strings.TrimSpace(line)
	if isRecall(line) {
		return strings.TrimRight(line, ";")
	}
	end := strings.IndexFunc(line, unicode.IsSpace)
	if end < 0 {
		return ""
	}
	return strings.TrimLeft(strings.TrimRight(line[end:], "; \t"), " \t")
}

// writtenIn returns the places of the queries and of the fields that are written in a line which is a command. Names of
// audiences are neither.
func writtenIn(line string) (queries, fields []ast.Span) {
	if !isCommand(line) || isRecall(line) {
		return nil, nil
	}
	name := commandWords(line)[0]
	for _, c := range commandTable() {
		if c.name != strings.ToLower(name) {
			continue
		}
		written := behindName(line)
		start := strings.Index(line, name) + len(name)
		start += len(line[start:]) - len(strings.TrimLeftFunc(line[start:], unicode.IsSpace))
		if c.reads != nil {
			queries = slices.DeleteFunc(places(line, start, c.reads(written)), func(at ast.Span) bool { return oneWord(line[at.Start:at.End]) })
		}
		if c.fields != nil {
			fields = places(line, start, c.fields(written))
		}
	}
	return queries, fields
}

// takesAnyValue says whether the query behind a command may give values.
func takesAnyValue(line string) bool {
	name := strings.ToLower(commandWords(line)[0])
	return slices.ContainsFunc(commandTable(), func(c dotCommand) bool { return c.name == name && c.anyValue })
}

// places returns parts of what begins at start, without the blanks around them; those with nothing in them are left out.
func places(line string, start int, parts []ast.Span) (out []ast.Span) {
	for _, at := range parts {
		text := line[start+at.Start : start+at.End]
		at.Start += start + len(text) - len(strings.TrimLeft(text, " \t"))
		if text = strings.TrimSpace(text); text != "" {
			out = append(out, ast.Span{Start: at.Start, End: at.Start + len(text)})
		}
	}
	return out
}

// early says whether an input can be done before the data is there. A command that there is not can be told so at once.
func (m *Model) early(text string) bool {
	if command := m.bare(text); command != "" {
		text = command
	}
	if !isCommand(text) {
		return false
	}
	name := strings.ToLower(commandWords(text)[0])
	for _, c := range commandTable() {
		if c.name == name {
			return c.early
		}
	}
	return true
}

// obey does what an input that is a command says.
func (m *Model) obey(text string) tea.Cmd {
	m.assist.instead = "" // of what was entered before
	words := commandWords(text)
	name := strings.ToLower(words[0])
	table := commandTable()
	for _, c := range table {
		if c.name == name {
			if c.args == "" && len(words) > 1 {
				m.print(m.palette.paint(boldRed, "error: ") + fmt.Sprintf("%s takes no arguments", c.name))
				return m.refused(text)
			}
			printed, refusals := len(m.out.waiting), m.refusals
			var cmd tea.Cmd
			if c.ask != nil {
				cmd = c.ask(m, behindName(text))
			} else {
				cmd = c.do(m, words[1:])
			}
			m.listed(m.out.waiting[printed:])
			if m.refusals > refusals {
				cmd = tea.Batch(cmd, m.refused(text))
			}
			return cmd
		}
	}
	line := m.palette.paint(boldRed, "error: ") + fmt.Sprintf("there is no command %s", show.Clean(words[0]))
	if near, ok := nearest(name, table); ok {
		line += fmt.Sprintf("; did you mean %s?", near)
		if !m.accessible {
			m.assist.instead = strings.TrimSpace(near + " " + behindName(text))
			line += " (Tab takes it)"
		}
	} else if name == ".forget" {
		m.print(line, "hint: "+forgetsHint)
		return m.refused(text)
	} else if word := strings.TrimPrefix(name, "."); word == "drop" || slices.Contains(dropWords, word) {
		m.propose("there is no command "+words[0], strings.TrimSpace(".saved drop "+behindName(text)))
		return m.refused(text)
	}
	m.print(line, "hint: .help lists the commands")
	return m.refused(text)
}

// listed keeps what a command has printed for .last, where it is longer than the screen.
func (m *Model) listed(lines []string) {
	if len(lines) > m.height-2 {
		m.output = output{lines: slices.Clone(lines)}
	}
	m.scrolls(len(lines))
}

// scrolls says so where what was printed is longer than the screen.
func (m *Model) scrolls(lines int) {
	if m.accessible || m.hint != "" || lines <= m.height-2 {
		return
	}
	m.hint = fmt.Sprintf("%s: scroll back to the beginning", show.Plural(lines, "line", "lines"))
	if m.pageable() && !m.paging.off() {
		m.hint += ", or .last for the pager"
	}
}

// nearest returns the command whose name is closest to a mistyped one: one that
// starts with it, else one that is few letters away: one, or two of a long name.
func nearest(name string, table []dotCommand) (string, bool) {
	best, at := min(max(2, 1+(len(name)-1)/3), 3), -1
	for i, c := range table {
		d := spelling.Distance(name, c.name, best)
		if len(name) > 2 && strings.HasPrefix(c.name, name) {
			d = 0
		}
		if d < best {
			best, at = d, i
		}
	}
	if at < 0 {
		return "", false
	}
	return table[at].name, true
}
