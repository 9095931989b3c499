package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/answer"
	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/broker"
	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/redisx"
	"github.com/spf13/cobra"
)

// submitOptions are the flags of submit.
type submitOptions struct {
	options
	client   clientOptions
	id, op   string
	to, into string
	rate     float64
	ttl      time.Duration
	priority int
	together int
	wait     bool
	watch    bool
	kept     redisx.Keeping
	compared redisx.Comparing
	about    string
	explain  bool
	asked    []*ask.Question // of the answers, none where one is about several
	several  []*ask.Question // that the one answer is about
}

func submitCommand(io console.Streams) *cobra.Command {
	o := &submitOptions{}
	c := &cobra.Command{
		Use:   "submit [flags]",
		Short: "Put queries in the queue of the workers",
		Long: `submit puts the queries of -c, -f or standard input in the queue and prints the id
of each job, with --json as JSON. With --wait it waits for the answers and prints them as
segq itself does, with --watch it follows the jobs meanwhile. An --id of your own makes it safe to submit again: a job
that is known is not queued twice. With --together one job answers many queries, so
that thousands of them take less time.`,
		Args: queriesByFlag,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), io) },
	}
	f := c.Flags()
	o.registerQueries(f)
	o.client.register(f)
	o.printing.register(f)
	o.registerQuiet(f)
	help.Under(f, help.Output)
	f.StringVar(&o.now, "now", "", "the `TIME` that now means (ISO-8601; default the time of the run)")
	help.Under(f, help.Queries)
	f.DurationVar(&o.timeout, "timeout", 0, "the job expires after this time")
	help.Under(f, help.Job)
	f.IntVar(&o.sample, "sample", 0, "return `N` ids of matching profiles with each answer")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the samples")
	o.analysing.register(f)
	help.Under(f, help.Analysis)
	o.taking.register(f)
	help.Under(f, help.Rows)
	f.StringVar(&o.tenant, "tenant", "default", "tenant whose commands these are")
	f.StringVar(&o.class, "class", "normal", "class of the commands: interactive, normal or batch")
	f.IntVar(&o.priority, "priority", 0, "a smaller one goes first among those of its tenant and class")
	o.registerSnapshot(f)
	help.Under(f, help.Job)
	f.StringVar(&o.op, "op", "query", "what to ask of each query, as commands call it: query, breakdown, funnel, near, lift, sample, rows or export; overlap, of all of them; rules, of those of a --set, which the workers take from Redis; memberships, a file of the audiences that each profile is in; qualify, which of the rules of a --set the profile of --profile is in; why, in which of all the profile of --about is, and what decided it; save, to keep the query as the segment --name; diff, who has entered and left the --saved segment, or --from its members the query, or the second of two queries, or with --previous each of many rules")
	f.StringVar(&o.data.Profile, "profile", "", "the `FILE` of the profile that --op qualify is about, as JSON (- for standard input)")
	config.Allow(f, config.Rule{}, "profile")
	f.StringVar(&o.to, "to", "", "where an export goes: "+strings.Join(redisx.Kinds, ", ")+" or file")
	o.registerKept(f)
	o.registerCompared(f)
	f.StringVar(&o.into, "name", "", "the name of an export, such as gold.csv, or of the file of memberships, or of who has changed, or of the segment that --op save keeps, or of the one rule of a --set that --op near is about (default that of the query, for a file with .csv)")
	help.Under(f, help.Analysis)
	f.StringVar(&o.id, "id", "", "id of the job, for one query")
	f.IntVar(&o.together, "together", 1, "ask up to `N` queries with one job, as many as a command has room for")
	f.BoolVar(&o.wait, "wait", false, "wait, and print the answers")
	f.BoolVar(&o.watch, "watch", false, "follow the jobs, and print the answers")
	config.Allow(f, config.Rule{Project: true}, "timeout", "seed")
	config.Allow(f, config.Rule{Project: true, OneOf: printer.Formats(), Below: append([]string{"output"}, shortForms...), With: []string{"wait", "watch"}}, "format")
	config.Allow(f, config.Rule{}, "tenant")
	config.Allow(f, config.Rule{Project: true, OneOf: classes}, "class")
	config.Allow(f, config.Rule{Project: true, From: math.MinInt32}, "priority")
	config.Allow(f, config.Rule{Project: true, From: 1}, "together")
	help.Under(f, help.Job)
	help.Common(f, "op", "by", "to", "id", "wait", "watch")
	return c
}

