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

// openPacked opens a packed file with all its columns, of which release gives back the memory.
func openPacked(ctx context.Context, path string, o load.Options) (s *column.Snapshot, r *load.Report, release func(), err error) {
	if len(o.Types) > 0 {
		return nil, nil, nil, fmt.Errorf("%s: the types of its fields were decided when it was packed: give --type to segq pack", path)
	}
	table, err := pack.Open(path)
	if err != nil {
		return nil, nil, nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, table.Close())
		}
	}()
	r = table.Report()
	if err := o.Accepts(r); err != nil {
		return nil, nil, nil, fmt.Errorf("%s was packed without rows that could not be read: %w", path, err)
	}
	s, leave, err := table.Load(ctx, &check.Reads{All: true}, o.Progress)
	if err != nil {
		return nil, nil, nil, err
	}
	release = func() {
		leave()
		_ = table.Close() // it was only read
	}
	if s, err = withRoles(s, o); err != nil {
		leave()
		return nil, nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	r.Columns = s.Bytes()
	return s, r, release, nil
}

// withRoles returns the snapshot with the fields that the options name in their roles.
func withRoles(s *column.Snapshot, o load.Options) (*column.Snapshot, error) {
	id, events, err := o.Roles(s.Schema)
	if err != nil {
		return nil, err
	}
	own := *s
	if o.ID != "" {
		own.ID = id
	}
	if o.Events != "" {
		own.EventsField = events
	}
	return &own, nil
}
