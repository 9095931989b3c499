package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/broker"
	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/segq/segq/cmd/segq/internal/identity"
	"github.com/segq/segq/cmd/segq/internal/jobs"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/cmd/segq/internal/store"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func saveCommand(g *configuration, io console.Streams) *cobra.Command {
	o := &options{}
	var members, asJSON bool
	c := &cobra.Command{
		Use:   "save NAME [flags] [DATA ...]",
		Short: "Save a segment: its query, its size, and its members if you like",
		Long: `save counts one query (-c, -f, --set or standard input) over DATA, and keeps it under NAME, with the count, the data and the
time: inSegment("NAME") asks about it from then on, in queries, in sessions, and with --redis or --attach in all that the workers
of that Redis answer. What was there before stays an older version; the same query again is the version that is there, with
the new count. With --members it keeps the ids of the profiles too, for segq diff.

Of several queries it saves the one called NAME. What that asks about of the others becomes part of it, and so
do the values of --param; of other saved segments it asks as they are when it runs.`,
		Example: `  segq save gold -c 'loyalty.tier = "gold"' p.parquet
  segq -c 'inSegment("gold") and xEvent.count() > 3' p.parquet
  segq save gold --members -c 'loyalty.tier = "gold"' p.parquet`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			data := args[1:]
			if !o.attach {
				data, o.dataFrom = g.data(cmd, data)
			}
			return save(cmd.Context(), o, args[0], data, members, asJSON, io)
		},
		Annotations: map[string]string{config.TakesData: "true"},
	}
	f := c.Flags()
	o.registerQueries(f)
	f.StringVar(&o.now, "now", "", "the `TIME` that now means (ISO-8601; default the time of the run)")
	f.BoolVar(&members, "members", false, "keep the ids of the profiles that match, too")
	help.Under(f, help.Queries)
	f.BoolVar(&asJSON, "json", false, "print what is kept as JSON")
	f.StringVar(&o.progress, "progress", "auto", "progress: auto, tty, err or off")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "no notes on standard error")
	help.Under(f, help.Output)
	o.registerOver(f)
	return c
}

// registerOver adds the flags of a command that asks over data, here or of workers.
func (o *options) registerOver(f *pflag.FlagSet) {
	o.class = "interactive"
	o.data.Register(f)
	f.IntVar(&o.threads, "threads", runtime.GOMAXPROCS(0), "`N` cores to use (default all)")
	config.Allow(f, config.Rule{From: 1, To: maxThreads}, "threads")
	config.Allow(f, config.Rule{Project: true, OneOf: progresses}, "progress")
	help.Under(f, help.Machine)
	f.BoolVar(&o.attach, "attach", false, "use the workers behind --redis instead of loading data here")
	f.StringVar(&o.tenant, "tenant", "default", "tenant in whose name it is kept")
	config.Allow(f, config.Rule{}, "tenant", "quiet")
	help.Under(f, help.Redis)
	o.redis.Register(f)
	broker.Allow(f, "attach")
	o.given = f.Changed
}

// oneOf returns the query of a run that is meant by a name: the only one, or that of several which has it.
func oneOf(queries []rules.Written, name string) (int, error) {
	if len(queries) == 1 {
		return 0, nil
	}
	for i, w := range queries {
		if w.Name == name || w.ID == name {
			return i, nil
		}
	}
	return 0, fmt.Errorf("there are %d queries, and none of them is called %s: give one, or name it", len(queries), name)
}

