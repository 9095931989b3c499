package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/segq/segq/cmd/segq/internal/jobs"
	"github.com/segq/segq/cmd/segq/internal/output"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/cmd/segq/internal/store"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/cobra"
)

// diffOptions are the flags of segq diff.
type diffOptions struct {
	options
	against []string
	changes string
	json    bool
}

func diffCommand(g *configuration, io console.Streams) *cobra.Command {
	o := &diffOptions{}
	c := &cobra.Command{
		Use:   "diff NAME [flags] [DATA ...]",
		Short: "Find who entered and who left a saved segment",
		Long: `diff asks a saved segment over DATA, and compares by id who is in it with who was: in other data (--against, which may be
given more than once for several files), or else when it was saved with --members. It prints how many entered, left and
stayed; --changes writes who entered and left. A profile that is in one of the data alone has entered or left with it.

NAME@VERSION is an older version of the segment.`,
		Example: `  segq diff gold --against yesterday.parquet today.parquet
  segq diff gold --changes changes.csv today.parquet   # against its members`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var data []string
			data, o.dataFrom = g.data(cmd, args[1:])
			return o.run(cmd.Context(), args[0], data, io)
		},
		Annotations: map[string]string{config.TakesData: "true"},
	}
	f := c.Flags()
	f.StringArrayVar(&o.against, "against", nil, "the `DATA` of before (default: the members that were saved)")
	f.StringVar(&o.now, "now", "", "the `TIME` that now means (ISO-8601; default the time of the run)")
	f.Var(&o.params.Given, "param", "value of @name, or of the context @{name}, in the queries, as `name=value`; an object or a list as JSON")
	f.Var(&o.params.Read, "params", "take such values from the JSON object in this `FILE`; --param takes precedence")
	o.store.register(f)
	help.Under(f, help.Queries)
	f.StringVar(&o.changes, "changes", "", "write the ids of who entered and who left to this `FILE` (.csv, .tsv or .ndjson)")
	f.BoolVar(&o.json, "json", false, "print JSON")
	f.StringVar(&o.progress, "progress", "auto", "progress: auto, tty, err or off")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "no notes on standard error")
	help.Under(f, help.Output)
	o.registerOver(f)
	return c
}

// segmentDiff is what changed between two sets of profiles.
type segmentDiff struct {
	Name    string `json:"name"`
	Version int    `json:"version"`
	Before  int    `json:"before"`
	Now     int    `json:"now"`
	Entered int    `json:"entered"`
	Left    int    `json:"left"`
	Stayed  int    `json:"stayed"`
	// The data that was compared.
	SnapshotBefore string `json:"snapshot_before"`
	Snapshot       string `json:"snapshot"`
}

