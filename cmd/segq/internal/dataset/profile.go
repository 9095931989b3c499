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
	"github.com/segq/segq/exec/lookup"
	"github.com/segq/segq/exec/qualify"
	"github.com/segq/segq/lang/check"
)

// Shape is the fields of profiles that are in no data: what rules are checked against that are asked of them.
type Shape struct {
	// Snapshot is a table without a value.
	*column.Snapshot
	// Lookups has what is looked up beside the fields, nil for nothing.
	Lookups *lookup.Table

	own    *check.Type // without lookups
	fields qualify.Fields
	over   *lookedUp
}

// Close closes the files of lookups.
func (s *Shape) Close() {
	if s.over != nil {
		_ = s.over.Close() // of what was only read
	}
}

// Shape returns the fields of --schema or, without it, those of the data of paths.
func (d Options) Shape(ctx context.Context, paths []string, threads int, w io.Writer) (*Shape, error) {
	d.lookups.how = d.lookups.byKey()
	s, schema, mixtures, err := d.shape(ctx, paths, threads, w)
	if err != nil {
		return nil, err
	}
	if s.Snapshot, err = qualify.Empty(schema, s.fields); err != nil {
		s.Close()
		return nil, exit.Usage(err)
	}
	s.Mixtures = mixtures
	if s.over != nil {
		s.Lookups = s.over.Table
	}
	return s, nil
}

// shape returns a Shape without its snapshot, and what that is made of.
func (d Options) shape(ctx context.Context, paths []string, threads int, w io.Writer) (*Shape, *check.Type, map[*check.Field]check.Mixture, error) {
	s := &Shape{fields: qualify.Fields{ID: d.id, Events: d.events}}
	if d.schema.name != "" {
		err := d.shapeOfSchema(ctx, s, threads, w)
		if err != nil || s.over == nil {
			return s, s.own, nil, err
		}
		return s, s.over.Snapshot().Schema, nil, nil
	}
	d.Profile = ""
	opened, err := Open(ctx, paths, d, threads, w)
	if err != nil {
		return nil, nil, nil, err
	}
	defer opened.Close()
	if id := opened.Snapshot.ID; id != nil {
		s.fields.ID = id.Name
	}
	if events := opened.Snapshot.EventsField; events != nil {
		s.fields.Events = events.Name
	}
	s.own = opened.Snapshot.Schema
	if over, is := opened.table.(*lookedUp); is {
		below := over.below.Snapshot()
		s.own, opened.table = below.Schema, over.below // which is closed, and not the lookups
		none, err := qualify.Empty(s.own, s.fields)
		if err != nil {
			return nil, nil, nil, errors.Join(exit.Usage(err), over.Close())
		}
		s.over = over.alike(load.TableOf(none, &load.Report{}, load.Options{}))
	}
	return s, opened.Snapshot.Schema, opened.Snapshot.Mixtures, nil
}

// shapeOfSchema adds the fields of --schema, and opens lookups beside them.
func (d Options) shapeOfSchema(ctx context.Context, s *Shape, threads int, w io.Writer) error {
	schema, err := d.schema.read(ctx)
	if err != nil {
		return exit.Usage(err)
	}
	m, told := shareMemory(d.memory), newNotes(w)
	d.note = told.line
	o := load.Options{Types: d.types, Schema: schema, Threads: threads, Memory: m.loading, Columns: m.columns}
	l, err := d.openLookups(ctx, m, &o)
	if err != nil {
		return err
	}
	s.own = o.Schema
	if len(o.Types) > 0 {
		l.close()
		return exit.Usage(errors.New("with --schema there is no data for --type: write the type in the schema"))
	}
	if l == nil {
		return nil
	}
	none, err := qualify.Empty(s.own, s.fields)
	if err != nil {
		l.close()
		return exit.Usage(err)
	}
	t, err := withLookups(ctx, load.TableOf(none, &load.Report{}, o), l, m, threads)
	if err != nil {
		return err
	}
	s.over = t.(*lookedUp)
	told.report(s.over.Report())
	return nil
}

// oneProfile returns the table of the profile that --profile names, with the fields of --schema or of the data of
// paths.
func (d Options) oneProfile(ctx context.Context, paths []string, l load.Options, w io.Writer) (table, error) {
	if d.schema.name != "" && len(paths) > 0 {
		return nil, exit.Usage(errors.New("--profile takes the fields from --schema or from DATA: choose one"))
	}
	shape, err := d.Shape(ctx, paths, l.Threads, w)
	if err != nil {
		return nil, err
	}
	one, err := d.readOne(ctx, shape, l)
	if err != nil {
		shape.Close()
		return nil, err
	}
	if shape.over != nil {
		return shape.over.alike(one), nil
	}
	return one, nil
}

// readOne reads the profile.
func (d Options) readOne(ctx context.Context, shape *Shape, l load.Options) (*load.Table, error) {
	text, err := d.ReadProfile(l.Stdin)
	if err != nil {
		return nil, exit.Data(fmt.Errorf("--profile: %w", err))
	}
	s, report, err := qualify.Profile(ctx, text, shape.own, shape.fields)
	if err != nil {
		return nil, exit.Data(fmt.Errorf("--profile: %s: %w", shortName(d.Profile), err))
	}
	s.Mixtures = shape.Mixtures
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
