package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl/show"
)

// mostRead is how large a file of queries may be.
const mostRead = 1 << 20

func readCommand() dotCommand {
	return dotCommand{
		name: ".read", args: "file", doc: "run the queries of a file, as if they were typed",
		more: []string{
			"  .read rules.pql    all of them, in their order, with their names; none where one is wrong",
			"  A file of many rules is better asked in one pass: segq -f rules.pql, in the shell.",
		},
		ask: (*Model).read,
	}
}

// read runs what a file says.
func (m *Model) read(written string) tea.Cmd {
	paths, err := cutArguments(written)
	if err == nil && len(paths) != 1 {
		err = errors.New("name one file: .read rules.pql")
	}
	if err != nil {
		m.complain(err)
		return nil
	}
	name, _ := cutName(paths[0])
	name = AtHome(name)
	b, names := m.backend, m.audiences.names()
	return m.later(func(context.Context) func(*Model) tea.Cmd {
		text, err := textOf(name)
		if err != nil {
			return tells(nil, err)
		}
		r := readBatch(b, text, names)
		return func(m *Model) tea.Cmd { return m.runFile(name, r) }
	})
}

// textOf reads a file of queries.
func textOf(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	if info, err := f.Stat(); err == nil && !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s is no file of queries", name)
	}
	text, err := io.ReadAll(io.LimitReader(f, mostRead+1))
	if err == nil && len(text) > mostRead {
		err = fmt.Errorf("%s is too large for a session: segq -f %[1]s, in the shell, takes it", name)
	}
	return string(text), err
}

// runFile runs what was read, or says what is wrong with it: it is mended in the file, and not in the prompt.
func (m *Model) runFile(name string, r batch) tea.Cmd {
	for _, e := range r.errands {
		if e.command != "" && strings.EqualFold(commandWords(e.command)[0], ".read") {
			m.refuse(refusal{show.Clean(name) + " has a line with .read, and a file reads no other", "read one after the other: .read in the prompt"})
			return nil
		}
	}
	if !r.found.Failed() {
		return m.runBatch(r)
	}
	for _, d := range r.found {
		if d.Severity == ast.Error {
			d.Hint = m.sessionHint(d.Hint, r.text)
			m.print(renderDiagnostic(d, r.text, m.palette, m.width)...)
		}
	}
	m.print(fmt.Sprintf("%d of %s in %s %s wrong, so none ran", r.wrong, show.Plural(r.of, "statement", "statements"), show.Clean(name), isOrAre(r.wrong)))
	return nil
}
