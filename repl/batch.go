package repl

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl/show"
)

// batch is an input, checked as a whole: statements, and commands on lines of their own, that run in their order or
// not at all.
type batch struct {
	text string
	// names are those of the queries of the session.
	names []string
	// segments are the saved segments that its commands are about.
	segments segments
	errands  []errand
	// of is how many statements and commands there are, found what is wrong with them, and wrong how many have an error.
	of, wrong int
	found     ast.Diagnostics
}

// errand is a command of a batch, or the queries between two commands.
type errand struct {
	command string
	queries []Query
}

// chunk is a part of an input: a line that is a command, or what is between two of them.
type chunk struct {
	start   int
	text    string
	command bool
}

// chunks cuts an input at its commands. A command has a line of its own, that begins with a dot and, behind a
// query, with the name of a command: any other dot goes on with the query.
func chunks(text string) []chunk {
	var all []chunk
	state, start := lexed{}, 0
	for line := range strings.SplitSeq(text, "\n") {
		tokens, comment := state.tokens(line)
		next := chunk{start: start, text: line}
		switch {
		case state == (lexed{}) && isCommand(line), state.over(line, tokens) && commandLine(line):
			next.command, state = true, lexed{}
		case state.over(line, tokens):
			state = lexed{}.through(line, tokens, comment)
		default:
			state = state.through(line, tokens, comment)
		}
		if n := len(all); n > 0 && !next.command && !all[n-1].command {
			all[n-1].text += "\n" + line
		} else {
			all = append(all, next)
		}
		start += len(line) + 1
	}
	return slices.DeleteFunc(all, func(c chunk) bool { return strings.TrimSpace(c.text) == "" })
}

// withoutCommands returns a text with blanks in the place of its commands.
func withoutCommands(text string) string {
	masked := []byte(text)
	for _, c := range chunks(text) {
		if c.command {
			copy(masked[c.start:], strings.Repeat(" ", len(c.text)))
		}
	}
	return string(masked)
}

// readBatch checks all that is in an input. It may take a while.
func readBatch(b Backend, text string, names []string) batch {
	r := batch{text: text, names: names, segments: segments{}}
	for _, c := range chunks(text) {
		if c.command {
			c.text = withMarks(c.text)
			r.of++
			r.errands = append(r.errands, errand{command: c.text})
			r.readCommand(b, c)
			continue
		}
		r.read(b, c)
	}
	slices.SortStableFunc(r.found, func(x, y ast.Diagnostic) int { return cmp.Compare(x.At.Start, y.At.Start) })
	return r
}

// readCommand checks a command, and the query that is written in it.
func (r *batch) readCommand(b Backend, c chunk) {
	found := wrongCommand(c.text)
	if found.Failed() {
		r.report(c.start, found...)
		return
	}
	if d := misordered(c.text, r.names); d != nil {
		r.report(c.start, *d)
		return
	}
	r.segments.find(b, c.text, r.names)
	queries, fields := writtenIn(c.text)
	for _, at := range fields {
		if !r.isField(b, c.text[at.Start:at.End]) {
			queries = append(queries, at)
		}
	}
	for _, at := range queries {
		text := c.text[at.Start:at.End]
		if err, ok := noAudience(c.text, text, b.Schema()).(refusal); ok && !takesAnyValue(c.text) && !slices.Contains(fields, at) { //nolint:errorlint // it is made there
			found = append(found, ast.Diagnostic{Code: "no-condition", Message: err.says, Hint: err.hint, At: at})
			continue
		}
		wrong := b.Check(Query{Text: text})
		if !wrong.Failed() && !takesAnyValue(c.text) && !slices.Contains(fields, at) {
			if gives := b.Gives(Query{Text: text}); gives != "" {
				wrong = append(wrong, ast.Diagnostic{
					Code: "no-condition", Message: fmt.Sprintf("%s gives values (%s), and is no condition that profiles meet", show.OneLine(text), show.Clean(gives)),
					Hint: "compare it with something: … > 0", At: ast.Span{End: len(text)},
				})
			}
		}
		found = append(found, shifted(wrong, at.Start)...)
	}
	r.report(c.start, found...)
}

// isField says whether a text is the path of a field, or names an audience where it might be one.
func (r *batch) isField(b Backend, text string) bool {
	return slices.Contains(r.names, text) || slices.ContainsFunc(b.Schema(), func(f Field) bool { return f.Path == text })
}

// read checks the statements of a chunk. What is wrong with the form of one does not hide what is wrong with others.
func (r *batch) read(b Backend, c chunk) {
	file, found := lang.Parse(c.text)
	if len(file.Statements) == 0 && found.Failed() {
		found = withFields(b, found, c.text)
	}
	for _, d := range found {
		r.of++
		r.report(c.start, besideQueries(c.text, d))
	}
	var e errand
	for _, s := range file.Statements {
		q, start := expression(c.text, s)
		found := b.Check(q)
		if !found.Failed() {
			q.Gives = b.Gives(q)
		}
		e.queries = append(e.queries, q)
		r.of++
		r.report(c.start+start, found...)
	}
	r.errands = append(r.errands, e)
}

