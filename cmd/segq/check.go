package main

import (
	"context"
	"fmt"
	"time"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/cobra"
)

func checkCommand(io console.Streams) *cobra.Command {
	o := &options{}
	var syntax, adobe bool
	c := &cobra.Command{
		Use:   "check [flags] [DATA ...]",
		Short: "Check queries without running them",
		Long: `check reads queries from -c, -f or standard input and prints what is wrong with
them, against the schema of DATA (default: the embedded sample). With --syntax
it needs no data and checks only the form.`,
		RunE: func(cmd *cobra.Command, data []string) error {
			queries, err := o.written(cmd.Context(), io.In, nil)
			if err != nil {
				return err
			}
			asked := ask.Questions(queries, time.Time{})
			if !syntax {
				if err := o.checkSchema(cmd.Context(), data, asked, adobe, io); err != nil {
					return err
				}
			}
			return reportChecks(asked, io)
		},
	}
	f := c.Flags()
	o.registerQueries(f)
	f.BoolVar(&syntax, "syntax", false, "check the form alone, without data")
	f.BoolVar(&adobe, "adobe", false, "warn where a query passes Adobe's limits")
	config.Allow(f, config.Rule{Project: true}, "adobe")
	o.registerQuiet(f)
	o.data.Register(f)
	o.data.RegisterCluster(f)
	o.threads = 1
	return c
}

// checkSchema opens the data and checks the queries against it.
func (o *options) checkSchema(ctx context.Context, data []string, asked []*ask.Question, adobe bool, io console.Streams) error {
	d, err := dataset.Open(ctx, data, o.data, o.threads, o.notes(io))
	if err != nil {
		return err
	}
	d.Close()
	ask.Check(asked, d.Catalog, check.Options{Params: o.paramValues(), Adobe: adobe, Unbound: true})
	return nil
}

// reportChecks prints what is wrong with the queries, and what is doubtful, and
// says by its error whether any query is wrong.
func reportChecks(asked []*ask.Question, io console.Streams) error {
	ask.ReportErrors(io.Err, asked)
	if wrong := ask.Failures(asked); wrong > 0 {
		return &exit.Error{Status: exit.WrongQuery, Err: fmt.Errorf("%d of %s %s wrong", wrong, show.Plural(len(asked), "query", "queries"), map[bool]string{true: "is", false: "are"}[wrong == 1])}
	}
	right := "queries are right"
	if len(asked) == 1 {
		right = "query is right"
	}
	_, err := fmt.Fprintf(io.Out, "%d %s\n", len(asked), right)
	return err
}