// save counts a query and keeps it.
func save(ctx context.Context, o *options, name string, data []string, members, asJSON bool, io console.Streams) error {
	if err := errors.Join(store.CheckName(name), o.overData(data), chosen("--progress", o.progress, progresses)); err != nil {
		return exit.Usage(err)
	}
	if members && o.attach && o.store.file != "" {
		return exit.Usage(fmt.Errorf("workers keep members in Redis, and not in --store %s: leave it out", o.store.file))
	}
	queries, err := o.written(ctx, io.In, &o.redis)
	if err != nil {
		return err
	}
	if len(queries) == 0 {
		return exit.Usage(errors.New("no queries given"))
	}
	at, err := oneOf(queries, name)
	if err != nil {
		return exit.Usage(err)
	}
	if members && o.attach {
		return o.saveThere(ctx, name, queries, at, asJSON, io)
	}
	ids, r, err := o.counted(ctx, queries, at, data, members, 0, io)
	if ids != nil {
		defer func() { _ = ids.Close() }()
	}
	if err != nil {
		return err
	}
	s, err := o.store.opener(&o.redis, o.tenant)(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	segment := &store.Segment{Name: name, Query: rules.WithValues(rules.Whole(queries, at), o.paramValues()), Count: *r.Count, Total: *r.Total, Snapshot: r.Snapshot, Now: r.Now}
	if !o.attach { // workers do not say in a record what their data is called
		segment.Data = dataset.NameOf(data)
	}
	fresh, err := ids.save(ctx, s, segment)
	var cycle store.CycleError
	if errors.As(err, &cycle) {
		return &exit.Error{Status: exit.WrongQuery, Err: err}
	}
	if err != nil {
		return exit.Data(err)
	}
	return printSaved(io.Out, s, segment, fresh, members, asJSON)
}

// printSaved says what was kept.
func printSaved(w io.Writer, s store.Store, segment *store.Segment, fresh, members, asJSON bool) error {
	if asJSON {
		return encodeSegment(w, segment)
	}
	said := "saved as version"
	if !fresh {
		said = "the query was there already, as version"
	}
	with := ""
	switch {
	case members:
		with = ", with its members"
	case segment.Members > 0:
		with = ", with the members of before"
	}
	_, err := fmt.Fprintf(w, "%s: %s of %s profiles, %s %d%s, in %s\n", show.Clean(segment.Name), show.Count(segment.Count), show.Count(segment.Total),
		said, segment.Version, with, show.Clean(s.Place()))
	return err
}

// encodeSegment prints a segment as JSON.
func encodeSegment(w io.Writer, segment *store.Segment) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(segment)
}

// overData says what is wrong with where a command asks.
func (o *options) overData(data []string) error {
	switch {
	case o.attach && o.redis.URL == "":
		return errors.New("--attach needs --redis URL (or SEGQ_REDIS_URL)")
	case o.attach && len(data) > 0:
		return errors.New("--attach asks workers that already have data: leave out DATA")
	case o.threads < 1 || o.threads > maxThreads:
		return fmt.Errorf("--threads must be 1 to %d", maxThreads)
	}
	return nil
}

// ids are those of a query, as they were collected, of data that is known.
type ids struct {
	*store.IDs
	of identity.IDs
}

// save keeps a segment, with the ids as its members where there are any.
func (s *ids) save(ctx context.Context, to store.Store, segment *store.Segment) (fresh bool, err error) {
	if s == nil {
		return store.Save(ctx, to, segment)
	}
	fresh, _, err = store.SaveMembers(ctx, to, segment, store.MemberID{Field: s.of.Field, Kind: s.of.Kind}, s.Buckets(), s.Bucket)
	return fresh, err
}

// counted answers one of some queries, of which the others are there to be asked about, and returns its record, and the ids
// of the profiles if they are wanted.
//
// The ids are in so many buckets, 0 for as many as they need.
func (o *options) counted(ctx context.Context, queries []rules.Written, at int, data []string, wanted bool, buckets int, io console.Streams) (*ids, *record.Record, error) {
	now, err := o.instant()
	if err != nil {
		return nil, nil, exit.Usage(err)
	}
	if err := o.params.Read.Load(ctx); err != nil {
		return nil, nil, err
	}
	place := o.place(data)
	if !o.attach {
		place.Broker.URL = ""
		noteData(o.notes(io), data, o.dataFrom)
	}
	answerer, err := ask.Open(ctx, place, o.asking(io))
	if err != nil {
		return nil, nil, err
	}
	defer answerer.Close()
	asked := answerer.Prepare(queries, now)[at : at+1]
	ask.ReportErrors(io.Err, asked)
	if ask.Failures(asked) > 0 {
		return nil, nil, &exit.Error{Status: exit.WrongQuery}
	}
	q := asked[0]
	if local, ok := answerer.(*ask.Local); ok && wanted {
		if buckets == 0 {
			buckets = store.Buckets(local.Snapshot.Rows())
		}
		name := dataset.NameOf(data)
		all, given := &ids{store.NewIDs(buckets), identity.Of(local.Snapshot, name)}, 0
		err := local.IDs(ctx, q, func(some []string) error {
			given += len(some)
			return all.Add(some)
		})
		if err := failedIDs(err); err != nil {
			return nil, nil, errors.Join(err, all.Close())
		}
		o.noteWithout(*q.Record.Count-given, name, io)
		return all, q.Record, nil
	}
	r := q.Record
	if err := answerer.Answer(ctx, asked, func(own *record.Record) { r = own }); err != nil {
		return nil, nil, err
	}
	if r.Error != nil {
		return nil, nil, errors.Join(statusOfRecords([]*record.Record{r}), errors.New(r.Error.Message))
	}
	return nil, r, nil
}

