package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/segq/segq/cmd/segq/internal/qualifier"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/cobra"
)

// qualifyOptions are the flags of segq qualify.
type qualifyOptions struct {
	options
	profiles string
	format   string
}

func qualifyCommand(g *configuration, io console.Streams) *cobra.Command {
	o := &qualifyOptions{}
	c := &cobra.Command{
		Use:   "qualify [flags] [DATA ...]",
		Short: "Say which rules profiles are in that come one by one",
		Long: `qualify reads profiles from standard input, or from the file of --profile, one of JSON a line, and writes a line for each, in
order, with its id and the names of the rules that it is in:

  {"id":"p-1","in":["gold","buyers"]}

The rules are those of -c, -f or --set. They are compiled once, against the fields that --schema FILE names (segq schema
writes such a file), or against those of DATA, of which no profile is read. A profile is read as a row of a table with that
schema: a field that it lacks is null, what the field cannot hold is null, and a field that the schema lacks is passed over.
The answer is the one that it would have in the table. With --lookup, rules may read the rows of its keys.

A line that is no profile has {"line":2,"error":"..."} in its place; of csv, which has a row for each profile and rule, it
is on standard error. The others are answered, and the status is 5. An answer is written as soon as no other line waits, so
that a program may write a profile and read its answer. now is the time at which each is answered, or that of --now.`,
		Example: `  segq schema p.parquet > fields.txt
  segq qualify -f rules.pql --schema fields.txt < new.ndjson
  segq qualify --set nightly --profile new.ndjson p.parquet`,
		RunE: func(cmd *cobra.Command, data []string) error {
			o.given = cmd.Flags().Changed
			if !o.given("schema") {
				data, o.dataFrom = g.data(cmd, data)
			}
			return o.run(cmd.Context(), data, io)
		},
		Annotations: map[string]string{config.TakesData: "true"},
	}
	f := c.Flags()
	f.SortFlags = false
	o.registerQueries(f)
	f.StringVar(&o.now, "now", "", "the `TIME` that now means (ISO-8601; default the time at which each profile is answered)")
	f.StringVar(&o.profiles, "profile", dataset.Stdin, "read the profiles from this `FILE`, a line each (- for standard input)")
	config.Allow(f, config.Rule{}, "profile")
	help.Under(f, help.Queries)
	f.StringVar(&o.format, "format", "ndjson", "ndjson, a line a profile; or csv, a row for each profile and rule")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "no notes on standard error")
	help.Under(f, help.Output)
	o.data.Register(f)
	f.IntVar(&o.threads, "threads", runtime.GOMAXPROCS(0), "`N` cores to use (default all)")
	config.Allow(f, config.Rule{From: 1, To: maxThreads}, "threads")
	config.Allow(f, config.Rule{}, "quiet")
	help.Under(f, help.Machine)
	return c
}

// check finds contradictions.
func (o *qualifyOptions) check(data []string) error {
	switch {
	case len(o.queries)+len(o.files)+len(o.sets) == 0:
		return errors.New("no rules given: name a file with -f FILE, or a set with --set NAME; standard input has the profiles")
	case o.given("schema") && len(data) > 0:
		return errors.New("the fields are those of --schema or of DATA: choose one. --profile FILE names the profiles")
	case o.profiles == dataset.Stdin && piped(append(data, o.files...)):
		return errors.New("standard input has the profiles: name files for all else, or give the profiles with --profile FILE")
	case o.threads < 1 || o.threads > maxThreads:
		return fmt.Errorf("--threads must be 1 to %d", maxThreads)
	}
	return chosen("--format", o.format, []string{"ndjson", "csv"})
}

func (o *qualifyOptions) run(ctx context.Context, data []string, io console.Streams) error {
	if err := o.check(data); err != nil {
		return exit.Usage(err)
	}
	now, err := o.instant()
	if err != nil {
		return exit.Usage(err)
	}
	rules, done, err := o.rules(ctx, data, now, io)
	if err != nil {
		return err
	}
	defer done()
	in, end, err := o.openProfiles(io)
	if err != nil {
		return exit.Data(err)
	}
	defer end()
	s := qualifier.Streaming{CSV: o.format == "csv", Threads: o.threads, Now: time.Now, Wrong: func(int, error) {}}
	if o.now != "" {
		s.Now = func() time.Time { return now }
	}
	if s.CSV {
		s.Wrong = func(line int, err error) { fmt.Fprintf(io.Err, "segq: line %d: %s\n", line, show.Clean(err.Error())) }
	}
	total, err := rules.Stream(ctx, in, io.Out, s)
	if err != nil {
		return err
	}
	if total.Unfit > 0 {
		fmt.Fprintf(o.notes(io), "segq: values of %s do not fit their fields and are null, which warnings tell\n", show.Plural(total.Unfit, "profile", "profiles"))
	}
	if s.CSV && total.Nameless > 0 {
		fmt.Fprintf(o.notes(io), "segq: %s no id: the cell is empty\n", show.Plural(total.Nameless, "profile has", "profiles have"))
	}
	if total.Wrong+total.Failed > 0 {
		fmt.Fprintf(o.notes(io), "segq: %s of %s no answer\n",
			show.Count(total.Wrong+total.Failed), show.Plural(total.Profiles+total.Wrong, "line has", "lines have"))
		return &exit.Error{Status: exit.Partial}
	}
	return nil
}

// openProfiles opens where the profiles come from.
func (o *qualifyOptions) openProfiles(s console.Streams) (in io.Reader, end func(), err error) {
	if o.profiles == dataset.Stdin {
		return s.In, func() {}, nil
	}
	f, err := os.Open(o.profiles)
	if err != nil {
		return nil, nil, fmt.Errorf("--profile: %w", err)
	}
	return f, func() { _ = f.Close() }, nil // of what was only read
}

// rules compiles the rules. done is called when they are of no use any more.
func (o *qualifyOptions) rules(ctx context.Context, data []string, now time.Time, io console.Streams) (rules *qualifier.Rules, done func(), err error) {
	written, err := o.written(ctx, io.In, &o.redis)
	if err != nil {
		return nil, nil, err
	}
	if len(written) == 0 {
		return nil, nil, exit.Usage(errors.New("there is no rule in what -f names"))
	}
	noteData(o.notes(io), data, o.dataFrom)
	shape, err := o.data.Shape(ctx, data, o.threads, o.notes(io))
	if err != nil {
		return nil, nil, err
	}
	defer func() {
		if err != nil {
			shape.Close()
		}
	}()
	asked := ask.Questions(written, now)
	ask.Check(asked, column.Catalog{Snapshot: shape.Snapshot}, check.Options{Params: o.paramValues()})
	ask.ReportErrors(io.Err, asked)
	if ask.Failures(asked) > 0 {
		return nil, nil, &exit.Error{Status: exit.WrongQuery}
	}
	names, known := make([]string, len(asked)), map[string]bool{}
	queries := make([]*check.Query, len(asked))
	for i, q := range asked {
		names[i], queries[i] = q.Record.ID, q.Typed
		if known[names[i]] {
			return nil, nil, exit.Usage(fmt.Errorf("two rules are called %s: give each a name of its own", show.Clean(names[i])))
		}
		known[names[i]] = true
	}
	rules, err = qualifier.New(ctx, names, queries, shape.Snapshot, shape.Lookups)
	return rules, shape.Close, err
}
