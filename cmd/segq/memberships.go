package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"time"

	"github.com/segq/segq/cmd/segq/internal/answer"
	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/difference"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/segq/segq/cmd/segq/internal/memberships"
	"github.com/segq/segq/cmd/segq/internal/previous"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/cmd/segq/internal/rows"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/cobra"
)

// membershipOptions are the flags of segq memberships.
type membershipOptions struct {
	options
	all, pairs, skipWrong bool
	counts                string
	bitmaps               bool     // one for each audience, in an archive
	wrong                 []string // the names of rules that are left out
	comparing
}

func membershipsCommand(io console.Streams) *cobra.Command {
	o := &membershipOptions{}
	c := &cobra.Command{
		Use:   "memberships [flags] [DATA ...]",
		Short: "Write which audiences each profile is in, of thousands of rules",
		Long: `memberships reads rules from -c, -f, --set or standard input, and writes for each profile
the audiences that it is in: a row a profile with a list, in the order of the names of
the rules, or with csv, tsv or --pairs a row for each profile and audience. All rules
are answered in one pass. An audience is called like its rule; each needs a name of
its own. A rule without a name is called by its number, and is not for --previous. Rules that are wrong are an error before anything is written, unless
--skip-wrong leaves them out.

The rows are in the order of the data. A profile without an id has a null one, and
--previous compares it with nobody. In data that has no ids at all the number of the row,
from 0, is the id. --counts FILE has the size of each audience, as segq -f prints them. The
files appear under their names when all are complete.

-o FILE.tar (--format roaring) is an archive with a Roaring bitmap for each audience, of
the numbers of the rows of its profiles, also of those without an id: audiences.csv has
the names of the bitmaps, and ids.csv the ids of the rows.`,
		Example: `  segq memberships -f rules.pql -o memberships.parquet profiles.parquet
  segq memberships -f rules.pql --counts sizes.csv -o pairs.csv profiles.parquet`,
		RunE: func(cmd *cobra.Command, data []string) error {
			o.given = cmd.Flags().Changed
			return o.run(cmd.Context(), data, io)
		},
	}
	f := c.Flags()
	f.SortFlags = false
	o.registerQueries(f)
	f.StringVar(&o.now, "now", "", "the `TIME` that now means (ISO-8601; default the time of the run)")
	f.DurationVar(&o.timeout, "timeout", 0, "give up after this time, such as 30s (status 4)")
	f.BoolVar(&o.skipWrong, "skip-wrong", false, "leave out rules that are wrong, of which each is reported (status 5)")
	help.Under(f, help.Queries)
	f.BoolVar(&o.all, "all", false, "write also the profiles that are in no audience, with an empty list")
	f.BoolVar(&o.pairs, "pairs", false, "write a row for each profile and audience, whatever the format")
	f.StringVar(&o.counts, "counts", "", "write the size of each audience to this `FILE`, in the format of its extension")
	o.comparing.register(f)
	registerSafe(f, &o.taking.safe)
	help.Under(f, help.Rows)
	o.printing.register(f)
	f.StringVar(&o.progress, "progress", "auto", "progress: auto, tty, err or off")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "no notes on standard error")
	help.Under(f, help.Output)
	o.data.Register(f)
	f.IntVar(&o.threads, "threads", runtime.GOMAXPROCS(0), "`N` cores to use (default all)")
	help.Under(f, help.Machine)
	o.data.RegisterCluster(f)
	config.Allow(f, config.Rule{Project: true, OneOf: progresses}, "progress")
	config.Allow(f, config.Rule{From: 1, To: maxThreads}, "threads")
	config.Allow(f, config.Rule{}, "quiet")
	return c
}

// check finds contradictions, and settles the format.
func (o *membershipOptions) check(data []string, io console.Streams) error {
	if err := o.settle(); err != nil {
		return err
	}
	if err := o.settleFormat(); err != nil {
		return err
	}
	switch {
	case o.bitmaps && (o.pairs || o.all):
		return errors.New("--format roaring has a bitmap for each audience: --pairs and --all are for rows")
	case o.bitmaps && o.onScreen(io):
		return errors.New("roaring is not for a terminal: name a file with -o FILE.tar, or write to a pipe")
	case o.threads < 1 || o.threads > maxThreads:
		return fmt.Errorf("--threads must be 1 to %d", maxThreads)
	case o.timeout < 0:
		return errors.New("--timeout must be a time such as 30s, or 0 for no limit")
	case o.all && o.inPairs():
		return errors.New("--all is for lists: a profile that is in no audience has no pair")
	case o.taking.safe && !previous.InCells(o.format) && !o.cells():
		return errors.New("--csv-safe is for csv and tsv: add --format csv, or -o FILE.csv")
	}
	if _, err := printer.FormatOf("", o.counts, true); err != nil && o.counts != "" {
		return fmt.Errorf("--counts: %w", err)
	}
	return errors.Join(o.checkScreen(io), o.sparesAll(data), o.comparing.check())
}

