package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl/show"
)

// source is a text of queries and where it came from: "-c 1", a file's name, or
// "<stdin>".
type source struct {
	name, text string
}

// What a text of queries may be at most: far more than anybody writes, and no more than
// a machine can hold. A rule file in JSON may have maxText bytes, other text, which
// takes more to parse, maxStatements, in maxLines.
const (
	maxText       = 64 << 20
	maxStatements = 16 << 20
	maxLines      = 500_000
	maxQueries    = 200_000
)

// readSources gives the texts of queries, those of files, in this order, and of in where
// there are neither. It returns when ctx is done.
func readSources(ctx context.Context, queries, files []string, in io.Reader) ([]source, error) {
	var all []source
	for i, q := range queries {
		all = append(all, source{"-c " + strconv.Itoa(i+1), q})
	}
	for _, name := range files {
		s, err := readSource(ctx, name, in)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	if len(all) > 0 {
		return all, nil
	}
	s, err := readSource(ctx, "-", in)
	return []source{s}, err
}

// readSource reads the file called name, or in for "-".
func readSource(ctx context.Context, name string, in io.Reader) (source, error) {
	if name == "-" {
		r := load.UntilDone(ctx, in)
		defer r.Close()
		text, err := readText(r)
		if err != nil {
			err = exit.Data(fmt.Errorf("cannot read queries from standard input: %w", err))
		}
		return source{"<stdin>", text}, err
	}
	f, err := load.OpenFile(ctx, name)
	if err != nil {
		return source{}, exit.Data(fmt.Errorf("cannot read queries: %w", err))
	}
	defer f.Close()
	text, err := readText(f)
	if err != nil {
		return source{}, exit.Data(fmt.Errorf("cannot read queries from %s: %w", name, err))
	}
	return source{name, text}, nil
}

// readText reads a text to its end, which must come some time. A byte that no text has
// ends it early, so that nobody waits for the end of a device.
func readText(r io.Reader) (string, error) {
	var text bytes.Buffer
	for text.Len() <= maxText {
		before := text.Len()
		n, err := io.CopyN(&text, r, 1<<20)
		if i := bytes.IndexByte(text.Bytes()[before:], 0); i >= 0 {
			return "", fmt.Errorf("this is no text: byte %d is zero", before+i+1)
		}
		if errors.Is(err, io.EOF) && n < 1<<20 {
			return text.String(), nil
		}
		if err != nil {
			return "", err
		}
	}
	return "", fmt.Errorf("there are more than %d MB", maxText>>20)
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
	if err := s.bounded(); err != nil {
		return nil, err
	}
	return splitText(s), nil
}

// bounded says what is too much in a text of statements.
func (s source) bounded() error {
	switch {
	case len(s.text) > maxStatements:
		return fmt.Errorf("%s has %d MB of queries, and may have %d; give it in parts, or as a rule file in JSON", s.name, len(s.text)>>20, maxStatements>>20)
	case strings.Count(s.text, "\n")+strings.Count(s.text, ";") > maxLines:
		return fmt.Errorf("%s has more than %s lines of queries; give it in parts", s.name, show.Count(maxLines))
	}
	return nil
}

// splitAll takes sources apart into their queries, one source after another.
func splitAll(sources []source) ([]written, error) {
	var all []written
	for _, s := range sources {
		more, err := split(s)
		if err != nil {
			return nil, err
		}
		if all = append(all, more...); len(all) > maxQueries {
			return nil, fmt.Errorf("there are more than %s queries; give them in parts", show.Count(maxQueries))
		}
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
