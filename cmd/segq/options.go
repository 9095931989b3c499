package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/broker"
	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/cmd/segq/internal/reload"
	"github.com/segq/segq/cmd/segq/internal/replica"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/cmd/segq/internal/serving"
	"github.com/segq/segq/lang/spelling"
	"github.com/segq/segq/redisx"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// maxThreads is more than any machine has processors for.
const maxThreads = 1024

// options are the flags of the root command.
type options struct {
	// What to run.
	queries []string
	files   []string
	sets    []string
	store   storeOptions
	params  rules.Params
	now     string
	timeout time.Duration
	sample  int
	seed    uint64
	taking  taking
	analysing

	// How to answer.
	printing
	failFast bool
	progress string
	stats    bool
	quiet    bool
	peek     bool
	// accessible sessions only add lines.
	accessible bool
	// showPersonal sessions mask no values.
	showPersonal bool

	// The data and the machine.
	data     dataset.Options
	dataFrom string // the file that names the data, "" where none does
	threads  int

	// The session.
	history historyPlace
	keys    string // that edit the input, of keymaps

	// The queue.
	serve       bool
	attach      bool
	redis       broker.Options
	tenant      string
	class       string
	snapshot    string
	http        serving.HTTP
	log         serving.Log
	watch       reload.Watch
	most, each  int
	exports     string
	exportLimit dataset.Size

	given func(flag string) bool // by the command line
}

// What some flags may say.
var (
	progresses = []string{"auto", "tty", "err", "off"}
	colors     = []string{"auto", "always", "never"}
	classes    = []string{"interactive", "normal", "batch"}
)

// registerQueries adds the flags that give queries, under a heading.
func (o *options) registerQueries(f *pflag.FlagSet) {
	f.StringArrayVarP(&o.queries, "command", "c", nil, "take this `QUERY`; may be given more than once")
	f.StringArrayVarP(&o.files, "file", "f", nil, "take the queries of this `FILE` (- for standard input); may be given more than once")
	f.StringArrayVar(&o.sets, "set", nil, "take the rules of the set `NAME`, or NAME@VERSION, that segq rules keeps; may be given more than once")
	o.store.register(f)
	f.Var(&o.params.Given, "param", "value of @name, or of the context @{name}, in the queries, as `name=value`; an object or a list as JSON")
	f.Var(&o.params.Read, "params", "take such values from the JSON object in this `FILE`; --param takes precedence")
	help.Under(f, help.Queries)
	help.Common(f, "command", "file", "param")
}

func (o *options) register(c *cobra.Command) {
	f := c.Flags()
	f.SortFlags = false
	o.registerQueries(f)
	f.StringVar(&o.now, "now", "", "the `TIME` that now means (ISO-8601; default the time of the run)")
	f.DurationVar(&o.timeout, "timeout", 0, "give up after this time, such as 30s (status 4)")
	help.Under(f, help.Queries)
	help.Common(f, "timeout")
	f.IntVar(&o.sample, "sample", 0, "return `N` ids of matching profiles with each answer")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the samples")
	o.analysing.register(f)
	help.Under(f, help.Analysis)
	help.Common(f, "sample", "by", "funnel", "near", "overlap", "lift", "values")
	o.taking.register(f)
	o.printing.register(f)
	f.BoolVar(&o.failFast, "fail-fast", false, "run nothing if any query is wrong")
	f.StringVar(&o.progress, "progress", "auto", "progress: auto, tty, err or off")
	f.BoolVar(&o.stats, "stats", false, "print one line of JSON with the run's figures to standard error")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "no notes on standard error")
	help.Under(f, help.Output)
	help.Common(f, "format", "output", "quiet")
	f.BoolVar(&o.accessible, "accessible", false, "a session that only adds lines, in words, and repaints nothing: for screen readers")
	f.BoolVar(&o.peek, "peek", true, "count what matches while a query is being typed in a session; --peek=false for not")
	f.StringVar(&o.keys, "keys", keymaps[0], "how the input of a session is edited: "+strings.Join(keymaps, " or "))
	f.BoolVar(&o.showPersonal, "show-personal", false, "show the values of personal fields in a session, where they stand as (masked) otherwise; what is printed or written without a session has them anyway")
	help.Under(f, help.Session)
	o.data.RegisterProfile(f)
	o.data.Register(f)
	o.data.RegisterCluster(f)
	o.history.register(f)
	help.Under(f, help.Session)
	f.IntVar(&o.threads, "threads", runtime.GOMAXPROCS(0), "`N` cores to use (default all)")
	help.Under(f, help.Machine)
	f.BoolVar(&o.serve, "serve", false, "work through the Redis queue until SIGTERM")
	f.BoolVar(&o.attach, "attach", false, "use the workers behind --redis instead of loading data here")
	help.Under(f, help.Redis)
	help.Common(f, "serve", "attach")
	o.redis.Register(f)
	f.StringVar(&o.tenant, "tenant", "default", "tenant whose commands these are")
	f.StringVar(&o.class, "class", "interactive", "class of the commands: interactive, normal or batch")
	o.registerSnapshot(f)
	help.Under(f, help.Redis)
	f.IntVar(&o.most, "max-running", 0, "how many commands --serve runs at a time; of one with many rules, four count as one (default 4096)")
	f.IntVar(&o.each, "tenant-running", 0, "how many commands of one tenant run at a time, over all workers (default: any number)")
	help.Under(f, help.Worker)
	o.watch.Register(f)
	o.log.Register(f)
	f.StringVar(&o.exports, "export-root", "", "let --serve write exports to files below this `DIR`")
	o.exportLimit = 4 << 30
	f.Var(&o.exportLimit, "export-limit", "the size limit of such a file")
	help.Under(f, help.Worker)
	o.http.Register(f)
	o.given = f.Changed
	o.allow(f)
}