// sparesAll says which file that is read would be overwritten, or written twice. The file of before may be the one
// that is written: it is read to its end by then.
func (o *membershipOptions) sparesAll(data []string) error {
	to := []destination{{"-o", o.output}, {"--counts", o.counts}, {"--changes", o.changes}, {"--summary", o.summary}}
	if err := o.spares(data, to...); err != nil || o.previous == "" {
		return err
	}
	return o.spares([]string{o.previous}, to[1:]...)
}

// settleFormat finds out in which format memberships are written.
func (o *membershipOptions) settleFormat() (err error) {
	if o.format == memberships.RoaringFormat || o.format == "" && filepath.Ext(o.output) == memberships.RoaringExtension {
		o.bitmaps, o.format = true, memberships.RoaringFormat
		return nil
	}
	if o.format, err = printer.FormatOf(o.format, o.output, true); o.format == "" {
		o.format = "table"
	}
	return err
}

func (o *membershipOptions) inPairs() bool { return o.pairs || memberships.InPairs(o.format) }

func (o *membershipOptions) run(ctx context.Context, data []string, io console.Streams) error {
	if err := o.check(data, io); err != nil {
		return exit.Usage(err)
	}
	if o.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.timeout)
		defer cancel()
	}
	began := time.Now()
	local, asked, names, err := o.audiences(ctx, data, io)
	if err != nil {
		return err
	}
	defer local.Close()
	q := resident.Memberships{Names: names, All: o.all}
	q.ID = "memberships"
	for _, one := range asked {
		q.Rules = append(q.Rules, one.Typed)
	}
	result, err := o.write(ctx, local, q, asked, io)
	if err != nil {
		return err
	}
	o.tell(asked, result, local.Snapshot.ID != nil, time.Since(began), io)
	o.tellHolds(local, io)
	if len(o.wrong) > 0 {
		return &exit.Error{Status: exit.Partial} // which has been said
	}
	return nil
}

// audiences opens the data, and returns the rules that can be answered over it with their names.
func (o *membershipOptions) audiences(ctx context.Context, data []string, io console.Streams) (*ask.Local, []*ask.Question, []string, error) {
	queries, err := o.written(ctx, io.In, nil)
	if err != nil {
		return nil, nil, nil, err
	}
	if err := o.emptyQuery(queries); err != nil {
		return nil, nil, nil, exit.Usage(err)
	}
	if len(queries) == 0 {
		return nil, nil, nil, exit.Usage(errNoRules)
	}
	names, err := memberships.Names(queries)
	if err := errors.Join(err, o.named(queries)); err != nil {
		return nil, nil, nil, exit.Usage(err)
	}
	noteUnnamed(o.notes(io), queries)
	now, err := o.instant()
	if err != nil {
		return nil, nil, nil, exit.Usage(err)
	}
	answerer, err := ask.Open(ctx, ask.Place{Paths: data, Data: o.dataset(), Threads: o.threads}, o.asking(io))
	if err != nil {
		return nil, nil, nil, err
	}
	local := answerer.(*ask.Local) // there is no queue
	asked, names, err := o.right(local.Prepare(queries, now), names, io)
	if err != nil {
		local.Close()
	}
	return local, asked, names, err
}

// right returns the rules that are not wrong, if those that are may be left out.
func (o *membershipOptions) right(asked []*ask.Question, names []string, io console.Streams) ([]*ask.Question, []string, error) {
	ask.ReportErrors(io.Err, asked)
	wrong := ask.Failures(asked)
	if wrong == 0 {
		return asked, names, nil
	}
	if !o.skipWrong || wrong == len(asked) {
		return nil, nil, &exit.Error{Status: exit.WrongQuery}
	}
	var good []*ask.Question
	var called []string
	for i, q := range asked {
		if q.Record.Error == nil {
			good, called = append(good, q), append(called, names[i])
		} else {
			o.wrong = append(o.wrong, cmp.Or(q.Meant, names[i]))
		}
	}
	too := ""
	if o.previous != "" && wrong == 1 {
		too = ", and its audience is not compared"
	} else if o.previous != "" {
		too = ", and their audiences are not compared"
	}
	fmt.Fprintf(o.notes(io), "segq: %s left out%s\n", show.Plural(wrong, "rule that is wrong is", "rules that are wrong are"), too)
	return good, called, nil
}

// write writes the memberships, compares them with those of before where that is asked for, and writes the counts.
func (o *membershipOptions) write(ctx context.Context, local *ask.Local, q resident.Memberships, asked []*ask.Question, io console.Streams) (result resident.MembershipsResult, err error) {
	fields := memberships.Fields(local.Snapshot, o.inPairs())
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var all targets
	defer func() { err = all.end(err) }()
	target, err := all.open(ctx, o.output, io)
	if err != nil {
		return result, err
	}
	var earlier *previous.File
	if o.previous != "" {
		if earlier, err = o.openEarlier(ctx, local, q.Names, &all, io); err != nil {
			return result, err
		}
		defer func() {
			if err != nil {
				cancel()
			}
			if err = earlier.Close(err); errors.Is(err, difference.ErrNoRoom) {
				err = exit.Data(err)
			}
		}()
	}
	out, discard, err := o.openOutput(target, q.Names, fields, io)
	if err != nil {
		return result, err
	}
	q.All = q.All || o.bitmaps // the numbers are those of all rows
	q.Begin = out.Begin
	if earlier != nil {
		q.Begin = func() resident.Stretch { return earlier.Tap(out.Begin()) }
	}
	result, err = local.Memberships(ctx, q)
	if err == nil {
		err = out.Close()
	}
	if err == nil && earlier != nil {
		err = o.compare(ctx, earlier, result, q.Names, &all, io)
	}
	if err == nil {
		fill(asked, result)
		err = o.writeCounts(ctx, asked, &all, io)
	}
	return result, errors.Join(err, discard())
}

