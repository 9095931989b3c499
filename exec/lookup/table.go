package lookup

import (
	"context"
	"fmt"
	"sync"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// Options says how a [Table] works.
type Options struct {
	// Threads is how many goroutines make a column; 0 for one.
	Threads int
	// Columns is how many bytes the columns of all lookups may hold; 0 for any number.
	Columns int64
}

// Table is a table of profiles with lookups. What is read of these is made of the keys, and becomes ordinary
// columns, which are kept, and given up for others, as those of the table below are. It is safe for
// concurrent use.
type Table struct {
	base    column.Table
	options Options
	joined  []*joined
	sources *sources

	schema      *check.Type
	id, events  *check.Field
	mixtures    map[*check.Field]check.Mixture
	fingerprint string

	turn    chan struct{} // had by who waits for memory
	keepers column.Keepers

	mu      sync.Mutex
	freed   chan struct{} // closed when somebody lets go of columns
	held    int64         // by the columns of lookups that may be given up
	whole   int64         // by the others
	clock   int64         // counts what was asked for
	loads   int
	evicted int
	below   *column.Snapshot // what now was made of; nil where it has to be made again
	now     *column.Snapshot
}

var _ column.Keeper = (*Table)(nil)

// sources are those of the lookups, which several tables may have; they are closed once.
type sources struct {
	all  []Source
	once sync.Once
}

func (s *sources) close() (err error) {
	s.once.Do(func() {
		for _, source := range s.all {
			if failed := source.Close(); err == nil {
				err = failed
			}
		}
	})
	return err
}

// New returns a table with lookups, which are made one after another: a key may be in what an earlier one
// has. It has base and their sources, which it closes; where it fails, nothing is closed.
func New(base column.Table, lookups []Lookup, o Options) (*Table, error) {
	s := base.Snapshot()
	t := &Table{
		base: base, options: o, schema: s.Schema, sources: &sources{},
		mixtures: map[*check.Field]check.Mixture{}, turn: make(chan struct{}, 1), freed: make(chan struct{}),
	}
	for f, m := range s.Mixtures {
		t.mixtures[f] = m
	}
	names := []string{s.Fingerprint}
	for _, l := range lookups {
		if err := t.join(l); err != nil {
			return nil, fmt.Errorf("lookup %s: %w", l.Name, err)
		}
		names = append(names, l.Name, pathText(l.Path), l.Source.Fingerprint())
	}
	t.fingerprint = digest(names...)
	if s.ID != nil {
		t.id = t.schema.Field(s.ID.Name)
	}
	if s.EventsField != nil {
		t.events = t.schema.Field(s.EventsField.Name)
	}
	return t, nil
}

// join adds a lookup.
func (t *Table) join(l Lookup) error {
	x := extended{row: l.Source.Schema(), name: l.Name, copies: map[*check.Field]*check.Field{}}
	schema, err := x.extend(t.schema, l.Path, 0)
	if err != nil {
		return err
	}
	if !match(x.key, l.Source.Key()) {
		return &KindError{Path: pathText(l.Path), Profile: x.key, Lookup: l.Source.Key()}
	}
	for old, own := range x.copies {
		if m, ok := t.mixtures[old]; ok {
			delete(t.mixtures, old)
			t.mixtures[own] = m
		}
	}
	j := &joined{Lookup: l, extended: x, before: t.schema, turn: make(chan struct{}, 1)}
	for _, f := range x.row.Fields {
		j.units = append(j.units, &unit{of: j, field: f})
	}
	t.schema = schema
	t.joined = append(t.joined, j)
	t.sources.all = append(t.sources.all, l.Source)
	return nil
}

// KindError says that the keys of profiles and those of a lookup can never be equal.
type KindError struct {
	Path            string
	Profile, Lookup *check.Type
}

// Error names both kinds.
func (e *KindError) Error() string {
	return fmt.Sprintf("%s is %s, and the keys of the lookup are %s: they can never be equal", e.Path, Kind(e.Profile), Kind(e.Lookup))
}

// Over returns a table with the same lookups over another that has the schema of the one below, such as a
// part of its rows.
func (t *Table) Over(base column.Table) *Table {
	own := &Table{
		base: base, options: t.options, sources: t.sources, schema: t.schema, id: t.id, events: t.events,
		mixtures: t.mixtures, fingerprint: t.fingerprint, turn: make(chan struct{}, 1), freed: make(chan struct{}),
	}
	for _, j := range t.joined {
		k := &joined{Lookup: j.Lookup, extended: j.extended, before: j.before, turn: make(chan struct{}, 1)}
		for _, u := range j.units {
			k.units = append(k.units, &unit{of: k, field: u.field})
		}
		own.joined = append(own.joined, k)
	}
	return own
}

// Snapshot returns the table with what is resident of it.
func (t *Table) Snapshot() *column.Snapshot {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.compose()
}

// compose makes the snapshot of what is resident below and of the lookups. The mutex is held.
func (t *Table) compose() *column.Snapshot {
	below := t.base.Snapshot()
	if below == t.below {
		return t.now
	}
	if t.now != nil && t.now.Part != below.Part {
		t.forget()
	}
	s := *below
	s.Schema, s.Fingerprint, s.ID, s.EventsField, s.Mixtures = t.schema, t.fingerprint, t.id, t.events, t.mixtures
	s.Epoch += t.evicted
	var root column.Column = s.Root
	for _, j := range t.joined {
		root = j.overlay(root, j.before, 0)
		for _, u := range j.units {
			s.Partial = s.Partial || u.column == nil
		}
		s.Partial = s.Partial || !j.known
	}
	s.Root = root.(*column.Struct)
	t.below, t.now = below, &s
	return t.now
}

// forget drops what was made of the rows of another part.
func (t *Table) forget() {
	for _, j := range t.joined {
		j.known, j.valid, j.outer = false, nil, nil
		for _, u := range j.units {
			u.column = nil
		}
	}
	t.held = 0
	for _, j := range t.joined {
		t.held += j.found.bytes()
	}
	for _, j := range t.joined {
		if j.Far { // whose dictionaries are others each time
			t.evicted++
			return
		}
	}
}

// Residency returns what the table holds of its lookups now.
func (t *Table) Residency() column.Residency {
	t.mu.Lock()
	defer t.mu.Unlock()
	r := column.Residency{Bytes: t.held + t.whole, Loads: t.loads, Evictions: t.evicted}
	for _, j := range t.joined {
		for _, u := range j.units {
			r.Columns++
			if u.column != nil {
				r.Loaded++
			}
		}
	}
	return r
}

// Below returns what of the table below is read, to have what is read of this one.
func (t *Table) Below(r *check.Reads) *check.Reads {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, inner := t.split(r)
	return inner
}

// Close closes the table below and the sources.
func (t *Table) Close() error {
	err := t.base.Close()
	if failed := t.sources.close(); err == nil {
		err = failed
	}
	return err
}

// bytesOf is what a column holds.
func bytesOf(c column.Column) int64 {
	s := column.Snapshot{Root: &column.Struct{Fields: []column.Column{c}}}
	return s.Bytes()
}

// WholeLookups makes the columns of those lookups that are to be there from the start, and closes
// their sources.
func (t *Table) WholeLookups(ctx context.Context) error {
	for _, j := range t.joined {
		if !j.Whole {
			continue
		}
		reads := &check.Reads{}
		for _, u := range j.units {
			reads.Add(j.readsOf(u.field.Name))
		}
		if len(j.units) == 0 {
			reads = j.readsOf("")
		}
		_, release, err := t.Load(ctx, reads, nil)
		if err != nil {
			return err
		}
		t.keep(j)
		release()
		if err := j.Source.Close(); err != nil {
			return fmt.Errorf("lookup %s: %w", j.Name, err)
		}
	}
	return nil
}

// keep has the columns of a lookup stay.
func (t *Table) keep(j *joined) {
	t.mu.Lock()
	defer t.mu.Unlock()
	j.stays = true
	t.setMatches(j, nil)
	for _, u := range j.units {
		t.held, t.whole = t.held-u.bytes, t.whole+u.bytes
	}
}

// limit is what the columns that may be given up may hold; 0 for any number.
func (t *Table) limit() int64 {
	if t.options.Columns <= 0 {
		return 0
	}
	return max(t.options.Columns-t.whole, 1)
}
