package dataset

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/load/object"
	"github.com/segq/segq/exec/pack"
	"github.com/segq/segq/lang/check"
)

// PackedExtension is how the names of packed files end.
const PackedExtension = ".segq"

// packed returns the packed file that paths are, "" when they are something else. Package load
// refuses one among others.
func packed(paths []string) string {
	if len(paths) != 1 || !IsPacked(paths[0]) {
		return ""
	}
	if object.Is(paths[0]) {
		return "" // which package load refuses
	}
	if _, err := os.Stat(paths[0]); err == nil {
		return paths[0]
	}
	if found, _ := filepath.Glob(paths[0]); len(found) == 1 {
		return found[0]
	}
	return ""
}

// IsPacked says whether a file has the name of a packed one.
func IsPacked(name string) bool { return strings.EqualFold(filepath.Ext(name), PackedExtension) }

// packedTable is a packed file, with the fields that the flags name in their roles.
type packedTable struct {
	*pack.Table
	id, events *check.Field // nil for those of the file
	options    load.Options
}

// openPacked opens a packed file.
func openPacked(path string, o load.Options) (table, error) {
	if len(o.Types) > 0 {
		return nil, fmt.Errorf("%s: the types of its fields were decided when it was packed: give --type to segq pack", path)
	}
	if o.Schema != nil {
		return nil, fmt.Errorf("%s: the types of its fields were decided when it was packed: give --schema to segq pack", path)
	}
	if o.Dialect.Given() {
		return nil, fmt.Errorf("%s: it was read when it was packed: give --delimiter, --no-header, --null-values, --encoding and --decimal to segq pack", path)
	}
	t, err := pack.Open(path)
	if err != nil {
		return nil, err
	}
	if err := o.Accepts(t.Report()); err != nil {
		return nil, errors.Join(fmt.Errorf("%s was packed without rows that could not be read: %w", path, err), t.Close())
	}
	own := packedTable{Table: t, options: o}
	id, events, err := o.Roles(t.Snapshot().Schema)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), t.Close())
	}
	if o.ID != "" {
		own.id = id
	}
	if o.Events != "" {
		own.events = events
	}
	return own, nil
}

// Snapshot returns the table with the columns that were verified until now.
func (t packedTable) Snapshot() *column.Snapshot { return t.named(t.Table.Snapshot()) }

// Load verifies columns.
func (t packedTable) Load(ctx context.Context, reads *check.Reads, tell func(done, total int64)) (*column.Snapshot, func(), error) {
	s, release, err := t.Table.Load(ctx, reads, tell)
	if err != nil {
		return nil, nil, err
	}
	return t.named(s), release, nil
}

// named returns a snapshot with the fields in their roles.
func (t packedTable) named(s *column.Snapshot) *column.Snapshot {
	if t.id == nil && t.events == nil {
		return s
	}
	own := *s
	own.Fingerprint = t.options.Identity(s.Fingerprint)
	if t.id != nil {
		own.ID = t.id
	}
	if t.events != nil {
		own.EventsField, own.Cost = t.events, nil // what is known of it is of the other events
	}
	return &own
}

// LoadRest verifies what nobody has asked for, a field at a time while nobody waits.
func (t packedTable) LoadRest(ctx context.Context, idle func(context.Context) error) error {
	var failed error
	for _, f := range t.Table.Snapshot().Schema.Fields {
		if idle(ctx) != nil {
			return failed
		}
		_, release, err := t.Table.Load(ctx, &check.Reads{Fields: map[string]*check.Reads{f.Name: {All: true}}}, nil)
		if ctx.Err() != nil {
			return failed
		}
		if err == nil {
			release()
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

// Digest names the contents.
func (t packedTable) Digest(context.Context) (string, error) { return t.Table.Digest(), nil }

// Residency tells how many columns were verified. The memory in which they lie is that of the
// file, and given back when others need it.
func (t packedTable) Residency() column.Residency {
	all, verified := t.Columns()
	return column.Residency{Columns: all, Loaded: verified, Loads: verified}
}
