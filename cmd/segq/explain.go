package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/segq/segq/exec/plan"
	"github.com/segq/segq/lang/check"
	"github.com/spf13/cobra"
)

func explainCommand(io stdio) *cobra.Command {
	o := &options{threads: 1}
	c := &cobra.Command{
		Use:   "explain [flags] [DATA ...]",
		Short: "Show what queries mean and how they would run",
		Long: `explain reads queries from -c, -f or standard input. For each it prints the
canonical form, its type, and the interval of time that every occurs stands for;
for all together the plan: the questions asked of the data, how each is answered,
and how many queries share it.`,
		RunE: func(cmd *cobra.Command, data []string) error {
			return explain(cmd.Context(), o, data, io)
		},
	}
	f := c.Flags()
	o.registerQueries(f)
	f.StringVar(&o.now, "now", "", "the `TIME` that now means (ISO-8601; default the present)")
	o.data.register(f)
	return c
}

func explain(ctx context.Context, o *options, data []string, io stdio) error {
	now, err := o.instant()
	if err != nil {
		return usageError(err)
	}
	texts, err := o.sources(io.in)
	if err != nil {
		return err
	}
	d, err := openDataset(ctx, data, o.data, o.threads, io.err)
	if err != nil {
		return err
	}
	defer d.close()
	local := &localAnswerer{dataset: d, options: o}
	queries, err := splitAll(texts)
	if err != nil {
		return usageError(err)
	}
	asked := local.prepare(queries, now)
	reportErrors(io.err, asked)
	w := bufio.NewWriter(io.out)
	var good []*check.Query
	for _, q := range asked {
		if q.record.Error != nil {
			continue
		}
		typed := q.run.(*check.Query)
		good = append(good, typed)
		explainQuery(w, q, typed, now)
	}
	if len(good) > 0 {
		p, err := plan.New(ctx, good, d.snapshot, now)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "plan: %s", p.Explain())
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if failures(asked) > 0 {
		return &statusError{status: exitQuery}
	}
	return nil
}

// explainQuery prints a query's canonical form, its type and its intervals.
func explainQuery(w io.Writer, q *question, typed *check.Query, now time.Time) {
	if q.name != "" {
		fmt.Fprintf(w, "%s: ", q.name)
	}
	fmt.Fprintf(w, "%s\n  type: %s\n", typed.Canonical, typed.Root.Type())
	for _, o := range windows(typed.Root) {
		at := o.Span()
		text := strings.Join(strings.Fields(q.source.text[at.Start:at.End]), " ")
		fmt.Fprintf(w, "  %s: %s\n", text, describeWindow(&o.Window, now))
	}
	fmt.Fprintln(w)
}

// windows gives the occurs tests below n, in order of place. Those of a segment
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
