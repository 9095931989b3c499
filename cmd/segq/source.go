package main

import (
	"fmt"
	"io"
	"os"
	"sort"
	"strconv"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
)

// source is a text of queries and where it came from: "-c 1", a file's name, or
// "<stdin>".
type source struct {
	name, text string
}

// sources reads the texts of -c and -f in the order of their kind, or standard
// input when there are none.
func (o *options) sources(in io.Reader) ([]source, error) {
	var all []source
	for i, q := range o.queries {
		all = append(all, source{"-c " + strconv.Itoa(i+1), q})
	}
	for _, name := range o.files {
		s, err := readSource(name, in)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	if len(all) > 0 {
		return all, nil
	}
	s, err := readSource("-", in)
	return []source{s}, err
}

// readSource reads the file called name, or in for "-".
func readSource(name string, in io.Reader) (source, error) {
	if name == "-" {
		text, err := io.ReadAll(in)
		return source{"<stdin>", string(text)}, err
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return source{}, dataError(fmt.Errorf("cannot read queries: %w", err))
	}
	return source{name, string(text)}, nil
}

// written is one query as its author wrote it: a statement that parsed, or the
// errors of one that did not. The id is that of a rule file, else "".
type written struct {
	id, name  string
	source    source
	statement ast.Statement
	errors    ast.Diagnostics
}

// start is the offset that orders the queries of one source.
func (w written) start() int {
	if len(w.errors) > 0 {
		return w.errors[0].At.Start
	}
	return w.statement.At.Start
}

// text is the query's own text; for one that did not parse, its first line.
func (w written) text() string {
	if len(w.errors) > 0 {
		return lang.Line(w.source.text, w.errors[0].At.Start)
	}
	at := w.statement.X.Span()
	return w.source.text[at.Start:at.End]
}

// split takes a source apart into its queries: a JSON rule file into its rules,
// any other text into its statements.
func split(s source) ([]written, error) {
	if isRuleFile(s.text) {
		return splitRules(s)
	}
	return splitText(s), nil
}

// splitAll takes sources apart into their queries, one source after another.
func splitAll(sources []source) ([]written, error) {
	var all []written
	for _, s := range sources {
		more, err := split(s)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	return all, nil
}

// splitText takes a text apart into its statements, in order of place.
func splitText(s source) []written {
	file, ds := lang.Parse(s.text)
	var all []written
	for _, statement := range file.Statements {
		all = append(all, written{name: statement.Name.Text, source: s, statement: statement})
	}
	for _, d := range ds {
		if d.Severity == ast.Error {
			all = append(all, written{source: s, errors: ast.Diagnostics{d}})
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].start() < all[j].start() })
	return all
}
