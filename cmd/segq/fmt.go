package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/segq/segq/cmd/segq/internal/output"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/cmd/segq/internal/store"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/cobra"
)

func fmtCommand(io console.Streams) *cobra.Command {
	var write, list bool
	var to string
	var sets []string
	var place storePlace
	c := &cobra.Command{
		Use:   "fmt [FILE ...]",
		Short: "Print queries in canonical form",
		Long: `fmt prints the queries of the files, or of standard input, in canonical form.
It needs no data. A file with an error is left as it is. With --to pql-json it
prints one segment definition per line, its query as a tree; -f reads them back.
--set NAME prints the rules of a set that is kept: segq rules put NAME -f - keeps what
is printed as its next version.`,
		RunE: func(cmd *cobra.Command, names []string) error {
			if !slices.Contains(fmtForms, to) {
				return exit.Usage(fmt.Errorf("unknown --to %q: choose pql or pql-json", to))
			}
			if len(sets) > 0 {
				if len(names) > 0 || write || list {
					return exit.Usage(errors.New("--set prints sets that are kept: it goes without files, -w and -l"))
				}
				return formatSets(cmd.Context(), &place, sets, to, io)
			}
			if len(names) == 0 {
				names = []string{"-"}
			}
			if _, err := os.Stat(names[0]); err != nil && names[0] != "-" && looksLikeQuery(names) {
				return exit.Usage(fmt.Errorf("%s is no file: fmt takes queries from files, or from standard input: write segq fmt <<< %s", show.Clean(names[0]), quoted(strings.Join(names, " "))))
			}
			failed := false
			for _, name := range names {
				if err := formatFile(cmd.Context(), name, to, write, list, io); errors.Is(err, errWrongQuery) {
					failed = true
				} else if err != nil {
					return err
				}
			}
			if failed {
				return &exit.Error{Status: exit.WrongQuery}
			}
			return nil
		},
	}
	c.Flags().BoolVarP(&write, "write", "w", false, "write the result back to the file")
	c.Flags().StringVar(&to, "to", "pql", "form to print: pql or pql-json")
	c.Flags().BoolVarP(&list, "list", "l", false, "only list the files that would change")
	c.Flags().StringArrayVar(&sets, "set", nil, "print the rules of the set that is kept under this `NAME` (NAME@VERSION: that version; may be repeated)")
	place.storeOptions.register(c.Flags())
	help.Under(c.Flags(), help.Queries)
	place.registerRedis(c.Flags())
	help.Common(c.Flags(), "write", "to", "list", "set")
	return c
}

// formatSets prints the rules of sets that are kept.
func formatSets(ctx context.Context, place *storePlace, names []string, to string, io console.Streams) error {
	s, err := place.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	var wrong error
	for _, text := range names {
		name, version, err := store.CutVersion(text)
		if err != nil {
			return exit.Usage(err)
		}
		set, err := store.Rules(ctx, s, name, version)
		if err != nil {
			return unkept(err)
		}
		for _, source := range set.Sources {
			if err := formatSource(source, to, io); errors.Is(err, errWrongQuery) {
				wrong = &exit.Error{Status: exit.WrongQuery}
			} else if err != nil {
				return err
			}
		}
	}
	return wrong
}

// formatSource prints the queries of a source.
func formatSource(s rules.Source, to string, io console.Streams) error {
	if to == "pql-json" || rules.IsFile(s.Text) {
		return convertFile(s, to, io)
	}
	formatted, err := formattedText(s, io)
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(io.Out, formatted)
	return err
}

// formattedText returns a text of statements in canonical form.
func formattedText(s rules.Source, io console.Streams) (string, error) {
	if err := s.Bounded(); err != nil {
		return "", exit.Usage(err)
	}
	formatted, ds := lang.Format(s.Text)
	if ds.Failed() {
		for _, d := range ds {
			fmt.Fprint(io.Err, lang.Render(d, s.Name, s.Text))
		}
		return "", errWrongQuery
	}
	return formatted, nil
}

// fmtForms are what fmt prints.
var fmtForms = []string{"pql", "pql-json"}

// errWrongQuery says that a text holds an error that has been printed.
var errWrongQuery = errors.New("a query is wrong")

func formatFile(ctx context.Context, name, to string, write, list bool, io console.Streams) error {
	s, err := rules.ReadFile(ctx, name, io.In)
	if err != nil {
		return err
	}
	if to == "pql-json" || rules.IsFile(s.Text) || !list && (!write || name == "-") {
		return formatSource(s, to, io)
	}
	formatted, err := formattedText(s, io)
	if err != nil || formatted == s.Text {
		return err
	}
	if list {
		fmt.Fprintln(io.Out, s.Name)
		return nil
	}
	return rewrite(ctx, name, formatted)
}

// rewrite puts a text in the place of what a file holds, at once.
func rewrite(ctx context.Context, name, text string) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	f, err := output.Create(ctx, name)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(f, text); err != nil {
		return errors.Join(err, f.Abandon())
	}
	return f.Commit(info.Mode().Perm())
}

// convertFile prints the queries of s one by one, as text or as segment
// definitions.
func convertFile(s rules.Source, to string, io console.Streams) error {
	queries, err := rules.Split(s)
	if err != nil {
		return exit.Usage(err)
	}
	wrong := error(nil)
	for _, w := range queries {
		if len(w.Errors) > 0 {
			fmt.Fprint(io.Err, lang.Render(w.Errors[0], w.Source.Name, w.Source.Text))
			wrong = errWrongQuery
			continue
		}
		if err := printQuery(w, to, io); err != nil {
			return err
		}
	}
	return wrong
}

func printQuery(w rules.Written, to string, io console.Streams) error {
	if to == "pql" {
		_, err := fmt.Fprintf(io.Out, "%s;\n", ast.Format(w.Statement.X))
		return err
	}
	tree, err := ast.MarshalPQL(w.Statement.X)
	if err != nil {
		return err
	}
	e := json.NewEncoder(io.Out)
	e.SetEscapeHTML(false)
	return e.Encode(struct {
		ID         string           `json:"id,omitempty"`
		Name       string           `json:"name,omitempty"`
		Expression rules.Expression `json:"expression"`
	}{w.ID, w.Name, rules.Expression{Type: "PQL", Format: "pql/json", Value: tree}})
}
