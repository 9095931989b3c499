package load

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// Table is opened data. Parquet files are opened by their footers, and their columns are
// read when they are asked for; what is in other formats is read at once. It implements
// [column.Table], and is safe for concurrent use.
type Table struct {
	options Options
	files   []*tableFile // nil where everything was read at once
	top     *branch
	cost    []column.CostPoint // of all rows
	brief   bool               // it is for one answer
	units   []*unit

	size int64 // of all columns in the files
	// turn is had by who waits for memory, and reading by who reads where that is scarce.
	turn, reading chan struct{}
	keepers       column.Keepers

	// now is changed by who has the mutex, and read by anybody: also by those who hear how far a
	// loading is.
	now atomic.Pointer[column.Snapshot]

	mu      sync.Mutex
	freed   chan struct{} // closed when somebody lets go of columns
	report  Report
	held    int64 // what the columns of now hold
	clock   int64 // counts what was asked for
	evicted int
	loads   int
}

var _ column.Keeper = (*Table)(nil)

// OpenTable opens the files that paths name, as [Open] does, and the report tells what is
// known by then: [Table.Report] tells more when columns are loaded.
func OpenTable(ctx context.Context, paths []string, o Options) (*Table, *Report, error) {
	l, err := newLoader(o)
	if err != nil {
		return nil, nil, err
	}
	inputs, err := find(ctx, paths, &l.options)
	if err != nil {
		return nil, nil, err
	}
	if !slices.ContainsFunc(inputs, func(in *input) bool { return !in.seekable() }) {
		t := &Table{options: l.options}
		if err := guarded(func() error { return t.open(ctx, inputs) })(); err != nil {
			_ = t.Close()
			return nil, nil, err
		}
		return t, t.Report(), nil
	}
	l.later = true
	s, report, err := l.load(ctx, func(ctx context.Context) error { return l.openAll(ctx, inputs) })
	if err != nil {
		return nil, nil, err
	}
	return TableOf(s, report, o), report, nil
}

// TableOf returns the table of what was read.
func TableOf(s *column.Snapshot, report *Report, o Options) *Table {
	t := &Table{options: o, top: &branch{}, report: *report, held: report.Columns}
	t.now.Store(s)
	return t
}

// seekable says whether the columns of an input can be read one by one.
func (in *input) seekable() bool {
	return in.format != nil && in.format.byColumn && in.size() != unknown
}

// open reads the footers, and decides by them what the fields are. Where that depends on
// values, these are read.
func (t *Table) open(ctx context.Context, inputs []*input) error {
	began := time.Now()
	l, err := newLoader(t.options)
	if err != nil {
		return err
	}
	l.noteIdle(inputs)
	l.noteLeft(inputs)
	l.noteTables(inputs)
	for _, in := range inputs {
		f, err := openTableFile(ctx, in, l)
		if f != nil {
			t.files = append(t.files, f)
		}
		if err != nil {
			return named(in.name(), err)
		}
	}
	rows := 0
	for _, f := range t.files {
		if rows += f.rows; rows > math.MaxUint32 {
			return fmt.Errorf("%d rows are more than a table can hold (%d)", rows, uint32(math.MaxUint32))
		}
	}
	l.report.Rows = rows
	if err := t.plan(ctx, l); err != nil {
		return err
	}
	t.report.Notes = append(l.report.Notes, t.report.Notes...)
	for _, f := range t.files {
		t.report.Bytes += f.size
	}
	t.report.Rows, t.report.Files, t.report.Elapsed = rows, l.report.Files, time.Since(began)
	return nil
}

// outlined makes a table of files that are open.
func (t *Table) outlined() error {
	l, err := newLoader(t.options)
	if err != nil {
		return err
	}
	for _, f := range t.files {
		l.report.Rows += f.rows
	}
	return t.plan(context.Background(), l)
}

// plan decides what the fields are.
func (t *Table) plan(ctx context.Context, l *loader) error {
	var natural *check.Type
	if t.options.Schema != nil {
		var err error
		if natural, err = t.natural(); err != nil {
			return err
		}
	}
	t.top = branchesOf(t.files, t.outlines(l), t.options.Schema)
	t.units = t.top.units
	t.turn, t.reading, t.freed = make(chan struct{}, 1), make(chan struct{}, 1), make(chan struct{})
	for _, u := range t.units {
		t.size += u.size
	}
	top, _ := l.decide()
	if path := l.want.unmet(); path != "" {
		return unknownField("Types", path, "to give a type to", top.t)
	}
	t.top.bySchema(top.t, natural, t.options.Schema)
	s := &column.Snapshot{Schema: top.t, Partial: len(t.units) > 0, Mixtures: map[*check.Field]check.Mixture{}}
	read, err := t.readDoubtful(ctx)
	if err != nil {
		return err
	}
	if read != nil {
		s.Schema = t.top.typed(top.t, read.schema, read.mixtures, s.Mixtures)
	}
	hintTexts("", s.Schema, t.top, s.Mixtures)
	s.Root = t.nothingLoaded(s.Schema, l.report.Rows)
	if err := l.nameFields(s); err != nil {
		return err
	}
	if t.cost, err = t.eventCost(s); err != nil {
		return err
	}
	s.Cost = t.costOf(s)
	s.Fingerprint = t.identity(natural != nil && natural.Equal(s.Schema))
	if t.now.Store(s); read != nil {
		return t.publish(read)
	}
	return nil
}

// readDoubtful reads the fields whose types depend on their values; nil for none.
func (t *Table) readDoubtful(ctx context.Context) (*reading, error) {
	var doubtful []*unit
	for _, u := range t.units {
		if u.doubtful {
			doubtful = append(doubtful, u)
		}
	}
	if doubtful == nil {
		return nil, nil
	}
	return t.read(ctx, t.withPresence(doubtful), nil)
}

// Snapshot returns the table with what is resident of it.
func (t *Table) Snapshot() *column.Snapshot {
	return t.now.Load()
}

// Report tells how the opening went, and what was found in the columns that were loaded
// since.
func (t *Table) Report() *Report {
	t.mu.Lock()
	defer t.mu.Unlock()
	r := t.report
	r.Notes, r.Misfits, r.Coerced, r.Files = slices.Clone(r.Notes), slices.Clone(r.Misfits), slices.Clone(r.Coerced), slices.Clone(r.Files)
	return &r
}

// Residency returns what the table holds now.
func (t *Table) Residency() column.Residency {
	t.mu.Lock()
	defer t.mu.Unlock()
	r := column.Residency{Columns: len(t.units), Bytes: t.held, Loads: t.loads, Evictions: t.evicted}
	for _, u := range t.units {
		if u.loaded {
			r.Loaded++
		}
	}
	return r
}

// Close closes the files. Columns that are resident stay readable.
func (t *Table) Close() error {
	var first error
	for _, f := range t.files {
		if err := f.close(); first == nil {
			first = err
		}
	}
	return first
}
