package executor

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/columncache"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/load/parquet"
	"github.com/segq/segq/lang/check"
)

// Errors that say that the table has to be looked at again before anything is asked of it.
var (
	// ErrChanged says that a file is not the one that the split was made of.
	ErrChanged = errors.New("the table has changed")
	// ErrGone says that rows which were packed are not in the cache any more.
	ErrGone = errors.New("what was packed of the table is gone")
)

// open opens the split.
func (t *task) open(ctx context.Context, schema *check.Type) (column.Table, error) {
	if t.split.Cached != "" {
		if t.Cache == nil {
			return nil, wrong("the split is in a cache, and there is none here")
		}
		return t.covering(t.Cache.Open(ctx, rowsKey(t.split.Cached), func(context.Context) (column.Table, error) { return nil, &WrongError{ErrGone} }))
	}
	for i := range t.split.Pieces {
		if err := t.split.Pieces[i].check(); err != nil {
			return nil, err
		}
	}
	read := func(ctx context.Context) (column.Table, error) { return t.read(ctx, schema) }
	if t.Cache == nil {
		return t.covering(read(ctx))
	}
	return t.covering(t.Cache.Open(ctx, t.key(), read))
}

// check says whether a file is what the split says.
func (p *Piece) check() error {
	info, err := os.Stat(p.Path)
	if err != nil {
		return &exec.DataError{Err: err}
	}
	return p.is(info)
}

// is says whether what was found is what the split says.
func (p *Piece) is(info os.FileInfo) error {
	if info.Size() != p.Size || info.ModTime().UnixMilli() != p.Modified {
		return &WrongError{fmt.Errorf("%w: %s was written to, or is another file now", ErrChanged, p.Path)}
	}
	return nil
}

// key names the rows of the split, and how they are read.
func (t *task) key() string {
	var b strings.Builder
	fields, _ := json.Marshal(t.batch.Fields) // which came as JSON
	fmt.Fprintf(&b, "%x\x00%s\x00%s", sha256.Sum256([]byte(t.batch.Schema+"\x00"+string(fields))), t.batch.ID, t.batch.Events)
	for _, p := range t.split.Pieces {
		fmt.Fprintf(&b, "\x00%s\x00%d\x00%d\x00%d-%d/%d", p.Path, p.Size, p.Modified, p.From, p.To, p.Of)
		for _, k := range p.Keys {
			fmt.Fprintf(&b, "\x00%q=%q,%t", k.Name, k.Value, k.Null)
		}
	}
	return b.String()
}

// read opens the files.
func (t *task) read(ctx context.Context, schema *check.Type) (column.Table, error) {
	o := load.Options{Threads: max(t.Threads, 1), Schema: schema, ID: t.batch.ID, Events: t.batch.Events, SharedIDs: true, Format: "parquet", Shares: map[string]load.Share{}, Keys: map[string][]load.Key{}}
	var paths []string
	for _, p := range t.split.Pieces {
		paths, o.Keys[p.Path] = append(paths, p.Path), p.Keys
		if p.Of > 0 {
			o.Shares[p.Path] = load.Share{From: p.From, To: p.To, Of: p.Of}
		}
	}
	if t.batch.Fields != nil && len(t.split.Pieces) > 0 { // all have the same keys
		fields := t.batch.inFiles(&t.split.Pieces[0])
		o.Pick = func(m *parquet.Meta) error {
			_, err := fit(m, fields)
			return err
		}
	}
	table, _, err := load.OpenTable(ctx, paths, o)
	var unfit *UnfitError
	switch {
	case errors.As(err, &unfit):
		return nil, &WrongError{err}
	case err != nil:
		return nil, &exec.DataError{Err: err}
	}
	// Which files these are was looked at before they were opened: somebody may have put others in their places.
	for i := range t.split.Pieces {
		if err := t.split.Pieces[i].check(); err != nil {
			return nil, errors.Join(err, table.Close())
		}
	}
	t.source = table
	return table, nil
}

// covering is table if it has the fields of the schema where that has them, as the queries name them by their places.
func (t *task) covering(table column.Table, err error) (column.Table, error) {
	if err != nil {
		return nil, err
	}
	schema, err := t.batch.schema()
	if err != nil {
		return nil, errors.Join(err, table.Close())
	}
	if path := missing(table.Snapshot().Schema, schema, ""); path != "" {
		return nil, errors.Join(wrong("the field %s of the table is not the same in the files", path), table.Close())
	}
	return table, nil
}

// missing returns the path of a part of a type that own has not in the same place, "" where it has all.
func missing(own, of *check.Type, path string) string {
	if own.Kind != of.Kind {
		return path
	}
	switch of.Kind {
	case check.List, check.Map:
		return missing(own.Elem, of.Elem, path)
	case check.Object:
		for i, f := range of.Fields {
			below := strings.TrimPrefix(path+"."+f.Name, ".")
			if i >= len(own.Fields) || own.Fields[i].Name != f.Name {
				return below
			}
			if at := missing(own.Fields[i].Type, f.Type, below); at != "" {
				return at
			}
		}
	}
	return ""
}

// packed is how many columns were not in the cache.
func packed(table column.Table) int {
	if t, ok := table.(*columncache.Table); ok {
		return t.Packed()
	}
	return 0
}
