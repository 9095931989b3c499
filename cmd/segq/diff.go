package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/segq/segq/cmd/segq/internal/identity"
	"github.com/segq/segq/cmd/segq/internal/jobs"
	"github.com/segq/segq/cmd/segq/internal/output"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/cmd/segq/internal/rows"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/cmd/segq/internal/store"
	"github.com/segq/segq/cmd/segq/internal/turnover"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/cobra"
)

// diffOptions are the flags of segq diff.
type diffOptions struct {
	options
	against []string
	from    string
	members bool
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

NAME@VERSION is an older version of the segment. --from compares with the members of another one, and --members takes those of NAME
as they were saved too, and asks no data. With --attach the workers ask their data, and write the changes below their --export-root.`,
		Example: `  segq diff gold --against yesterday.parquet today.parquet
  segq diff gold --changes changes.csv today.parquet   # against its members
  segq diff gold@3 --from gold@2 --members
  segq diff gold --attach --redis redis://127.0.0.1:6379`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			data := args[1:]
			if !o.attach && !o.members {
				data, o.dataFrom = g.data(cmd, data)
			}
			return o.run(cmd.Context(), args[0], data, io)
		},
		Annotations: map[string]string{config.TakesData: "true"},
	}
	f := c.Flags()
	f.StringArrayVar(&o.against, "against", nil, "the `DATA` of before (default: the members that were saved)")
	f.StringVar(&o.from, "from", "", "compare with the members of this segment, `NAME` or NAME@VERSION, and not with those of the one that is asked")
	f.BoolVar(&o.members, "members", false, "compare the members of the segment as they were saved, and ask no data")
	f.StringVar(&o.now, "now", "", "the `TIME` that now means (ISO-8601; default the time of the run)")
	f.Var(&o.params.Given, "param", "value of @name, or of the context @{name}, in the queries, as `name=value`; an object or a list as JSON")
	f.Var(&o.params.Read, "params", "take such values from the JSON object in this `FILE`; --param takes precedence")
	o.store.register(f)
	help.Under(f, help.Queries)
	f.StringVar(&o.changes, "changes", "", "write the ids of who entered and who left to this `FILE`, in the format of its extension; with --attach below the export root of the workers")
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
	// From is the segment with whose members it was compared, where that is another one, or another version.
	From        string `json:"from,omitempty"`
	FromVersion int    `json:"from_version,omitempty"`
	// The data that was compared.
	SnapshotBefore string `json:"snapshot_before"`
	Snapshot       string `json:"snapshot"`
}

// comparedWith notes the segment of before, where that is another version.
func (d *segmentDiff) comparedWith(name string, version int) {
	if name != "" && (name != d.Name || version != d.Version) {
		d.From, d.FromVersion = name, version
	}
}

func (o *diffOptions) run(ctx context.Context, text string, data []string, io console.Streams) error {
	if err := errors.Join(o.overData(data), chosen("--progress", o.progress, progresses), o.checkSides(text, data), o.checkChanges()); err != nil {
		return exit.Usage(err)
	}
	ask := o.here
	if o.attach {
		ask = func(ctx context.Context, text string, _ []string, io console.Streams) (*segmentDiff, error) {
			return o.there(ctx, text, io)
		}
	} else if err := o.spares(slices.Concat(data, o.against), destination{"--changes", o.changes}); err != nil {
		return exit.Usage(err)
	}
	d, err := ask(ctx, text, data, io)
	if err != nil {
		return err
	}
	return d.print(io.Out, o.json)
}

// checkSides says what is wrong with what is to be compared.
func (o *diffOptions) checkSides(text string, data []string) error {
	switch {
	case o.attach && len(o.against) > 0:
		return errors.New("--against names data here: with --attach the workers compare with members, those of the segment or of --from NAME")
	case o.from != "" && len(o.against) > 0:
		return errors.New("--from compares with members, and --against with data: choose one")
	case o.members && (o.from == "" || o.from == text):
		return errors.New("--members compares the members of two segments, or versions: name the other one with --from NAME@VERSION")
	case o.members && len(data) > 0:
		return errors.New("--members asks no data: leave out DATA")
	}
	_, _, err := store.CutVersion(text)
	if o.from != "" && err == nil {
		_, _, err = store.CutVersion(o.from)
	}
	return err
}

