package repl

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/spelling"
	"github.com/segq/segq/repl/show"
)

func prepareCommand() dotCommand {
	return dotCommand{
		name: ".prepare", args: "[name query]", doc: "keep a query whose @parameters .exec gives; alone, list them",
		more: []string{
			"  .prepare tier loyalty.tier = @tier and loyalty.points >= @points",
			`  .exec tier "gold" 1000`,
			"  .prepare tier              shows it, and .prepare lists all",
		},
		ask: (*Model).prepareWritten, complete: preparedNames,
	}
}

func execCommand() dotCommand {
	return dotCommand{
		name: ".exec", args: "name [value ...]", doc: "run what .prepare has kept, with values for its parameters",
		more: []string{
			`  .exec tier "gold" 1000       in the order in which the parameters stand in the query`,
			`  .exec tier points=1000 tier=gold`,
			"A text needs no quotes, unless it has blanks or looks like a number. What .set gave a value needs none here.",
		},
		ask: (*Model).execWritten, complete: preparedNames,
	}
}

// preparedNames are the names of what was prepared.
func preparedNames(m *Model, _ string) []lang.Item {
	var items []lang.Item
	for _, name := range slices.Sorted(maps.Keys(m.prepared)) {
		items = append(items, lang.Item{Text: name, Kind: commandItem, Doc: show.OneLine(m.prepared[name].text)})
	}
	return items
}

// prepareWritten keeps a query with parameters, or lists what is kept.
func (m *Model) prepareWritten(written string) tea.Cmd {
	written = strings.TrimSpace(written)
	name, text, _ := strings.Cut(written, " ")
	name = strings.TrimSuffix(name, ":")
	switch text = strings.TrimSpace(text); {
	case written == "":
		m.listPrepared()
		return nil
	case !plainName(name):
		m.complain(fmt.Errorf("%s is no name: write letters, digits and _, and the query behind it", show.Clean(name)))
		return nil
	case text == "":
		if p, ok := m.preparedNamed(name); ok {
			m.print(show.Clean(name)+"  "+p.takes(), margin+show.OneLine(p.text))
		}
		return nil
	}
	p, found := prepare(text)
	if found.Failed() {
		m.printWrong(found, text)
		return m.refused(".prepare " + written)
	}
	if m.prepared == nil {
		m.prepared = map[string]prepared{}
	}
	m.prepared[name] = p
	b := m.backend
	return m.later(func(context.Context) func(*Model) tea.Cmd {
		found := slices.DeleteFunc(b.Check(Query{Text: text}), func(d ast.Diagnostic) bool { return d.Code == "unknown-parameter" })
		return func(m *Model) tea.Cmd {
			if found.Failed() {
				delete(m.prepared, name)
				m.printWrong(found, text)
				return nil
			}
			m.print(fmt.Sprintf("prepared %s; %s: .exec %s", show.Clean(name), p.takes(), strings.TrimSpace(show.Clean(name)+" "+strings.ToUpper(strings.Join(p.params, " ")))))
			return nil
		}
	})
}

// printWrong shows what is wrong with a text.
func (m *Model) printWrong(found ast.Diagnostics, text string) {
	for _, d := range found {
		if d.Severity == ast.Error {
			d.Hint = m.sessionHint(d.Hint, text)
			m.print(renderDiagnostic(d, text, m.palette, m.width)...)
		}
	}
}

// listPrepared lists what is prepared.
func (m *Model) listPrepared() {
	if len(m.prepared) == 0 {
		m.print("nothing is prepared; .prepare NAME QUERY keeps a query with @parameters, which .exec NAME VALUE ... gives")
		return
	}
	var rows [][2]string
	for _, name := range slices.Sorted(maps.Keys(m.prepared)) {
		p := m.prepared[name]
		rows = append(rows, [2]string{strings.TrimSpace(show.Clean(name) + " " + strings.Join(p.marked(), " ")), show.OneLine(p.text)})
	}
	m.print(m.table(rows)...)
}

// marked are the parameters as queries write them.
func (p prepared) marked() []string {
	all := make([]string, len(p.params))
	for i, name := range p.params {
		all[i] = "@" + name
	}
	return all
}

// preparedNamed returns what was prepared under a name, or says what there is.
func (m *Model) preparedNamed(name string) (prepared, bool) {
	p, ok := m.prepared[name]
	if ok {
		return p, true
	}
	names := slices.Sorted(maps.Keys(m.prepared))
	said := "nothing is prepared as " + show.Clean(name)
	if near := spelling.Nearest(name, names); near != "" {
		said += "; did you mean " + show.Clean(near) + "?"
	}
	m.complain(errors.New(said))
	m.print("hint: .prepare " + show.Clean(name) + " QUERY keeps a query with @parameters")
	return p, false
}

// execWritten runs what was prepared.
func (m *Model) execWritten(written string) tea.Cmd {
	written = strings.TrimSpace(written)
	name, rest, _ := strings.Cut(written, " ")
	if name == "" {
		m.complain(errors.New("say what to run: .exec and a name"))
		m.print("hint: .prepare lists what there is")
		return nil
	}
	p, ok := m.preparedNamed(name)
	if !ok {
		return m.refused(".exec " + written)
	}
	given, err := cutArguments(rest)
	var text, said string
	if err == nil {
		text, said, err = p.bind(given, func(name string) bool { return m.paramNamed(name) != nil })
	}
	if err != nil {
		m.complain(fmt.Errorf("%s: %w", show.Clean(name), err))
		return m.refused(".exec " + written)
	}
	b, names := m.backend, m.audiences.names()
	return m.later(func(context.Context) func(*Model) tea.Cmd {
		r := readBatch(b, text, names)
		for i, d := range r.found {
			if d.Severity == ast.Error && said != "" { // whoever gives values has written no query that could be mended
				r.found[i].Hint, r.found[i].Instead = "here "+said+"; "+name+" takes them in this order, or by name: .exec "+name+" "+strings.Join(p.params, "=… ")+"=…", ""
			}
		}
		return func(m *Model) tea.Cmd { return m.runBatch(r) }
	})
}