// registerSnapshot adds the flag that asks for some data.
func (o *options) registerSnapshot(f *pflag.FlagSet) {
	f.StringVar(&o.snapshot, "snapshot", "", "answer from the data of this `NAME`, as answers have it in snapshot, or fail at once")
}

// allow lets configuration files and the environment set flags. An address of Redis that is
// there, say, for the commands of the queue, never makes a local run a remote one: it holds with flags
// that ask for a queue, or for a cluster whose executors tell there how far they are.
func (o *options) allow(f *pflag.FlagSet) {
	remote := []string{"attach", "serve", "http", "cluster"}
	broker.Allow(f, remote...)
	config.Allow(f, config.Rule{Project: true, Without: []string{"serve", "http"}}, "timeout")
	config.Allow(f, config.Rule{Project: true}, "seed", "fail-fast", "stats", "peek")
	config.Allow(f, config.Rule{Project: true, OneOf: progresses}, "progress")
	config.Allow(f, config.Rule{Project: true, OneOf: classes}, "class")
	config.Allow(f, config.Rule{OneOf: keymaps}, "keys")
	config.Allow(f, config.Rule{From: 1, To: maxThreads}, "threads")
	config.Allow(f, config.Rule{}, "accessible", "show-personal", "quiet", "tenant", "max-running", "tenant-running", "export-limit")
	config.Allow(f, config.Rule{Path: true}, "export-root")
}

// serves says whether the run answers what others ask.
func (o *options) serves() bool { return o.serve || o.http.Addr != "" }

// loads says whether the run has data of its own.
func (o *options) loads() bool { return o.serve || !o.attach && o.http.Addr == "" }

// validate finds contradictions that a single flag cannot show.
func (o *options) validate() error {
	if err := o.settle(); err != nil {
		return err
	}
	if _, err := printer.FormatOf(o.format, o.output, o.taking.rows()); err != nil {
		return err
	}
	for flag, choice := range map[string]struct {
		value string
		among []string
	}{
		"--progress": {o.progress, progresses},
		"--class":    {o.class, classes},
	} {
		if !slices.Contains(choice.among, choice.value) {
			return fmt.Errorf("unknown %s %q: %s", flag, choice.value, spelling.Choices(choice.value, choice.among))
		}
	}
	switch {
	case o.most < 0 || o.each < 0:
		return errors.New("--max-running and --tenant-running must be 0 or more")
	case o.threads < 1 || o.threads > maxThreads:
		return fmt.Errorf("--threads must be 1 to %d", maxThreads)
	case (o.serves() || o.attach) && o.redis.URL == "":
		return errors.New("--serve, --attach and --http need --redis URL (or SEGQ_REDIS_URL)")
	case o.snapshot != "" && !o.attach:
		return errors.New("--snapshot is for workers, whose data may change: add --attach, or leave it out")
	case o.data.Profile != "" && (o.serves() || o.attach):
		return errors.New("--profile asks here about one profile: leave out --serve, --http and --attach. POST /qualify and the operation qualify ask workers")
	case o.data.Profile == dataset.Stdin && !o.asks():
		return errors.New("standard input cannot be both the profile and the queries: give the queries with -c or -f FILE")
	case o.serve && o.attach:
		return errors.New("--serve works through a queue, --attach asks its workers: choose one")
	case (o.serve || o.http.Addr != "") && (o.now != "" || !o.params.None() || o.sample > 0 || len(o.picked()) > 0):
		return errors.New("--serve and --http answer what others ask: give --now, --param, --sample, --by and the like with the query instead (segq submit, segq --attach, or now, params, sample and op of the command)")
	case (o.serve || o.http.Addr != "") && o.asks():
		return errors.New("--serve and --http take their queries from the queue, not from -c or -f, nor from --set")
	}
	if err := errors.Join(o.taking.validate(o), o.analysing.validate(o.taking.rows(), o.sample > 0), o.bounds(o.redis.URL != "" && !o.data.Clustered()), o.http.Validate(), o.log.Validate(), o.watch.Validate(o.serve)); err != nil {
		return err
	}
	if err := o.unread(); err != nil {
		return err
	}
	_, err := o.instant()
	return err
}

