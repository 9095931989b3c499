package main

import (
	"context"
	"fmt"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/spf13/cobra"
)

func checkCommand(io stdio) *cobra.Command {
	o := &options{}
	var syntax, adobe bool
	c := &cobra.Command{
		Use:   "check [flags] [DATA ...]",
		Short: "Check queries without running them",
		Long: `check reads queries from -c, -f or standard input and prints what is wrong with
them, against the schema of DATA (default: the embedded sample). With --syntax
it needs no data and looks at the form alone.`,
		RunE: func(cmd *cobra.Command, data []string) error {
			texts, err := o.sources(io.in)
			if err != nil {
				return err
			}
			verify := func(written) ast.Diagnostics { return nil }
			if !syntax {
				verify, err = o.schemaCheck(cmd.Context(), data, adobe, io)
				if err != nil {
					return err
				}
			}
			return checkSources(texts, verify, io)
		},
	}
	f := c.Flags()
	o.registerQueries(f)
	f.BoolVar(&syntax, "syntax", false, "check the form alone, without data")
	f.BoolVar(&adobe, "adobe", false, "warn where a query passes Adobe's limits")
	o.data.register(f)
	o.threads = 1
	return c
}

// schemaCheck opens the data and gives the check of a query against it.
func (o *options) schemaCheck(ctx context.Context, data []string, adobe bool, io stdio) (func(written) ast.Diagnostics, error) {
	d, err := openDataset(ctx, data, o.data, o.threads, io.err)
	if err != nil {
		return nil, err
	}
	d.close()
	params := o.paramValues()
	return func(w written) ast.Diagnostics {
		_, ds := check.Check(w.statement.X, d.catalog, check.Options{Params: params, Adobe: adobe})
		return ds
	}, nil
}

// checkSources prints the diagnostics of every query and says by its error
// whether any query is wrong.
func checkSources(texts []source, verify func(written) ast.Diagnostics, io stdio) error {
	good, wrong := 0, 0
	for _, s := range texts {
		queries, err := split(s)
		if err != nil {
			return usageError(err)
		}
		for _, w := range queries {
			ds := w.errors
			if len(ds) == 0 {
				ds = verify(w)
			}
			for _, d := range ds {
				fmt.Fprint(io.err, lang.Render(d, w.source.name, w.source.text))
			}
			if ds.Failed() {
				wrong++
			} else {
				good++
			}
		}
	}
	if wrong > 0 {
		return &statusError{exitQuery, fmt.Errorf("%d of %d queries are wrong", wrong, wrong+good)}
	}
	_, err := fmt.Fprintf(io.out, "%d queries are right\n", good)
	return err
}
