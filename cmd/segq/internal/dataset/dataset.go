// Package dataset holds opened data: with the engine that answers over it, the flags that say
// how it is read (options.go), what no answer counts (trust.go, loadreport.go), how the memory
// of the process is shared (shares.go), and what workers tell about it to those who have no
// data (published.go).
//
// The tour: [Open] opens, [Dataset.Load] loads, and both report what was left out; [Dataset.NewRecord] and
// [Dataset.Describe] make records say what their numbers are based on.
package dataset

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/personal"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/load/object"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/repl/show"
	"github.com/segq/segq/samples"
)

// Dataset is opened data with the engine that answers over it.
type Dataset struct {
	Name string
	// Snapshot is the table as it was when it was opened: Schema, Fingerprint and Rows are
	// good at all times, its columns may be resident or not.
	Snapshot *column.Snapshot
	Catalog  column.Catalog
	Engine   *resident.Engine
	table    table
	named    bool // nothing is to be loaded that is not asked for
	all      bool // everything is loaded from the start
	notes    *notes
	skip     skip
	memory   shares
	// Personal says of which fields the values are told to nobody who has not written them.
	Personal *personal.Rules
	digest   atomic.Pointer[string]
	nonce    string
	// paths are where it comes from, and stamp is what these were before it was opened; "" where that
	// is not known.
	paths  []string
	stamp  string
	opened time.Time
	// standsIn says what it stands in for, nil for nothing.
	standsIn atomic.Pointer[string]
	// trouble is what is to be told of the data with each answer.
	trouble atomic.Pointer[string]
	lost    atomic.Bool
	// overwritten is closed when a read has found that somebody has written to it.
	overwritten chan struct{}
	tellLost    sync.Once
	// full says that there are columns for which there was no room when nobody asked for them.
	full atomic.Bool
	// Others is how many rows are left out of the engine, as none of them can meet what was
	// told to [Dataset.Narrow].
	Others int
	whole  table // with the Others; nil where there are none

	options resident.Options
	// keepers is how many more than who has opened it may use it.
	keepers atomic.Int32
	endMu   sync.Mutex
	ends    []func() // what is to be called when it is closed
}

// Open opens the files and globs of paths, or the embedded sample when there are none, and
// tells notes about rows that could not be read. Columns that can be read one by one are
// loaded when they are asked for, or all of them here with --load all.
func Open(ctx context.Context, paths []string, o Options, threads int, w io.Writer) (*Dataset, error) {
	return open(ctx, paths, o, threads, w, nil)
}

func open(ctx context.Context, paths []string, o Options, threads int, w io.Writer, beside *prior) (*Dataset, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	rules, err := o.Personal()
	if err != nil {
		return nil, exit.Usage(err)
	}
	schema, err := o.schema.read(ctx)
	if err != nil && ctx.Err() != nil {
		return nil, err
	}
	if err != nil {
		return nil, exit.Usage(err)
	}
	m := shareMemory(o.memory).with(beside)
	told := newNotes(w)
	told.called = cmp.Or(show.Clean(o.Called), told.called)
	stamp := ""
	if o.Reloads {
		stamp, _ = Stamp(ctx, paths, o) // where there is none, it is as if it had changed
	}
	o.note = told.line
	table, err := o.open(ctx, paths, m, load.Options{
		Strict: o.strict, BadRows: load.BadRows(o.badRows), Types: o.types, Schema: schema, ID: o.id, SharedIDs: o.SharedIDs, Events: o.events, Untold: rules.Personal, Threads: threads, Dialect: o.dialect.Dialect,
		Format: o.format, Stdin: os.Stdin,
		Progress: o.progressOr(told.progress), Taken: o.Taken, Memory: m.loading, Columns: m.columns, Beside: m.beside,
	}, w)
	told.wipe()
	if known := (*exit.Error)(nil); errors.As(err, &known) { // of a lookup, or of a flag
		return nil, &exit.Error{Status: known.Status, Err: m.explain(err)}
	}
	if unknown := (*load.FieldError)(nil); errors.As(err, &unknown) {
		flag := map[string]string{"Types": "type", "ID": "id", "Events": "events"}[unknown.Option]
		return nil, exit.Usage(fmt.Errorf("--%s: %w", flag, err))
	}
	if err != nil {
		return nil, exit.Data(m.explain(err))
	}
	snapshot := table.Snapshot()
	d := &Dataset{
		overwritten: make(chan struct{}),
		Name:        o.nameOf(paths),
		Snapshot:    snapshot,
		Catalog:     column.Catalog{Snapshot: snapshot},
		options:     resident.Options{Threads: threads, Memory: m.queries, QueryMemory: m.query},
		table:       table,
		named:       o.load == loadNamed,
		all:         o.load == loadAll,
		notes:       told,
		memory:      m,
		Personal:    rules,
		nonce:       rand.Text(),
		paths:       paths,
		stamp:       stamp,
		opened:      time.Now(),
	}
	d.Engine = resident.Open(table, d.options)
	switch {
	case len(paths) == 0 && o.Profile == "" && !o.stays(paths):
		told.sample(snapshot.Rows())
	default:
		told.report(table.Report())
	}
	if !snapshot.Partial {
		if err := d.Digest(ctx); err != nil {
			d.Close()
			return nil, exit.Data(err)
		}
	}
	if o.load == loadAll {
		if err := d.Load(ctx, &check.Reads{All: true}); err != nil {
			d.Close()
			return nil, err
		}
	}
	return d, nil
}

// Threads is how many threads the data was opened to be asked with.
func (d *Dataset) Threads() int { return d.options.Threads }

