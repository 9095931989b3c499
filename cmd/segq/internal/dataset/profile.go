package dataset

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/qualify"
	"github.com/segq/segq/lang/check"
)

// Shape returns a table without a value that has the fields of --schema or, without it, of the data of paths: what
// rules are checked against that are asked of profiles which are in no data.
func (d Options) Shape(ctx context.Context, paths []string, threads int, w io.Writer) (*column.Snapshot, error) {
	schema, fields, mixtures, err := d.shape(ctx, paths, threads, w)
	if err != nil {
		return nil, err
	}
	empty, err := qualify.Empty(schema, fields)
	if err != nil {
		return nil, exit.Usage(err)
	}
	empty.Mixtures = mixtures
	return empty, nil
}

// shape is Shape in parts.
func (d Options) shape(ctx context.Context, paths []string, threads int, w io.Writer) (*check.Type, qualify.Fields, map[*check.Field]check.Mixture, error) {
	fields := qualify.Fields{ID: d.id, Events: d.events}
	if len(d.lookups.given) > 0 {
		return nil, fields, nil, exit.Usage(errors.New("--lookup is not yet for profiles that are in no data: its fields would be null"))
	}
	if d.schema.name != "" {
		if len(d.types) > 0 {
			return nil, fields, nil, exit.Usage(errors.New("with --schema there is no data for --type: write the type in the schema"))
		}
		schema, err := d.schema.read(ctx)
		if err != nil {
			return nil, fields, nil, exit.Usage(err)
		}
		return schema, fields, nil, nil
	}
	d.Profile = ""
	opened, err := Open(ctx, paths, d, threads, w)
	if err != nil {
		return nil, fields, nil, err
	}
	defer opened.Close()
	if s := opened.Snapshot; s.ID != nil {
		fields.ID = s.ID.Name
	}
	if s := opened.Snapshot; s.EventsField != nil {
		fields.Events = s.EventsField.Name
	}
	return opened.Snapshot.Schema, fields, opened.Snapshot.Mixtures, nil
}

// oneProfile returns the table of the profile that --profile names, with the fields of --schema or of the data of
// paths.
func (d Options) oneProfile(ctx context.Context, paths []string, l load.Options, w io.Writer) (table, error) {
	if d.schema.name != "" && len(paths) > 0 {
		return nil, exit.Usage(errors.New("--profile takes the fields from --schema or from DATA: choose one"))
	}
	schema, fields, mixtures, err := d.shape(ctx, paths, l.Threads, w)
	if err != nil {
		return nil, err
	}
	text, err := d.ReadProfile(l.Stdin)
	if err != nil {
		return nil, exit.Data(fmt.Errorf("--profile: %w", err))
	}
	s, report, err := qualify.Profile(ctx, text, schema, fields)
	if err != nil {
		return nil, exit.Data(fmt.Errorf("--profile: %s: %w", shortName(d.Profile), err))
	}
	s.Mixtures = mixtures
	column.Index(s.Root, 1)
	s.Fingerprint = column.FingerprintOf(s.Root, s.Schema, 1)
	l.Schema = nil
	for i := range report.Misfits {
		report.Misfits[i].File = shortName(d.Profile)
	}
	report.Files = []load.File{{Name: shortName(d.Profile), Rows: 1}}
	return load.TableOf(s, report, l), nil
}

// mostProfile is how many bytes a profile may have.
const mostProfile = 64 << 20

// ReadProfile returns the contents of the file that --profile names.
func (d Options) ReadProfile(stdin io.Reader) ([]byte, error) {
	from := stdin
	if d.Profile != Stdin {
		f, err := os.Open(d.Profile)
		if err != nil {
			return nil, err
		}
		defer func() { _ = f.Close() }() // of what was only read
		from = f
	}
	text, err := io.ReadAll(io.LimitReader(from, mostProfile+1))
	if err == nil && len(text) > mostProfile {
		err = errors.New("it is longer than 64 MiB")
	}
	return bytes.TrimPrefix(text, []byte("\uFEFF")), err
}
