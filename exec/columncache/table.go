package columncache

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
)

// Table is a table whose columns are in a cache, or come there when they are first asked for. It is safe for
// concurrent use.
type Table struct {
	cache       *Cache
	key, folder string
	open        func(context.Context) (column.Table, error)

	now atomic.Pointer[column.Snapshot]

	loading chan struct{} // a token that is had by who loads
	// Of who has the token: what the columns are made of, nil before it was opened, what the schema file or
	// the source says of the table, and the columns that are there.
	source   column.Table
	bare     *column.Snapshot
	parts    map[string]*part
	order    []*part // as they came
	releases []func()
	packed   int  // columns that were made
	held     bool // some of them could not be kept
	bareKept bool // the file of the schema is there

	mu      sync.Mutex // guards what follows
	readers int
	closed  bool
}

var _ column.Table = (*Table)(nil)

// part is a column that is there, with what it is in.
type part struct {
	piece
	lost func(fault any) error // nil where nobody else can change it
}

// begin finds out what the table is, by the file of its schema, or by what it is made of.
func (t *Table) begin(ctx context.Context) error {
	t.loading = make(chan struct{}, 1)
	snap, err := t.readSchema(ctx)
	if err != nil {
		return err
	}
	t.bare = snap
	t.show()
	return nil
}

// readSchema returns the table without a column.
func (t *Table) readSchema(ctx context.Context) (*column.Snapshot, error) {
	if snap := t.mapSchema(); snap != nil {
		t.bareKept = true
		return snap, nil
	}
	source, err := t.opened(ctx)
	if err != nil {
		return nil, err
	}
	snap := withoutColumns(source.Snapshot())
	t.keepSchema(ctx, snap)
	return snap, nil
}

// withoutColumns returns a snapshot that is complete, and has nothing but nulls.
func withoutColumns(of *column.Snapshot) *column.Snapshot {
	s := *of
	s.Cost = of.CostPoints()
	s.Root = &column.Struct{N: of.Rows(), Fields: make([]column.Column, len(of.Schema.Fields))}
	for i := range s.Root.Fields {
		s.Root.Fields[i] = &column.Nulls{N: of.Rows()}
	}
	s.Partial, s.Lost, s.Epoch, s.Part = false, nil, 0, 0
	return &s
}

// opened returns what the table is made of.
func (t *Table) opened(ctx context.Context) (column.Table, error) {
	if t.source == nil {
		source, err := t.open(ctx)
		if err != nil {
			return nil, err
		}
		t.source = source
	}
	return t.source, nil
}

// Snapshot returns the table with the columns that are there.
func (t *Table) Snapshot() *column.Snapshot { return t.now.Load() }

// show makes the snapshot of the columns that there are now.
func (t *Table) show() {
	s := *t.bare
	pieces := make([]piece, len(t.order))
	var lost []func(any) error
	for i, p := range t.order {
		pieces[i] = p.piece
		if p.lost != nil {
			lost = append(lost, p.lost)
		}
	}
	s.Root = &column.Struct{N: t.bare.Rows(), Fields: make([]column.Column, len(s.Schema.Fields))}
	if len(pieces) == 0 {
		for i := range s.Root.Fields {
			s.Root.Fields[i] = &column.Unloaded{N: s.Root.N}
		}
	} else {
		s.Root, _ = join(s.Schema, pieces, s.Root.N).(*column.Struct)
	}
	s.Partial = true // each reader is to be known
	s.Lost = func(fault any) error {
		for _, f := range lost {
			if err := f(fault); err != nil {
				return err
			}
		}
		return nil
	}
	t.now.Store(&s)
}

// Load maps the columns of what is read, and has those made that are not in the cache.
func (t *Table) Load(ctx context.Context, reads *check.Reads, tell func(done, total int64)) (*column.Snapshot, func(), error) {
	if err := t.enter(); err != nil {
		return nil, nil, err
	}
	if err := t.load(ctx, reads, tell); err != nil {
		t.leave()
		return nil, nil, err
	}
	return t.Snapshot(), sync.OnceFunc(t.leave), nil
}

