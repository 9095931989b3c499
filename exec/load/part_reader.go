package load

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load/parquet"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// PartReader reads parts of a table one after another, side by side with others. It is a
// [column.Table] of the part that it has read last, whose columns are overwritten by the next.
type PartReader struct {
	parts  *Parts
	now    *column.Snapshot
	first  int // row of the table
	pool   *pool
	memory int64 // what it may hold; 0 for any
	peak   int64
	dicts  map[*column.Dict]bool // of the part
	ended  bool
}

// ErrNotInParts says that what a column is depends on values in other parts: the answers of the
// parts so far may be wrong, and the table has to be read as a whole.
var ErrNotInParts = errors.New("a column cannot be read in parts")

var _ column.Table = (*PartReader)(nil)

// Readers returns as many readers as can work side by side, so many at most, and have memory for
// what a part may take. Each has to be closed. One reader alone reads the parts in the order of
// the rows.
func (p *Parts) Readers(most int) []*PartReader {
	n, memory := min(p.threads, most, len(p.all)), p.table.options.Memory
	if memory > 0 {
		memory = max(memory-p.table.Residency().Bytes, 1)
		n = int(min(int64(n), max(1, memory/max(1, perPart*p.largest))))
	}
	readers := make([]*PartReader, n)
	p.idle, p.open, p.inexact = make(chan struct{}, p.threads), len(readers), map[string]int{}
	for range p.threads - len(readers) {
		p.idle <- struct{}{}
	}
	for i := range readers {
		readers[i] = &PartReader{parts: p, memory: memory / int64(n), pool: &pool{idle: p.idle, rooms: &rooms{}, known: map[string]*knownTexts{}, inexact: map[string]int{}}}
		readers[i].now = p.table.Snapshot()
	}
	return readers
}

// perPart is how much of what the columns of a part hold there should be memory for at least.
const perPart = 8

// Next reads the next part that no reader has, and says whether there was one. Nobody may
// look at the columns of the one before any more.
func (r *PartReader) Next(ctx context.Context) (ok bool, err error) {
	defer ast.Guard(func(f *ast.Fault) { ok, err = false, f })
	part := r.parts.take()
	if part == nil {
		return false, nil
	}
	r.pool.rooms.renew()
	if err := r.read(ctx, part); err != nil {
		return false, err
	}
	r.parts.mu.Lock()
	defer r.parts.mu.Unlock()
	r.parts.read += part.size
	r.parts.left--
	return true, nil
}

// read reads a part.
func (r *PartReader) read(ctx context.Context, part *groupRange) error {
	o := r.parts.table.options
	o.Memory, o.Progress, o.Threads = r.memory, nil, 1
	l, err := newLoader(o)
	if err != nil {
		return err
	}
	l.brief, l.later, l.pool = true, true, r.pool
	l.meter.used.Store(r.pool.held())
	ctx, l.meter.stop = context.WithCancelCause(ctx)
	defer l.meter.stop(nil)
	var s *column.Snapshot
	err = guarded(func() (err error) {
		s, err = r.columns(ctx, l, part)
		return err
	})()
	r.peak = max(r.peak, l.meter.peak.Load())
	if full := l.meter.failed.Load(); full != nil {
		return full // whatever the outcome
	}
	if err != nil {
		return err
	}
	t := r.parts.table
	t.mu.Lock()
	defer t.mu.Unlock()
	t.learn(&l.report)
	r.now, r.first = s, part.first
	return nil
}

// columns reads the columns of a part.
func (r *PartReader) columns(ctx context.Context, l *loader, part *groupRange) (*column.Snapshot, error) {
	f := &r.parts.files[part.file]
	if err := f.unchanged(); err != nil {
		return nil, err
	}
	if err := f.readGroups(ctx, l, f.schema, f.read, f.file.Meta.Groups[part.from:part.to], part.before); err != nil {
		return nil, err
	}
	for _, k := range f.others {
		other := &r.parts.files[k]
		if err := other.readGroups(ctx, l, other.schema, other.read, nil, 0); err != nil {
			return nil, err
		}
	}
	top, _ := l.decideSome(r.parts.table.top)
	root, err := l.columns(ctx, top)
	if err != nil {
		return nil, err
	}
	s := *r.now
	s.Part, s.Cost, s.Partial = s.Part+1, nil, true
	none := r.parts.table.nothingLoaded(s.Schema, part.rows)
	whole, err := graft(none, s.Schema, root, top.t, "the profiles")
	if err != nil {
		return nil, err
	}
	s.Root = r.parts.table.complete(whole.(*column.Struct), s.Schema)
	dicts := map[*column.Dict]bool{}
	dictsOf(root, dicts)
	for d := range dicts {
		if !r.dicts[d] { // what was made of the others is good no more
			s.Epoch++
			break
		}
	}
	r.dicts = dicts
	return &s, nil
}

// dictsOf adds the dictionaries of a column, and of what is below.
func dictsOf(c column.Column, to map[*column.Dict]bool) {
	switch c := c.(type) {
	case *column.Strings:
		to[c.Dict] = true
	case *column.Struct:
		for _, f := range c.Fields {
			dictsOf(f, to)
		}
	case *column.List:
		dictsOf(c.Elem, to)
	case *column.Map:
		to[c.Keys.Dict] = true
		dictsOf(c.Values, to)
	}
}

// advise tells the system that parts will be read.
func (p *Parts) advise(parts []groupRange) {
	for _, part := range parts {
		f := &p.files[part.file]
		meta := *f.file.Meta
		meta.Groups = meta.Groups[part.from:part.to]
		var all []*parquet.Column
		for _, u := range p.units {
			for _, c := range u.columns[part.file] {
				columns, err := meta.Column(c)
				if err != nil {
					return // who reads it will tell
				}
				for g := range columns {
					all = append(all, &columns[g])
				}
			}
		}
		f.file.WillNeed(all)
	}
}

// Snapshot returns the part that was read last.
func (r *PartReader) Snapshot() *column.Snapshot { return r.now }

// Load has nothing to do: what is asked was known when the parts were made.
func (r *PartReader) Load(context.Context, *check.Reads, func(done, total int64)) (*column.Snapshot, func(), error) {
	return r.now, func() {}, nil
}

// Close gives the thread of the reader to the others, and tells the table what was found.
func (r *PartReader) Close() error {
	if r.ended {
		return nil
	}
	r.ended = true
	r.pool.close()
	t := r.parts.table
	t.mu.Lock()
	defer t.mu.Unlock()
	t.report.Peak = max(t.report.Peak, t.held) + r.peak
	p := r.parts
	for leaf, n := range r.pool.inexact {
		p.inexact[leaf] += n
	}
	if p.open--; p.open == 0 && p.complete() {
		found := &Report{}
		for _, leaf := range slices.Sorted(maps.Keys(p.inexact)) {
			found.Notes = append(found.Notes, t.options.inexactNote(leaf, p.inexact[leaf]))
		}
		t.learn(found)
	}
	p.idle <- struct{}{}
	return nil
}