// Load makes resident what is read, and tells notes what was found in it; of data on a cluster it does nothing. The error has
// the status of the process.
func (d *Dataset) Load(ctx context.Context, reads *check.Reads) error {
	if d.OnCluster() {
		return nil // it is answered where it lies
	}
	_, release, err := d.table.Load(ctx, reads, d.notes.progress)
	d.notes.wipe()
	if err != nil {
		return exit.Data(d.memory.explain(err))
	}
	release()
	d.notes.report(d.table.Report())
	return nil
}

// table is where the columns come from.
type table interface {
	column.Table
	Report() *load.Report
	Residency() column.Residency
	// Digest tells tables apart whose snapshots have one name.
	Digest(ctx context.Context) (string, error)
	// LoadRest loads what nobody has asked for, a part at a time, each when idle says that
	// nobody waits for anything.
	LoadRest(ctx context.Context, idle func(context.Context) error) error
	// HasRoom and LoadSpare are for what nobody has asked for (spare.go).
	HasRoom(reads *check.Reads) bool
	LoadSpare(ctx context.Context, reads *check.Reads) error
}

// open opens the data with its lookups.
func (d *Options) open(ctx context.Context, paths []string, m shares, o load.Options, w io.Writer) (table, error) {
	if d.Profile != "" {
		return d.oneProfile(ctx, paths, o, w)
	}
	if d.stays(paths) {
		return d.openCluster(ctx)
	}
	l, err := d.openLookups(ctx, m, &o)
	if err != nil {
		return nil, err
	}
	if l != nil {
		o.Columns -= o.Columns/madeShare + o.Columns/lookupShare
	}
	t, err := openTable(ctx, paths, d.peek, o)
	if err != nil {
		l.close()
		return nil, err
	}
	return withLookups(ctx, t, l, m, o.Threads)
}

func openTable(ctx context.Context, paths []string, peek bool, o load.Options) (table, error) {
	if peek && len(paths) > 0 {
		if begun, err := beginning(ctx, paths, o); begun != nil || err != nil {
			return begun, err
		}
	}
	if path := packed(paths); path != "" {
		return openPacked(path, o)
	}
	if len(paths) > 0 {
		table, _, err := load.OpenTable(ctx, paths, o)
		return table, err
	}
	r, err := samples.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	o.Dialect = load.Dialect{} // which is that of somebody's own data
	s, report, err := load.Reader(ctx, r, "ndjson", "sample", o)
	if err != nil {
		return nil, err
	}
	return load.TableOf(s, report, o), nil
}

// nameOf returns a short name for the data that is opened.
func (d *Options) nameOf(paths []string) string {
	if d.stays(paths) {
		return d.TableOnCluster()
	}
	if d.Profile != "" {
		return shortName(d.Profile)
	}
	return NameOf(paths)
}

// NameOf returns a short name for the data of paths.
func NameOf(paths []string) string {
	switch len(paths) {
	case 0:
		return "sample"
	case 1:
		return shortName(paths[0])
	}
	return fmt.Sprintf("%s and %d more", shortName(paths[0]), len(paths)-1)
}

func shortName(path string) string {
	if path == Stdin {
		return "standard input"
	}
	if object.Is(path) {
		return object.Base(path) // without its secrets
	}
	return filepath.Base(path)
}

// Narrow leaves out of the engine, for good, rows of which the statistics in the files say that
// none can meet any of the conditions, as of a moment.
func (d *Dataset) Narrow(conditions []check.Node, now time.Time) error {
	if d.all {
		return nil
	}
	files, ok := files(d.table)
	if !ok || !files.parted() {
		return nil
	}
	narrow, others, err := files.Narrow(conditions, now.UnixMilli())
	if err != nil {
		return exit.Data(err)
	}
	if narrow != nil {
		d.Engine.Close()
		d.whole, d.table, d.Others, d.Engine = d.table, files.with(narrow), others, nil
		d.Engine = resident.Open(d.table, d.options)
	}
	return nil
}

// Explain says of the error of a query that more memory would have helped, and how much, or that the data has
// changed.
func (d *Dataset) Explain(err error) error {
	if errors.Is(err, load.ErrChanged) {
		return &exec.DataError{Err: err}
	}
	return d.memory.explain(err)
}

// Whole returns all of the data, with what speeds up answers.
func (d *Dataset) Whole(ctx context.Context) (*column.Snapshot, *load.Report, error) {
	if err := d.Load(ctx, &check.Reads{All: true}); err != nil {
		return nil, nil, err
	}
	if err := d.table.LoadRest(ctx, func(ctx context.Context) error { return ctx.Err() }); err != nil {
		return nil, nil, exit.Data(err)
	}
	return d.table.Snapshot(), d.table.Report(), ctx.Err()
}

// Why returns what has become of the data where that is why there is an error; else the error.
func (d *Dataset) Why(err error) error {
	var fault *ast.Fault
	if err == nil || d.Snapshot.Lost == nil {
		return err
	}
	var value any
	if errors.As(err, &fault) {
		value = fault.Value
	}
	if lost := d.Snapshot.Lost(value); lost != nil {
		return exit.Data(lost)
	}
	return err
}

// Keep lets one more use the dataset, who calls Close as well.
func (d *Dataset) Keep() *Dataset {
	d.keepers.Add(1)
	return d
}

// Close ends the use of the dataset; the last one ends the engine, and closes the files. Runs that
// are under way then are cancelled.
func (d *Dataset) Close() {
	if d.keepers.Add(-1) >= 0 {
		return
	}
	d.Engine.Close()
	_ = d.table.Close() // of files that were only read
	d.ended()
}