func (o *diffOptions) run(ctx context.Context, text string, data []string, io console.Streams) error {
	name, version, err := store.CutVersion(text)
	if err := errors.Join(err, o.overData(nil), chosen("--progress", o.progress, progresses), o.checkChanges(), o.spares(slices.Concat(data, o.against), destination{"--changes", o.changes})); err != nil {
		return exit.Usage(err)
	}
	if o.attach {
		return exit.Usage(errors.New("diff needs the data here: leave out --attach, and name DATA"))
	}
	s, err := o.store.opener(&o.redis, o.tenant)(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	segment, err := store.Saved(ctx, s, name, version)
	if err != nil {
		return unkept(err)
	}
	d := &segmentDiff{Name: name, Version: segment.Version}
	queries := rules.Statements(rules.Source{Name: "the segment " + name, Text: segment.Query})
	if err := o.reach(ctx, func(context.Context) (store.Store, error) { return unowned{s}, nil }, queries); err != nil {
		return err
	}
	before, buckets, end, err := o.before(ctx, s, segment, queries, d, io)
	if err != nil {
		return err
	}
	defer end()
	after, r, err := o.counted(ctx, queries, 0, data, true, buckets, io)
	if err != nil {
		return err
	}
	defer func() { _ = after.Close() }()
	d.Snapshot = r.Snapshot
	if err := o.compare(ctx, d, buckets, before, after.Bucket); err != nil {
		return err
	}
	return d.print(io.Out, o.json)
}

// unowned is a store that somebody else closes.
type unowned struct{ store.Store }

// Close does nothing.
func (unowned) Close() error { return nil }

// before returns the ids of before, by buckets: those of other data, or the members that were saved.
func (o *diffOptions) before(ctx context.Context, s store.Store, segment *store.Segment, queries []rules.Written, d *segmentDiff, io console.Streams) (bucket func(int) ([]string, error), n int, end func(), err error) {
	if len(o.against) > 0 {
		ids, r, err := o.counted(ctx, queries, 0, o.against, true, 0, io)
		if err != nil {
			return nil, 0, nil, err
		}
		d.SnapshotBefore = r.Snapshot
		return ids.Bucket, ids.Buckets(), func() { _ = ids.Close() }, nil
	}
	if segment.Members == 0 {
		return nil, 0, nil, exit.Usage(fmt.Errorf("the members of %s, version %d, were not saved: give the data of before with --against, or save it with --members", segment.Name, segment.Version))
	}
	members, err := store.MembersOf(ctx, s, segment)
	if err != nil {
		return nil, 0, nil, unkept(err)
	}
	d.SnapshotBefore = cmp.Or(members.Snapshot, segment.Snapshot)
	return func(i int) ([]string, error) { return members.Bucket(ctx, i) }, members.Buckets(), func() {}, nil
}

// changeFormats are the forms of a file of changes, by the end of its name.
var changeFormats = []string{".csv", ".tsv", ".ndjson", ".jsonl"}

// checkChanges says what is wrong with the file of changes.
func (o *diffOptions) checkChanges() error {
	if o.changes != "" && !slices.Contains(changeFormats, strings.ToLower(filepath.Ext(o.changes))) {
		return fmt.Errorf("--changes %s: the name of the file ends in %s", o.changes, strings.Join(changeFormats, ", "))
	}
	return nil
}

// compare compares the ids of buckets, and writes who has changed.
func (o *diffOptions) compare(ctx context.Context, d *segmentDiff, buckets int, before, after func(int) ([]string, error)) error {
	write, end := func(string, string) error { return nil }, func(err error) error { return err }
	if o.changes != "" {
		f, err := output.Create(ctx, o.changes)
		if err != nil {
			return err
		}
		var flush func() error
		write, flush = changeWriter(f, o.changes)
		end = func(err error) error {
			if err = errors.Join(err, flush()); err != nil {
				return errors.Join(err, f.Abandon())
			}
			return f.Commit(0o600)
		}
	}
	for i := range buckets {
		if err := ctx.Err(); err != nil {
			return end(context.Cause(ctx))
		}
		was, err := before(i)
		is, other := after(i)
		if err := errors.Join(err, other); err != nil {
			return end(exit.Data(err))
		}
		if err := d.add(was, is, write); err != nil {
			return end(err)
		}
	}
	return end(nil)
}

// add takes the ids of a bucket into account.
func (d *segmentDiff) add(was, is []string, write func(id, change string) error) error {
	slices.Sort(was)
	slices.Sort(is)
	was, is = slices.Compact(was), slices.Compact(is)
	d.Before, d.Now = d.Before+len(was), d.Now+len(is)
	for len(was) > 0 || len(is) > 0 {
		var err error
		switch {
		case len(is) == 0 || len(was) > 0 && was[0] < is[0]:
			err = write(was[0], "left")
			d.Left, was = d.Left+1, was[1:]
		case len(was) == 0 || is[0] < was[0]:
			err = write(is[0], "entered")
			d.Entered, is = d.Entered+1, is[1:]
		default:
			d.Stayed, was, is = d.Stayed+1, was[1:], is[1:]
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// changeWriter returns what writes a change to a file, and what ends it.
func changeWriter(w io.Writer, name string) (write func(id, change string) error, flush func() error) {
	ext := strings.ToLower(filepath.Ext(name))
	if ext == ".csv" || ext == ".tsv" {
		out := csv.NewWriter(w)
		if ext == ".tsv" {
			out.Comma = '\t'
		}
		_ = out.Write([]string{"id", "change"}) // the end says what is wrong
		return func(id, change string) error { return out.Write([]string{id, change}) }, func() error {
			out.Flush()
			return out.Error()
		}
	}
	b := bufio.NewWriter(w)
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	return func(id, change string) error {
		return e.Encode(struct {
			ID     string `json:"id"`
			Change string `json:"change"`
		}{id, change})
	}, b.Flush
}

// print prints the difference.
func (d *segmentDiff) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(d)
	}
	jobs.Columns(w, [][]string{
		{"SEGMENT", "VERSION", "BEFORE", "NOW", "ENTERED", "LEFT", "STAYED"},
		{show.Clean(d.Name), fmt.Sprint(d.Version), show.Count(d.Before), show.Count(d.Now), show.Count(d.Entered), show.Count(d.Left), show.Count(d.Stayed)},
	})
	return nil
}