// here compares with the data here, and the store that is set.
func (o *diffOptions) here(ctx context.Context, text string, data []string, io console.Streams) (*segmentDiff, error) {
	name, version, err := store.CutVersion(text)
	if err != nil {
		return nil, exit.Usage(err)
	}
	s, err := o.store.opener(&o.redis, o.tenant)(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = s.Close() }()
	segment, err := store.Saved(ctx, s, name, version)
	if err != nil {
		return nil, unkept(err)
	}
	d := &segmentDiff{Name: name, Version: segment.Version}
	queries := queriesOf(segment, "")
	if err := o.reach(ctx, func(context.Context) (store.Store, error) { return unowned{s}, nil }, queries); err != nil {
		return nil, err
	}
	before, err := o.before(ctx, s, segment, d, io)
	if err != nil {
		return nil, err
	}
	defer before.close()
	if o.members {
		members, err := membersOf(ctx, s, segment)
		if err != nil {
			return nil, err
		}
		d.Snapshot = cmp.Or(members.Snapshot, segment.Snapshot)
		return d, o.compare(ctx, d, before, keptSide(segment, members))
	}
	after, r, err := o.counted(ctx, queriesOf(segment, dataset.NameOf(data)), 0, data, true, before.buckets(), io)
	if err != nil {
		return nil, err
	}
	defer func() { _ = after.Close() }()
	d.Snapshot = r.Snapshot
	return d, o.compare(ctx, d, before, &diffSide{of: after.of, ids: after})
}

// queriesOf returns the query of a segment; data is what it is asked over, and part of its name in errors.
func queriesOf(segment *store.Segment, data string) []rules.Written {
	name := "the segment " + segment.Name
	if data != "" {
		name += " in " + data
	}
	return rules.Statements(rules.Source{Name: name, Text: segment.Query})
}

// diffSide is one side of a comparison: ids of data, or members as they were saved.
type diffSide struct {
	of      identity.IDs
	ids     *ids
	members *store.Members
}

func keptSide(segment *store.Segment, members *store.Members) *diffSide {
	called := fmt.Sprintf("the members of %s, version %d", segment.Name, segment.Version)
	return &diffSide{of: identity.IDs{Of: called, Field: members.Field, Kind: members.Kind, Kept: segment.Name}, members: members}
}

// buckets is how many buckets the ids are in.
func (s *diffSide) buckets() int {
	if s.ids != nil {
		return s.ids.Buckets()
	}
	return s.members.Buckets()
}

// bucket returns the ids by so many buckets, as they are compared with those of others. What ends it is to be called.
func (s *diffSide) bucket(ctx context.Context, buckets int, others identity.IDs) (turnover.Side, func(), error) {
	if s.ids != nil {
		return s.ids.Bucket, func() {}, nil
	}
	side, _, end, err := s.members.Side(ctx, buckets, identity.Respell(s.of, others))
	return side, end, err
}

func (s *diffSide) close() {
	if s.ids != nil {
		_ = s.ids.Close() // they were for now
	}
}

// unowned is a store that somebody else closes.
type unowned struct{ store.Store }

// Close does nothing.
func (unowned) Close() error { return nil }