// unread finds flags of the command line that say how data is read, where none is. Files may have such settings for
// other runs.
func (o *options) unread() error {
	if o.loads() {
		return o.unreadThere()
	}
	var told []string
	for _, flag := range dataset.Reading() {
		if o.given(flag.Name) {
			told = append(told, "--"+flag.Name)
		}
	}
	switch {
	case o.data.Clustered() && o.given("cluster"):
		return errors.New("--cluster is for who answers: leave it out beside --attach, and beside --http without --serve")
	case len(told) == 0:
		return nil
	case o.attach:
		return fmt.Errorf("--attach asks workers that already have data: leave out %s", strings.Join(told, ", "))
	}
	return fmt.Errorf("--http without --serve does not use data: add --serve, or leave out %s", strings.Join(told, ", "))
}

// unreadThere finds a flag of the command line that is for nothing where a table on a cluster is asked.
func (o *options) unreadThere() error {
	if o.data.Clustered() && o.data.Profile != "" {
		return errors.New("--profile asks about one that is in no data: leave out --profile, or --cluster")
	}
	return nil
}

// kind is what the records of these options hold beside counts, as far as that is known.
func (o *options) kind() string {
	if o.values {
		return printer.Values
	}
	return o.spec().Op
}

// bounds says what is wrong with --timeout and --sample, of which queries that go through a
// queue take so many ids.
func (o *options) bounds(queued bool) error {
	switch {
	case o.timeout < 0:
		return errors.New("--timeout must be a time such as 30s, or 0 for no limit")
	case o.sample < 0:
		return errors.New("--sample must be 0 or more")
	case queued && o.sample > redisx.MaxSample:
		return fmt.Errorf("--sample %d: through a queue at most %d ids; an export has all (segq submit --op export)", o.sample, redisx.MaxSample)
	}
	return nil
}

// instant is what now means: --now, else the present.
func (o *options) instant() (time.Time, error) {
	if o.now == "" {
		return time.Now().UTC().Truncate(time.Millisecond), nil
	}
	t, ok := rules.Instant(o.now)
	if !ok {
		return time.Time{}, fmt.Errorf("--now %q is not a time: write it like 2026-11-01T00:00:00Z or 2026-11-01", o.now)
	}
	return t, nil
}

// sources reads the texts of -c and -f in the order of their kind, or standard
// input when there are none, and before them the files of --params.
func (o *options) sources(ctx context.Context, in io.Reader) ([]rules.Source, error) {
	if err := o.params.Read.Load(ctx); err != nil {
		return nil, err
	}
	if len(o.sets) > 0 && len(o.queries)+len(o.files) == 0 {
		return nil, nil
	}
	return rules.Read(ctx, o.queries, o.files, in)
}

// asks says whether flags give queries.
func (o *options) asks() bool { return len(o.queries)+len(o.files)+len(o.sets) > 0 }

// paramValues returns the values of --params and --param.
func (o *options) paramValues() map[string]any {
	return o.params.Values()
}

// registerQuiet adds the flag that leaves out notes.
func (o *options) registerQuiet(f *pflag.FlagSet) {
	f.BoolVarP(&o.quiet, "quiet", "q", false, "no notes on standard error")
	config.Allow(f, config.Rule{}, "quiet")
}

// notes is where remarks go: standard error, or nowhere with --quiet.
func (o *options) notes(s console.Streams) io.Writer {
	if o.quiet {
		return io.Discard
	}
	return s.Err
}

// asking returns how these options ask.
func (o *options) asking(io console.Streams) ask.Options {
	return ask.Options{
		Params: o.paramValues(), Now: o.now, Sample: o.sample, Seed: o.seed, Values: o.values, Analysis: o.spec(),
		Tenant: o.tenant, Class: o.class, Snapshot: o.snapshot, Timeout: o.timeout, Rows: o.taking.Columns,
		Progress: o.progress, Console: io, Notes: o.notes(io),
	}
}

// place returns where these options ask.
func (o *options) place(data []string) ask.Place {
	return ask.Place{Broker: o.redis, Attach: o.attach, Paths: data, Data: o.dataset(), Threads: o.threads}
}

// dataset returns how these options read data, and where lookups go that are too large for this process.
func (o *options) dataset() dataset.Options {
	d := o.data
	d.HasRedis = true
	if o.redis.URL != "" {
		d.Replica, d.Redis = replica.Opener(o.redis.Open), o.redis.Open
	}
	return d
}