// besideQueries says of a command that stands on the line of a query that it may not.
func besideQueries(text string, d ast.Diagnostic) ast.Diagnostic {
	before, word := strings.TrimRight(text[:d.At.Start], " \t"), text[d.At.Start:]
	if end := strings.IndexAny(word, " \t\n;"); end >= 0 {
		word = word[:end]
	}
	if strings.HasSuffix(before, ";") && namesCommand(word) {
		d.Code, d.Message, d.Hint = "command-line", "a command has a line of its own", ""
		d.At.End = d.At.Start + len(word)
	}
	return d
}

// report notes what is wrong with a statement that begins at an offset.
func (r *batch) report(start int, found ...ast.Diagnostic) {
	if ast.Diagnostics(found).Failed() {
		r.wrong++
	}
	r.found = append(r.found, shifted(found, start)...)
}

// withFields takes what is wrong with the form of a text from who knows the fields, of which words may be
// the name, where it is the same.
func withFields(b Backend, found ast.Diagnostics, text string) ast.Diagnostics {
	known := b.Check(Query{Text: text})
	if len(found) == 1 && len(known) == 1 && known[0].Code == found[0].Code && known[0].At == found[0].At {
		return known
	}
	return found
}

// wrongCommand says what is wrong with a line that is a command.
func wrongCommand(line string) ast.Diagnostics {
	at := ast.Span{Start: strings.IndexByte(line, '.'), End: len(strings.TrimRight(line, " \t"))}
	words := commandWords(line)
	name := strings.ToLower(words[0])
	for _, c := range commandTable() {
		if c.name != name {
			continue
		}
		if c.args == "" && len(words) > 1 {
			return ast.Diagnostics{{Code: "command-arguments", Message: c.name + " takes no arguments", At: at}}
		}
		return nil
	}
	d := ast.Diagnostic{Code: "unknown-command", Message: "there is no command " + words[0], Hint: ".help lists the commands", At: at}
	if near, ok := nearest(name, commandTable()); ok {
		d.Hint, d.Instead = "did you mean "+near+"?", near
	} else if name == ".forget" {
		d.Hint = forgetsHint
	} else if word := strings.TrimPrefix(name, "."); word == "drop" || slices.Contains(dropWords, word) {
		d.Hint, d.Instead = "a saved segment is dropped by .saved drop NAME", ".saved drop"
	}
	d.At.End = d.At.Start + len(words[0])
	return ast.Diagnostics{d}
}

// runBatch does what is in an input, in its order, when nothing in it is wrong, and else says all that is.
func (m *Model) runBatch(r batch) tea.Cmd {
	failed := r.found.Failed()
	m.assist.instead = "" // of what was entered before
	for i, d := range r.found {
		r.found[i] = m.own(d, r.text)
	}
	if failed && !m.accessible {
		m.assist.instead = cmp.Or(r.mended(), m.opensInstead(r))
	}
	for _, d := range r.found {
		if d.Severity == ast.Error {
			d.Hint = m.sessionHint(d.Hint, r.text)
			if d.Hint != "" && r.of == 1 && !m.accessible && (d.Instead != "" || strings.HasPrefix(m.assist.instead, ".open") && strings.Contains(d.Hint, m.assist.instead)) {
				d.Hint += " (Tab takes it)"
			}
		} else if failed {
			continue
		}
		m.print(renderDiagnostic(d, r.text, m.palette, m.width)...)
	}
	if failed {
		return tea.Batch(m.refused(r.text), m.giveBack(r))
	}
	if r.of == 0 {
		m.print("there is no query in this input")
		return nil
	}
	m.segments = r.segments
	var cmds []tea.Cmd
	for _, e := range r.errands {
		if e.command != "" {
			cmds = append(cmds, m.obey(e.command))
		} else if len(e.queries) > 0 {
			cmds = append(cmds, m.start(e.queries))
		}
	}
	return tea.Batch(cmds...)
}

// giveBack puts an input of several statements that did not run back into the prompt, with the cursor at the first
// error, so that it can be mended. A single one is but a key away, in the history.
func (m *Model) giveBack(r batch) tea.Cmd {
	if r.of < 2 {
		return nil
	}
	said := fmt.Sprintf("%d of %s %s wrong, so none ran", r.wrong, show.Plural(r.of, "statement", "statements"), isOrAre(r.wrong))
	if m.accessible || !m.editor.Empty() {
		m.print(said)
		return nil
	}
	m.print(said + "; they are in the prompt again")
	m.editor.Reset(r.text)
	for _, d := range r.found {
		if d.Severity == ast.Error {
			m.editor.MoveTo(d.At.Start)
			break
		}
	}
	return m.changed()
}

// mended is an input of one statement that is wrong, with what is meant in the place of each error; "" where that
// is not known. One of several is given back.
func (r *batch) mended() string {
	if r.of != 1 {
		return ""
	}
	text, end := r.text, len(r.text)
	for _, d := range slices.Backward(r.found) {
		if d.Severity == ast.Error && d.Instead != "" && d.At.End <= end {
			text, end = text[:d.At.Start]+d.Instead+text[d.At.End:], d.At.Start
		}
	}
	if text == r.text {
		return ""
	}
	return text
}

func isOrAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}
