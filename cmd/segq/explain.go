package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/exec/kernel"
	"github.com/segq/segq/exec/plan"
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
	f.BoolVar(&analyze, "analyze", false, "measure the plan on all data, not on a sample")
	o.data.Register(f)
	return c
}

// explainSample is about how many rows the figures of a plan are taken from.
const explainSample = 64 << 10

func explain(ctx context.Context, o *options, data []string, io console.Streams, analyze bool) error {
	now, err := o.instant()
	if err != nil {
		return exit.Usage(err)
	}
	queries, err := o.written(ctx, io.In, nil)
	if err != nil {
		return err
	}
	d, err := dataset.Open(ctx, data, o.data, o.threads, io.Err)
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
	if len(good) > 0 {
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
	reads := &check.Reads{}
	for _, q := range queries {
		reads.Add(check.ReadsOf(q.Cond))
	}
	if err := d.Load(ctx, reads); err != nil {
		return err
	}
	p, err := plan.New(ctx, queries, d.Engine.Snapshot(), now)
	if err != nil {
		return d.Why(err)
	}
	sample := explainSample
	if analyze {
		sample = 0
	}
	x, err := p.Measure(ctx, sample)
	if err != nil {
		return d.Why(err)
	}
	tier, _ := kernel.Tier()
	_, err = fmt.Fprintf(w, "plan, with the kernels %s: %s", tier, x)
	return err
}

// explainQuery prints a query's canonical form, its type and its intervals.
func explainQuery(w io.Writer, q *ask.Question, now time.Time) {
	if q.Name != "" {
		fmt.Fprintf(w, "%s: ", q.Name)
	}
	fmt.Fprintf(w, "%s\n  type: %s\n", q.Typed.Canonical, q.Typed.Root.Type())
	for _, o := range windows(q.Typed.Root) {
		at := o.Span()
		text := strings.Join(strings.Fields(q.Source.Text[at.Start:at.End]), " ")
		fmt.Fprintf(w, "  %s: %s\n", text, describeWindow(&o.Window, now))
	}
	fmt.Fprintln(w)
}

// windows returns the occurs tests below n, in order of place. Those of a segment
// stand in another text.
func windows(n check.Node) []*check.Occurs {
	var all []*check.Occurs
	if _, ok := n.(*check.Segment); ok {
		return nil
	}
	if o, ok := n.(*check.Occurs); ok {
		all = append(all, o)
	}
	for c := range check.Children(n) {
		all = append(all, windows(c)...)
	}
	return all
}

// describeWindow says which instants a window accepts: from the first that it
// does to the first that it does not.
func describeWindow(w *check.Window, now time.Time) string {
	accepted, ok := w.Resolve(now.UnixMilli())
	switch {
	case !ok:
		return "depends on the profile"
	case len(accepted) == 0:
		return "never"
	}
	parts := make([]string, len(accepted))
	for i, s := range accepted {
		from, to := "from "+instantText(s.Start), " to before "+instantText(s.End)
		if s.Start == check.Earliest {
			from, to = "", strings.TrimPrefix(to, " to ")
		}
		if s.End == check.Latest {
			to = " on"
		}
		if s.Start == check.Earliest && s.End == check.Latest {
			to = "always"
		}
		parts[i] = from + to
	}
	return strings.Join(parts, ", and ")
}

func instantText(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.999Z") }