// noteWithout says how many profiles of a segment in some data, "" for that there is, cannot be compared, if there are such.
func (o *options) noteWithout(n int, data string, io console.Streams) {
	if n == 0 {
		return
	}
	if data != "" {
		data = " in " + data
	}
	fmt.Fprintf(o.notes(io), "segq: %s\n", show.Plural(n, "profile of the segment"+data+" has no id: not compared", "profiles of the segment"+data+" have no id: not compared"))
}

// failedIDs gives the error of ids a status.
func failedIDs(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ask.ErrNoIDs):
		return exit.Usage(err)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	}
	return exit.Data(err)
}

func savedCommand(io console.Streams) *cobra.Command {
	list := storeCommand("list [NAME]", "List saved segments, or the versions of one", "", cobra.MaximumNArgs(1), nil,
		func(ctx context.Context, s store.Store, o *storePlace, args []string) error {
			list := store.ListSaved
			if len(args) == 1 {
				list = func(ctx context.Context, s store.Store) ([]*store.Segment, error) {
					return store.SavedVersions(ctx, s, args[0])
				}
			}
			segments, err := list(ctx, s)
			if err != nil {
				return unkept(err)
			}
			return printSegmentList(ctx, io.Out, s, o.json, segments)
		})
	print := storeCommand("show NAME", "Print the query of a saved segment", `show prints the query of a saved segment, NAME or NAME@VERSION, and to standard error what it counted when it was saved. With
--json it prints both as one record.`, cobra.ExactArgs(1), nil,
		func(ctx context.Context, s store.Store, o *storePlace, args []string) error {
			return showSaved(ctx, s, o, args[0], io)
		})
	force := false
	drop := storeCommand("drop NAME ...", "Drop saved segments, with all their versions and members", `drop drops saved segments. One that another asks about stays, unless both are dropped or you say --force.`, cobra.MinimumNArgs(1),
		func(f *pflag.FlagSet) { f.BoolVar(&force, "force", false, "drop what others ask about, too") },
		func(ctx context.Context, s store.Store, _ *storePlace, names []string) error {
			err := store.DropSaved(ctx, s, names, force)
			var asked store.AskedError
			if errors.As(err, &asked) {
				return &exit.Error{Status: exit.WrongQuery, Err: err}
			}
			return unkept(err)
		})
	c := &cobra.Command{Use: "saved", Short: "Manage saved segments", Long: `saved manages what segq save has kept, which inSegment("NAME") asks about. What is published for other programs is
another matter: segq segments.`}
	c.AddCommand(list, print, drop)
	return c
}

// printSegmentList prints what is saved.
func printSegmentList(ctx context.Context, w io.Writer, kept store.Store, asJSON bool, segments []*store.Segment) error {
	rows := [][]string{{"NAME", "VERSION", "PROFILES", "OF", "MEMBERS", "SNAPSHOT", "SAVED", "QUERY"}}
	for _, s := range segments {
		if asJSON {
			if err := encodeSegment(w, s); err != nil {
				return err
			}
			continue
		}
		members := "no"
		if s.Members > 0 {
			members = "yes"
			if _, err := store.MembersOf(ctx, kept, s); errors.Is(err, store.ErrNone) {
				members = "gone" // those of newer versions are kept
			}
		}
		rows = append(rows, []string{show.Clean(s.Name), strconv.Itoa(s.Version), show.Count(s.Count), show.Count(s.Total), members, s.Snapshot, s.At.Format(time.RFC3339), queryLine(s.Query)})
	}
	if !asJSON {
		jobs.Columns(w, rows)
	}
	return nil
}

// mostQuery is how many bytes of a query a list shows.
const mostQuery = 60

// queryLine returns a query for a list.
func queryLine(query string) string {
	text := strings.Join(strings.Fields(query), " ")
	if len(text) > mostQuery {
		text = strings.ToValidUTF8(text[:mostQuery-1], "") + "…"
	}
	return show.Clean(text)
}

// showSaved prints the query of a saved segment.
func showSaved(ctx context.Context, s store.Store, o *storePlace, text string, io console.Streams) error {
	name, version, err := store.CutVersion(text)
	if err != nil {
		return exit.Usage(err)
	}
	segment, err := store.Saved(ctx, s, name, version)
	if err != nil {
		return unkept(err)
	}
	if o.json {
		return encodeSegment(io.Out, segment)
	}
	if _, err := fmt.Fprintln(io.Out, strings.TrimSpace(segment.Query)); err != nil {
		return err
	}
	fmt.Fprintf(io.Err, "segq: %s, version %d: %s of %s profiles of %s at %s\n", show.Clean(segment.Name), segment.Version, show.Count(segment.Count),
		show.Count(segment.Total), segment.Snapshot, segment.Now.Format(time.RFC3339))
	return nil
}
