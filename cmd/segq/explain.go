package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/plans"
	"github.com/segq/segq/lang/check"
	"github.com/spf13/cobra"
)

func explainCommand(io console.Streams) *cobra.Command {
	o := &options{threads: 1}
	analyze := false
	c := &cobra.Command{
		Use:   "explain [flags] [DATA ...]",
		Short: "Show what queries mean and how they would run",
		Long: `explain reads queries from -c, -f or standard input. For each it prints the
canonical form, its type, and the time interval that every occurs refers to;
for all together the plan: the questions asked of the data, how each is answered,
how many queries share it, for which part of the data it holds and what it costs, in
nanoseconds a row. These figures come from a sample, or, with --analyze, from a run
over all data. "list 1" is the elements of a list, whose figures are for each
element. What no kernel answers is evaluated in vectors, or else by the evaluator that
takes one profile after another; the reason is in brackets.`,
		RunE: func(cmd *cobra.Command, data []string) error {
			return explain(cmd.Context(), o, data, io, analyze)
		},
	}
	f := c.Flags()
	o.registerQueries(f)
	f.StringVar(&o.now, "now", "", "the `TIME` that now means (ISO-8601; default the present)")
	o.registerQuiet(f)
	f.BoolVar(&analyze, "analyze", false, "measure the plan on all data, not on a sample")
	o.data.Register(f)
	o.data.RegisterCluster(f)
	return c
}

func explain(ctx context.Context, o *options, data []string, io console.Streams, analyze bool) error {
	now, err := o.instant()
	if err != nil {
		return exit.Usage(err)
	}
	queries, err := o.written(ctx, io.In, nil)
	if err != nil {
		return err
	}
	d, err := dataset.Open(ctx, data, o.data, o.threads, o.notes(io))
	if err != nil {
		return err
	}
	defer d.Close()
	asked := ask.PrepareOver(d, queries, o.paramValues(), now)
	ask.ReportErrors(io.Err, asked)
	w := bufio.NewWriter(io.Out)
	var good []*check.Query
	for _, q := range asked {
		if q.Record.Error != nil {
			continue
		}
		good = append(good, q.Typed)
		explainQuery(w, q, now)
	}
	if len(good) > 0 && d.OnCluster() {
		fmt.Fprintln(w, "each executor plans for its part of the table")
	} else if len(good) > 0 {
		if err := explainPlan(ctx, w, d, good, now, analyze); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if ask.Failures(asked) > 0 {
		return &exit.Error{Status: exit.WrongQuery}
	}
	return nil
}

// explainPlan prints how queries run, over columns that are loaded for it.
func explainPlan(ctx context.Context, w io.Writer, d *dataset.Dataset, queries []*check.Query, now time.Time, analyze bool) error {
	rows := plans.Sample
	if analyze {
		rows = 0
	}
	text, err := plans.Of(ctx, d, queries, now, rows)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, text)
	return err
}

// explainQuery prints a query's canonical form, its type and its intervals.
func explainQuery(w io.Writer, q *ask.Question, now time.Time) {
	if q.Name != "" {
		fmt.Fprintf(w, "%s: ", q.Name)
	}
	fmt.Fprintf(w, "%s\n  type: %s\n", q.Typed.Canonical, q.Typed.Root.Type())
	for _, o := range plans.Windows(q.Typed, q.Source.Text, now) {
		fmt.Fprintf(w, "  %s: %s\n", o.Text, o.Accepts)
	}
	fmt.Fprintln(w)
}