func (t *Table) load(ctx context.Context, reads *check.Reads, tell func(done, total int64)) error {
	select {
	case t.loading <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-t.loading }()
	var missing []place
	for _, p := range placesOf(t.bare.Schema, reads) {
		if !t.there(ctx, p) {
			missing = append(missing, p)
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(missing) > 0 {
		if err := t.make(ctx, missing, tell); err != nil {
			return err
		}
	}
	t.show()
	return nil
}

// there says whether the column of a place is there, or comes from the cache. Whether an object is there, any column in it
// tells.
func (t *Table) there(ctx context.Context, at place) bool {
	if t.parts[at.key()] != nil || t.mapColumn(ctx, at) {
		return true
	}
	for _, below := range at.below(t.bare.Schema) {
		if t.parts[below.key()] != nil || t.mapColumn(ctx, below) {
			return true
		}
	}
	return false
}

// make makes columns, and keeps them in the cache.
func (t *Table) make(ctx context.Context, places []place, tell func(done, total int64)) error {
	source, err := t.opened(ctx)
	if err != nil {
		return err
	}
	own := source.Snapshot()
	if own.Rows() != t.bare.Rows() || !own.Schema.Equal(t.bare.Schema) || own.Fingerprint != t.bare.Fingerprint {
		return errors.New("the data is not what it was when its columns were packed, although its name, size and time are the same")
	}
	reads := &check.Reads{}
	for _, p := range places {
		reads.Add(p.reads(own.Schema))
	}
	snap, release, err := source.Load(ctx, reads, tell)
	if err != nil {
		return err
	}
	held := false // in memory, beside the cache
	for _, p := range places {
		c, of := cut(snap.Root, snap.Schema, p)
		c = indexed(c) // once, for all who map it
		t.packed++
		if t.keepColumn(ctx, snap, piece{c, of}, p) && t.mapColumn(ctx, p) {
			continue
		}
		if err := ctx.Err(); err != nil {
			release()
			return err
		}
		held = true
		t.add(p, &part{piece{c, of}, snap.Lost})
	}
	if t.held = t.held || held; held {
		t.releases = append(t.releases, release)
	} else {
		release()
	}
	t.cache.trim(t.folder)
	return nil
}

// add adds a column to those that are there.
func (t *Table) add(at place, p *part) {
	t.parts[at.key()] = p
	t.order = append(t.order, p)
}

// Packed returns how many columns were not in the cache.
func (t *Table) Packed() int {
	t.loading <- struct{}{}
	defer func() { <-t.loading }()
	return t.packed
}

// Kept says whether all columns that were asked for are in the cache, so that others can open the table.
func (t *Table) Kept() bool {
	t.loading <- struct{}{}
	defer func() { <-t.loading }()
	return t.bareKept && !t.held
}

// Report tells what was left out of what the table is made of, nil where that was not opened.
func (t *Table) Report() *load.Report {
	t.loading <- struct{}{}
	defer func() { <-t.loading }()
	if r, ok := t.source.(interface{ Report() *load.Report }); ok {
		return r.Report()
	}
	return nil
}

var errClosed = errors.New("the table is closed")

func (t *Table) enter() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return errClosed
	}
	t.readers++
	return nil
}

func (t *Table) leave() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.readers--; t.closed && t.readers == 0 {
		_ = t.free() // nobody hears of it
	}
}

// Close unmaps the files when their last reader has gone, and closes what the table is made of.
func (t *Table) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return nil
	}
	t.closed = true
	if t.readers > 0 {
		return nil
	}
	return t.free()
}

func (t *Table) free() error {
	t.order, t.parts = nil, nil
	t.show()
	for _, release := range t.releases {
		release()
	}
	if t.source == nil {
		return nil
	}
	return t.source.Close()
}