// before returns the side of before: that of other data, or the members that were saved.
func (o *diffOptions) before(ctx context.Context, s store.Store, segment *store.Segment, d *segmentDiff, io console.Streams) (*diffSide, error) {
	if len(o.against) > 0 {
		ids, r, err := o.counted(ctx, queriesOf(segment, dataset.NameOf(o.against)), 0, o.against, true, 0, io)
		if err != nil {
			return nil, err
		}
		d.SnapshotBefore = r.Snapshot
		return &diffSide{of: ids.of, ids: ids}, nil
	}
	if o.from != "" {
		name, version, err := store.CutVersion(o.from)
		if err != nil {
			return nil, exit.Usage(err)
		}
		if segment, err = store.Saved(ctx, s, name, version); err != nil {
			return nil, unkept(err)
		}
		d.comparedWith(segment.Name, segment.Version)
	}
	members, err := membersOf(ctx, s, segment)
	if err != nil {
		return nil, err
	}
	d.SnapshotBefore = cmp.Or(members.Snapshot, segment.Snapshot)
	return keptSide(segment, members), nil
}

// membersOf returns the members of a segment, which are to be there.
func membersOf(ctx context.Context, s store.Store, segment *store.Segment) (*store.Members, error) {
	if segment.Members == 0 {
		return nil, exit.Usage(fmt.Errorf("the members of %s, version %d, were not saved: give the data of before with --against, or save it with --members", segment.Name, segment.Version))
	}
	members, err := store.MembersOf(ctx, s, segment)
	return members, unkept(err)
}

// checkChanges says what is wrong with the file of changes.
func (o *diffOptions) checkChanges() error {
	if o.changes == "" {
		return nil
	}
	_, err := changesFormat(o.changes)
	if err == nil && o.attach && strings.ContainsAny(o.changes, `/\`) {
		return fmt.Errorf("--changes %s: the workers write the file below their export root: give a name without folders, such as changes.csv", o.changes)
	}
	return err
}

// changeEnds are the ends of the names of files of changes.
var changeEnds = []string{".csv", ".tsv", ".ndjson", ".jsonl", ".json", ".parquet", ".arrow"}

// changesFormat returns the format of a file of changes, by the end of its name.
func changesFormat(name string) (string, error) {
	ext := strings.ToLower(filepath.Ext(name))
	if !slices.Contains(changeEnds, ext) {
		return "", fmt.Errorf("--changes %s: the name of the file ends in %s", name, strings.Join(changeEnds, ", "))
	}
	return printer.FormatOf("", name, true)
}

// compare compares two sides, and writes who has changed.
func (o *diffOptions) compare(ctx context.Context, d *segmentDiff, was, is *diffSide) error {
	if err := identity.Apart(was.of, is.of); err != nil {
		return apart(err)
	}
	buckets := was.buckets()
	before, endBefore, err := was.bucket(ctx, buckets, is.of)
	if err != nil {
		return apart(err)
	}
	defer endBefore()
	now, endNow, err := is.bucket(ctx, buckets, was.of)
	if err != nil {
		return apart(err)
	}
	defer endNow()
	var changes *turnover.Rows
	end := func(err error) error { return err }
	if o.changes != "" {
		f, err := output.Create(ctx, o.changes)
		if err != nil {
			return err
		}
		format, err := changesFormat(o.changes)
		if err != nil {
			return errors.Join(exit.Usage(err), f.Abandon())
		}
		out := bufio.NewWriter(f)
		changes = turnover.NewRows(printer.RowsIn(format)(out, rows.Options{Fields: turnover.Fields()}))
		end = func(err error) error {
			if err == nil {
				err = errors.Join(changes.Close(), out.Flush())
			}
			if err != nil {
				return errors.Join(err, f.Abandon())
			}
			return f.Commit(0o600)
		}
	}
	t, err := turnover.Compare(ctx, buckets, before, now, changes.Add)
	if err != nil && ctx.Err() == nil {
		err = exit.Data(err)
	}
	d.Before, d.Now, d.Entered, d.Left, d.Stayed = t.Before, t.Now, t.Entered, t.Left, t.Stayed
	return end(err)
}

// apart gives the error of ids a status, and those that cannot be compared what to do.
func apart(err error) error {
	var e *identity.ApartError
	if errors.As(err, &e) {
		return exit.Usage(fmt.Errorf("%w: %s", e, e.Mend()))
	}
	return failedIDs(err)
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
