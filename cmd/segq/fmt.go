package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/output"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/spf13/cobra"
)

func fmtCommand(io console.Streams) *cobra.Command {
	var write, list bool
	var to string
	c := &cobra.Command{
		Use:   "fmt [FILE ...]",
		Short: "Print queries in canonical form",
		Long: `fmt prints the queries of the files, or of standard input, in canonical form.
It needs no data. A file with an error is left as it is. With --to pql-json it
prints a segment definition a line, its query as a tree; -f reads them back.`,
		RunE: func(cmd *cobra.Command, names []string) error {
			if to != "pql" && to != "pql-json" {
				return exit.Usage(fmt.Errorf("unknown --to %q: choose pql or pql-json", to))
			}
			if len(names) == 0 {
				names = []string{"-"}
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
	return c
}

// errWrongQuery says that a text holds an error that has been printed.
var errWrongQuery = errors.New("a query is wrong")

func formatFile(ctx context.Context, name, to string, write, list bool, io console.Streams) error {
	s, err := readSource(ctx, name, io.In)
	if err != nil {
		return err
	}
	if to == "pql-json" || isRuleFile(s.text) {
		return convertFile(s, to, io)
	}
	if err := s.bounded(); err != nil {
		return exit.Usage(err)
	}
	formatted, ds := lang.Format(s.text)
	if ds.Failed() {
		for _, d := range ds {
			fmt.Fprint(io.Err, lang.Render(d, s.name, s.text))
		}
		return errWrongQuery
	}
	switch {
	case list:
		if formatted != s.text {
			fmt.Fprintln(io.Out, s.name)
		}
	case write && name != "-":
		if formatted == s.text {
			return nil
		}
		return rewrite(ctx, name, formatted)
	default:
		_, err := fmt.Fprint(io.Out, formatted)
		return err
	}
	return nil
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
func convertFile(s source, to string, io console.Streams) error {
	queries, err := split(s)
	if err != nil {
		return exit.Usage(err)
	}
	wrong := error(nil)
	for _, w := range queries {
		if len(w.errors) > 0 {
			fmt.Fprint(io.Err, lang.Render(w.errors[0], w.source.name, w.source.text))
			wrong = errWrongQuery
			continue
		}
		if err := printQuery(w, to, io); err != nil {
			return err
		}
	}
	return wrong
}

func printQuery(w written, to string, io console.Streams) error {
	if to == "pql" {
		_, err := fmt.Fprintf(io.Out, "%s;\n", ast.Format(w.statement.X))
		return err
	}
	tree, err := ast.MarshalPQL(w.statement.X)
	if err != nil {
		return err
	}
	e := json.NewEncoder(io.Out)
	e.SetEscapeHTML(false)
	return e.Encode(struct {
		ID         string         `json:"id,omitempty"`
		Name       string         `json:"name,omitempty"`
		Expression expressionJSON `json:"expression"`
	}{w.id, w.name, expressionJSON{Type: "PQL", Format: "pql/json", Value: tree}})
}
