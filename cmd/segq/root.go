package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/version"
	"github.com/segq/segq/exec/kernel"
	"github.com/segq/segq/exec/load/object"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/cobra"
)

// execute runs the command line and gives the exit status. Errors are printed
// here, once, to standard error.
func execute(args []string, io console.Streams) int {
	console.KeepBrokenPipes()
	ctx, stop := withSignals(context.Background())
	defer stop()
	err := exit.Guard(func() error {
		root := rootCommand(io)
		root.SetArgs(args)
		if len(args) > 0 && strings.HasPrefix(args[0], cobra.ShellCompRequestCmd) {
			root.SetErr(discard{}) // cobra says there what the shell is told
		}
		return root.ExecuteContext(ctx)
	})
	if lost := io.Out.Failure(); lost != nil && (err == nil || !lost.Gone() && !exit.IsInternal(err)) {
		err = lost
	}
	status := exit.StatusOf(ctx, err)
	if message := errorText(err, status); message != "" {
		// Names in the data are anybody's, and a flag that is wrong may have a password in it.
		fmt.Fprintln(io.Err, "segq: "+strings.Join(show.CleanLines(object.RedactedIn(message)), "\n"))
	}
	return status
}

// errorText is what is left to say about err; what a signal or a reader that
// went away has ended needs no words, and what segq itself has done wrong some more.
func errorText(err error, status int) string {
	if err == nil || status == exit.OK || errors.Is(err, context.Canceled) {
		return ""
	}
	if status == exit.TimedOut && errors.Is(err, context.DeadlineExceeded) {
		return "the time given by --timeout ran out"
	}
	return err.Error() + exit.Report(err)
}

const rootLong = `segq counts audiences: it loads customer profiles once and answers PQL rules
over them, any number of times.

DATA are files, folders or globs: .parquet, .ndjson, .jsonl, .json, .csv, .tsv,
.arrow, .arrows, .ipc, .feather, .avro, and the text formats also as .gz, .zst, .lz4,
.bz2 or .xz; or one packed file (.segq), which segq pack makes and which opens at once.
- is standard input. A folder is all data below it, and its folders called name=value
are columns. Without DATA, segq opens its embedded sample.

In a terminal segq is an interactive session. With -c or -f, or in a pipe, it
reads queries, prints one record per query, and ends; with --ids or --select it
prints the profiles that match one query instead. With --serve it works
through a Redis queue until SIGTERM; with --http it serves the preview API before
that queue, with or without data of its own.`

const rootExample = `  segq                                       # a session over the sample
  segq profiles.parquet                      # a session over your data
  segq -c 'loyalty.tier = "gold"' p.ndjson   # one query
  segq --format csv -f rules.pql p.parquet   # many queries in one pass
  segq -c 'n > 3' --ids -o out.csv p.parquet # ids of the profiles that match
  segq -c true --select 'n, xEvent.count()' -o out.parquet p.parquet
  segq --serve --redis redis://127.0.0.1:6379 p.parquet
  segq --http :8080 --redis redis://127.0.0.1:6379`

func rootCommand(io console.Streams) *cobra.Command {
	o := &options{}
	g := &configuration{notes: io.Err}
	root := &cobra.Command{
		Use:               "segq [flags] [DATA ...]",
		Short:             "Count audiences: PQL rules over customer profiles",
		Long:              rootLong,
		Example:           rootExample,
		Version:           version.Text(),
		Args:              cobra.ArbitraryArgs,
		SilenceErrors:     true,
		SilenceUsage:      true,
		DisableAutoGenTag: true,
		PersistentPreRunE: func(c *cobra.Command, args []string) error {
			if _, err := kernel.Tier(); err != nil {
				return exit.Usage(err)
			}
			if c.HasParent() && strings.Contains(c.Use, "DATA") {
				args := dataAmong(c, args)
				if err := dataMeant(c, args); err != nil {
					return err
				}
				if err := stdinMeant(c, args, io); err != nil {
					return err
				}
			}
			return g.apply(c)
		},
		RunE: func(cmd *cobra.Command, data []string) error {
			if err := commandMeant(cmd, data); err != nil {
				return err
			}
			if err := dataMeant(cmd, data); err != nil {
				return err
			}
			if o.loads() {
				if err := besideCluster(cmd, data); err != nil {
					return err
				}
				data, o.dataFrom = g.data(cmd, data)
			}
			if err := stdinMeant(cmd, data, io); err != nil {
				return err
			}
			return run(cmd.Context(), o, data, io)
		},
	}
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetIn(io.In)
	root.SetOut(io.Out)
	root.SetErr(io.Err)
	root.SetFlagErrorFunc(flagError)
	o.register(root)
	g.register(root)
	setHelp(root, io)
	addGroup(root, "queries", g.withData(checkCommand(io), io), g.withData(explainCommand(io), io), g.withData(membershipsCommand(io), io), whyCommand(g, io), qualifyCommand(g, io), fmtCommand(io), historyCommand(io))
	addGroup(root, "data", g.withData(schemaCommand(io), io), g.withData(packCommand(io), io), genCommand(io))
	addGroup(root, "queue", submitCommand(io), statusCommand(io), watchCommand(io), resultsCommand(io), cancelCommand(io),
		jobsCommand(io), deadCommand(io), doctorCommand(io))
	addGroup(root, "segments", saveCommand(g, io), savedCommand(io), diffCommand(g, io), forgetCommand(io), rulesCommand(io), publishCommand(io), segmentsCommand(io))
	addGroup(root, "help", configCommand(g, io), completionCommand(io), manCommand(root, io), versionCommand(io))
	root.SetHelpCommandGroupID("help")
	setCompletions(root)
	root.AddCommand(completeBashCommand(io), taskCommand(io))
	g.wrap(root)
	sayArguments(root)
	return root
}

// run takes the door that the flags and the terminal ask for.
func run(ctx context.Context, o *options, data []string, io console.Streams) error {
	if err := o.validate(); err != nil {
		return exit.Usage(err)
	}
	isSession := !o.serves() && !o.asks() && (io.Interactive() || piped(data) && io.Watched())
	if o.timeout > 0 && (!isSession || o.given("timeout")) { // a setting is for each query of a session
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.timeout)
		defer cancel()
	}
	switch {
	case o.serves():
		return serve(ctx, o, data, io)
	case isSession:
		if o.taking.rows() {
			return exit.Usage(errors.New("--ids and --select are for a query: give it with -c or -f; -c true is every profile"))
		}
		return session(ctx, o, data, io)
	}
	return headless(ctx, o, data, io)
}
