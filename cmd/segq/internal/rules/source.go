package rules

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

// Source is a text of queries and where it came from: "-c 1", a file's name, or
// "<stdin>".
type Source struct {
	Name, Text string
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

// Read returns the texts of queries, those of files, in this order, and of in where
// there are neither. It returns when ctx is done.
func Read(ctx context.Context, queries, files []string, in io.Reader) ([]Source, error) {
	var all []Source
	for i, q := range queries {
		all = append(all, Source{"-c " + strconv.Itoa(i+1), q})
	}
	for _, name := range files {
		s, err := ReadFile(ctx, name, in)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	if len(all) > 0 {
		return all, nil
	}
	s, err := ReadFile(ctx, "-", in)
	return []Source{s}, err
}

// ReadFile reads the file called name, or in for "-".
func ReadFile(ctx context.Context, name string, in io.Reader) (Source, error) {
	if name == "-" {
		r := load.UntilDone(ctx, in)
		defer r.Close()
		text, err := readText(r)
		if err != nil {
			err = exit.Data(fmt.Errorf("cannot read queries from standard input: %w", err))
		}
		return Source{"<stdin>", text}, err
	}
	f, err := load.OpenFile(ctx, name)
	if err != nil {
		return Source{}, exit.Data(fmt.Errorf("cannot read queries: %w", err))
	}
	defer f.Close()
	text, err := readText(f)
	if err != nil {
		return Source{}, exit.Data(fmt.Errorf("cannot read queries from %s: %w", name, err))
	}
	return Source{name, text}, nil
}

// readText reads a text to its end, which must come some time. A byte that no text has
// ends it early, so that nobody waits for the end of a device.
func readText(r io.Reader) (string, error) {
	var text bytes.Buffer
	for text.Len() <= maxText {
		before := text.Len()
		n, err := io.CopyN(&text, r, 1<<20)
		if i := bytes.IndexByte(text.Bytes()[before:], 0); i >= 0 {
			return "", fmt.Errorf("this is not text: byte %d is zero", before+i+1)
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

// Written is one query as its author wrote it: a statement that parsed, or the
// errors of one that did not. The id is that of a rule file, else "".
type Written struct {
	ID, Name  string
	Source    Source
	Statement ast.Statement
	Errors    ast.Diagnostics
	Meant     string // the name of one of a text that did not parse
	// Set and SetVersion name the set that it is from, "" for none.
	Set        string
	SetVersion int
	// Beyond is what the queries of the run ask about and do not define, nil for nothing.
	Beyond *Beyond
}

// start is the offset that orders the queries of one source.
func (w Written) start() int {
	if len(w.Errors) > 0 {
		return w.Errors[0].At.Start
	}
	return w.Statement.At.Start
}

// Text is the query's own text; for one that did not parse, its first line.
func (w Written) Text() string {
	if len(w.Errors) > 0 {
		return lang.Line(w.Source.Text, w.Errors[0].At.Start)
	}
	at := w.Statement.X.Span()
	return w.Source.Text[at.Start:at.End]
}

// Split takes a source apart into its queries: a JSON rule file into its rules,
// any other text into its statements.
func Split(s Source) ([]Written, error) {
	if IsFile(s.Text) {
		return splitRules(s)
	}
	if err := s.Bounded(); err != nil {
		return nil, err
	}
	return Statements(s), nil
}

// Bounded says what is too much in a text of statements.
func (s Source) Bounded() error {
	switch {
	case len(s.Text) > maxStatements:
		return fmt.Errorf("%s has %d MB of queries, and the limit is %d: split it, or write it as a rule file in JSON", s.Name, len(s.Text)>>20, maxStatements>>20)
	case strings.Count(s.Text, "\n")+strings.Count(s.Text, ";") > maxLines:
		return fmt.Errorf("%s has more than %s lines of queries; split it", s.Name, show.Count(maxLines))
	}
	return nil
}

// SplitAll takes sources apart into their queries, one source after another.
func SplitAll(sources []Source) ([]Written, error) {
	var all []Written
	for _, s := range sources {
		more, err := Split(s)
		if err != nil {
			return nil, err
		}
		if all = append(all, more...); len(all) > maxQueries {
			return nil, fmt.Errorf("there are more than %s queries; split them", show.Count(maxQueries))
		}
	}
	return all, nil
}

// Statements takes a text apart into its statements, in order of place.
func Statements(s Source) []Written {
	file, ds := lang.Parse(s.Text)
	var all []Written
	for _, statement := range file.Statements {
		all = append(all, Written{Name: statement.Name.Text, Source: s, Statement: statement})
	}
	for i, d := range ds {
		if d.Severity == ast.Error {
			meant := ""
			if i < len(file.Wrong) {
				meant = file.Wrong[i].Text
			}
			all = append(all, Written{Source: s, Errors: ast.Diagnostics{d}, Meant: meant})
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].start() < all[j].start() })
	return all
}