func (o *submitOptions) run(ctx context.Context, io console.Streams) error {
	if err := errors.Join(chosen("--class", o.class, redisx.Classes), chosen("--op", o.op, submitted)); err != nil {
		return err
	}
	if err := o.formatted(); err != nil {
		return exit.Usage(err)
	}
	commands, err := o.commands(ctx, io)
	if err != nil {
		return err
	}
	if len(commands) == 0 {
		fmt.Fprintln(o.notes(io), noQueries)
		return nil
	}
	client, err := o.client.Open(ctx)
	if err != nil {
		return err
	}
	defer client.Close()
	ids, err := o.queue(ctx, client, commands, io)
	if errors.Is(err, redisx.ErrCommand) {
		return exit.Usage(err)
	}
	if errors.Is(err, redisx.ErrSnapshot) {
		err = fmt.Errorf("%w; %s", err, answer.AskPresent)
	}
	if err != nil {
		err = exit.Data(fmt.Errorf("%d of %d are queued: %w", len(ids), len(commands), err))
	}
	if err == nil && o.id != "" {
		if err := sameAsKnown(ctx, client, commands[0]); err != nil {
			return err
		}
	}
	if err == nil && (o.wait || o.watch) {
		err := o.answers(ctx, client, commands, io)
		if signalled := (exit.Signalled{}); errors.As(context.Cause(ctx), &signalled) {
			fmt.Fprintf(o.notes(io), "segq: what is not done goes on in the queue: segq cancel%s ends it\n", listed(ids))
		}
		return err
	}
	return errors.Join(o.printIDs(io.Out, commands[:len(ids)]), err)
}

// formatted finds out how to print what there will be: answers in any format, ids as they are or as
// JSON.
func (o *submitOptions) formatted() error {
	if err := o.settle(); err != nil {
		return err
	}
	format, err := printer.FormatOf(o.format, o.output, o.taking.rows() || o.op == "export")
	switch {
	case err != nil:
		return err
	case o.op == "export" && (format == "parquet" || format == "arrow"):
		return fmt.Errorf("the file of an export has the format of its name, such as gold.%s: --format and -o are for the record that is printed, which is no %s", format, format)
	}
	json := o.format == "json" || o.format == "ndjson"
	if !o.wait && !o.watch && (o.format != "" && !json || o.output != "") {
		return errors.New("-o and other formats than json are for answers: add --wait or --watch")
	}
	o.client.json = json
	return nil
}

// queue submits commands. Who waits for the answers no longer than --timeout waits no longer for room. That it waits
// is said with -q too, since nothing else may come.
func (o *submitOptions) queue(ctx context.Context, client *redisx.Client, commands []redisx.Command, io console.Streams) ([]string, error) {
	if o.timeout > 0 && (o.wait || o.watch) {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.timeout+answerGrace)
		defer cancel()
	}
	return broker.Submit(ctx, client, commands, io.Err)
}

// listed returns ids as arguments, the first of many.
func listed(ids []string) string {
	const few = 3
	text := ""
	for _, id := range ids[:min(few, len(ids))] {
		text += " " + id
	}
	if len(ids) > few {
		text += " …"
	}
	return text
}

// printIDs prints the ids of what is queued.
func (o *submitOptions) printIDs(to io.Writer, queued []redisx.Command) error {
	w := bufio.NewWriter(to)
	for _, c := range queued {
		if !o.client.json {
			fmt.Fprintln(w, c.ID)
			continue
		}
		if err := json.NewEncoder(w).Encode(map[string]string{"id": c.ID, "name": c.Name}); err != nil {
			return err
		}
	}
	return w.Flush()
}