// membershipsWriter writes memberships.
type membershipsWriter interface {
	Begin() resident.Stretch
	Close() error
}

// openOutput begins the output, and returns what takes away at last what it needs beside it.
func (o *membershipOptions) openOutput(target *printer.Target, names []string, fields []*check.Field, io console.Streams) (membershipsWriter, func() error, error) {
	if o.bitmaps {
		b, err := memberships.NewBitmaps(target, names, fields[0])
		if err != nil {
			return nil, nil, err
		}
		return b, b.Discard, nil
	}
	options := rows.Options{Fields: fields, Safe: o.taking.safe}
	if o.onScreen(io) {
		options.Width = console.SizeOf(io.Out.File).Width
	}
	return memberships.Open(printer.RowsIn(o.format), target, options, o.inPairs()), func() error { return nil }, nil
}

// fill puts the counts into the records of the rules.
func fill(asked []*ask.Question, r resident.MembershipsResult) {
	for i, q := range asked {
		q.Record.Count, q.Record.Total = &r.Counts[i], &r.Total
		q.Record.Status, q.Record.Exact = record.OK, true
	}
}

// writeCounts writes the counts as answers.
func (o *membershipOptions) writeCounts(ctx context.Context, asked []*ask.Question, all *targets, io console.Streams) error {
	if o.counts == "" {
		return nil
	}
	format, err := printer.FormatOf("", o.counts, false)
	if err != nil {
		return o.writeCountRows(ctx, asked, all, io)
	}
	target, err := all.open(ctx, o.counts, io)
	if err != nil {
		return err
	}
	out := printer.To(cmp.Or(format, "table"), target, printer.Layout{Look: show.Look{}})
	for _, q := range asked {
		if err := out.Write(q.Record); err != nil {
			return err
		}
	}
	return out.Flush()
}

// writeCountRows writes the counts in a format that holds rows alone.
func (o *membershipOptions) writeCountRows(ctx context.Context, asked []*ask.Question, all *targets, io console.Streams) error {
	to, err := o.rowsTo(ctx, o.counts, memberships.CountFields(), all, io)
	if err != nil {
		return err
	}
	sizes := make([]memberships.Size, len(asked))
	for i, q := range asked {
		sizes[i] = memberships.Size{Name: cmp.Or(q.Record.Name, q.Record.ID), Query: q.Record.Query, Count: *q.Record.Count, Total: *q.Record.Total}
	}
	return memberships.WriteCounts(to, sizes)
}

// tellHolds says that the ids which were written are personal, if they look so.
func (o *membershipOptions) tellHolds(local *ask.Local, io console.Streams) {
	if held := o.holds(local, resident.Rows{IDs: true}); len(held) > 0 && !o.onScreen(io) {
		fmt.Fprintf(o.notes(io), "segq: holds %s\n", show.Personal(held))
	}
}

// tell says what was written; named is whether the data has ids.
func (o *membershipOptions) tell(asked []*ask.Question, r resident.MembershipsResult, named bool, took time.Duration, io console.Streams) {
	w := o.notes(io)
	pairs, empty := 0, 0
	for _, n := range r.Counts {
		if pairs += n; n == 0 {
			empty++
		}
	}
	to := ""
	if o.output != "" && o.output != "-" {
		to = " in " + o.output
	}
	fmt.Fprintf(w, "segq: %s of %s in %s: %s%s, %s\n", show.Plural(r.Members, "profile", "profiles"), show.Count(r.Total),
		show.Plural(len(asked), "audience", "audiences"), show.Plural(pairs, "membership", "memberships"), to, show.Took(took))
	if empty > 0 {
		fmt.Fprintf(w, "segq: %s that nobody is in\n", show.Plural(empty, "audience", "audiences"))
	}
	if o.previous == "" { // where nothing is compared, which tells of it
		for _, note := range answer.Nameless(r.Nameless, named) {
			fmt.Fprintf(w, "segq: %s\n", note)
		}
	}
	if n := overflowed(r.Overflowed); n > 0 {
		fmt.Fprintf(w, "segq: in %s, some number was too large for its type and became null\n", show.Plural(n, "rule", "rules"))
	}
	records := make([]*record.Record, len(asked))
	for i, q := range asked {
		records[i] = q.Record
	}
	o.noteValues(w, records)
}

func overflowed(rules []bool) (n int) {
	for _, is := range rules {
		if is {
			n++
		}
	}
	return n
}
