package lookup

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// Resident is a table whose rows are found by a hash of their keys. It implements [Source].
type Resident struct {
	table   column.Table
	key     *check.Field
	schema  *check.Type
	name    string
	threads int

	mu      sync.Mutex
	read    bool          // the keys were
	keys    keyed         // nil where there is no row with a key
	texts   *column.Texts // the keys, where they are such
	found   *places
	size    int64
	nulls   int
	columns map[string]column.Column // those that were asked for
	held    int64
	closed  bool
}

var _ Source = (*Resident)(nil)

// NewResident finds the rows of a table by a field of theirs, whose keys it reads. The table is closed with
// what it returns, and also where that fails.
func NewResident(ctx context.Context, table column.Table, key string, threads int) (*Resident, error) {
	r, err := NewUnread(table, key, threads)
	if err != nil {
		return nil, err
	}
	if err := r.Read(ctx); err != nil {
		_ = table.Close() // which was only read
		return nil, err
	}
	return r, nil
}

// NewUnread is NewResident for who may never ask for a row: the keys are read when somebody does.
func NewUnread(table column.Table, key string, threads int) (*Resident, error) {
	r := &Resident{table: table, threads: threads, columns: map[string]column.Column{}}
	if err := r.open(key); err != nil {
		_ = table.Close() // which was only read
		return nil, err
	}
	return r, nil
}

func (r *Resident) open(key string) error {
	s := r.table.Snapshot()
	if r.key = s.Schema.Field(key); r.key == nil {
		return unknown(key, "", s.Schema)
	}
	switch r.key.Type.Kind {
	case check.List, check.Map, check.Object:
		return fmt.Errorf("%s is %s: a key is a text, a number, a timestamp or a boolean", key, article(r.key.Type))
	}
	var fields []*check.Field
	for _, f := range s.Schema.Fields {
		if f != r.key {
			fields = append(fields, &check.Field{Name: f.Name, Type: f.Type})
		}
	}
	r.schema = check.ObjectOf(fields...)
	r.name = digest(s.Fingerprint, key)
	return nil
}

// Read reads the keys, unless that is done.
func (r *Resident) Read(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.read || r.closed {
		return nil
	}
	s, release, err := r.table.Load(ctx, &check.Reads{Fields: map[string]*check.Reads{r.key.Name: {All: true}}}, nil)
	if err != nil {
		return err
	}
	defer release()
	if err := r.hash(ctx, column.Dense(s.Root.Fields[r.key.Index])); err != nil {
		return err
	}
	r.read = true
	return nil
}

// hash finds the rows of the keys in c.
func (r *Resident) hash(ctx context.Context, c column.Column) error {
	keys := keysOf(c)
	if r.nulls = 0; keys == nil {
		r.nulls = c.Len()
		return nil
	}
	r.keys, r.found = keys, newPlaces(c.Len())
	r.texts, _ = c.(*column.Texts)
	for row := range c.Len() {
		if row%looked == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if c.Null(row) || isNaN(c, row) {
			r.nulls++
			continue
		}
		h := keys.hash(row)
		if first := r.found.find(h, func(k uint32) bool { return keys.equal(row, keys, int(k)) }); first != none {
			return &TwiceError{r.key.Name, text(c, row), int(first) + 1, row + 1}
		}
		r.found.add(h, uint32(row))
	}
	r.size = 8*int64(len(r.found.slots)) + bytesOf(c)
	return nil
}

// Schema has the fields but the key.
func (r *Resident) Schema() *check.Type { return r.schema }

// Key is the type of the key.
func (r *Resident) Key() *check.Type { return r.key.Type }

// Fingerprint names the table and its key.
func (r *Resident) Fingerprint() string { return r.name }

// Nulls is how many rows have no key, so that they are never found.
func (r *Resident) Nulls() int { return r.nulls }

// Len is how many rows there are.
func (r *Resident) Len() int { return r.table.Snapshot().Rows() }

// Bytes is about what the keys and the columns hold that were asked for.
func (r *Resident) Bytes() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.size + r.held
}

// Rows finds rows, as [Source] says.
func (r *Resident) Rows(ctx context.Context, keys column.Column, fields []string) (*column.Struct, error) {
	if err := r.Read(ctx); err != nil {
		return nil, err
	}
	columns, err := r.named(ctx, fields)
	if err != nil {
		return nil, err
	}
	g := &gathering{ctx: ctx, at: make([]uint32, keys.Len()), threads: r.threads}
	theirs := keysOf(keys)
	if err = g.each(func(start, end int) {
		for i := start; i < end; i++ {
			g.at[i] = none
			if r.keys != nil && theirs != nil {
				g.at[i] = r.found.find(theirs.hash(i), func(k uint32) bool { return theirs.equal(i, r.keys, int(k)) })
			}
		}
	}); err != nil {
		return nil, err
	}
	valid, err := g.valid(nil)
	if err != nil {
		return nil, err
	}
	out := &column.Struct{Valid: valid, N: keys.Len(), Fields: columns}
	for i, c := range columns {
		if out.Fields[i], err = g.column(c); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// named returns columns of the table, which are kept.
func (r *Resident) named(ctx context.Context, fields []string) ([]column.Column, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, errors.New("the lookup is closed")
	}
	reads := &check.Reads{Fields: map[string]*check.Reads{}}
	for _, name := range fields {
		if r.columns[name] == nil {
			reads.Fields[name] = &check.Reads{All: true}
		}
	}
	if len(reads.Fields) > 0 {
		s, release, err := r.table.Load(ctx, reads, nil)
		if err != nil {
			return nil, err
		}
		defer release()
		for name := range reads.Fields {
			c, err := r.sorted(ctx, s.Root.Fields[s.Schema.Field(name).Index])
			if err != nil {
				return nil, err
			}
			r.columns[name] = c
			r.held += bytesOf(c)
		}
	}
	columns := make([]column.Column, len(fields))
	for i, name := range fields {
		columns[i] = r.columns[name]
	}
	return columns, nil
}

// sorted returns a column whose texts, if it has such, have one dictionary for all who gather them.
func (r *Resident) sorted(ctx context.Context, c column.Column) (column.Column, error) {
	c = column.Dense(c)
	switch c := c.(type) {
	case *column.Texts:
		return column.Sorted(ctx, c, r.threads)
	case *column.Struct:
		own := &column.Struct{Valid: c.Valid, N: c.N, Fields: make([]column.Column, len(c.Fields))}
		for i, f := range c.Fields {
			var err error
			if own.Fields[i], err = r.sorted(ctx, f); err != nil {
				return nil, err
			}
		}
		return own, nil
	case *column.List:
		elem, err := r.sorted(ctx, c.Elem)
		return &column.List{Valid: c.Valid, Offsets: c.Offsets, Elem: elem}, err
	case *column.Map:
		values, err := r.sorted(ctx, c.Values)
		return &column.Map{Valid: c.Valid, Offsets: c.Offsets, Keys: c.Keys, Values: values}, err
	}
	return c, nil
}

// Close closes the table. Columns that were returned stay good.
func (r *Resident) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil
	}
	r.closed = true
	r.columns, r.size, r.held = nil, 0, 0
	return r.table.Close()
}
