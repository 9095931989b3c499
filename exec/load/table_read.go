package load

import (
	"context"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load/parquet"
	"github.com/segq/segq/lang/check"
)

// reading is what was read of some units: a table of their fields alone.
type reading struct {
	units    []*unit
	root     *column.Struct
	schema   *check.Type
	mixtures map[*check.Field]check.Mixture
	report   *Report
}

// read reads units of all files.
func (t *Table) read(ctx context.Context, units []*unit, progress func(done, total int64)) (*reading, error) {
	o := t.options
	o.Progress = progress
	if o.Memory > 0 {
		o.Memory = max(o.Memory-t.Residency().Bytes, 1)
	}
	l, err := newLoader(o)
	if err != nil {
		return nil, err
	}
	l.brief, l.later = t.brief, true
	for _, u := range units {
		l.meter.total += u.size
	}
	ctx, l.meter.stop = context.WithCancelCause(ctx)
	defer l.meter.stop(nil)
	r := &reading{units: units, report: &l.report}
	err = guarded(func() error { return t.readAll(ctx, l, r) })()
	if full := l.meter.failed.Load(); full != nil {
		return nil, full // whatever the outcome
	}
	if err != nil {
		return nil, err
	}
	l.report.Read, l.report.Elapsed = l.meter.total, time.Since(l.began)
	return r, nil
}

func (t *Table) readAll(ctx context.Context, l *loader, r *reading) (err error) {
	for i, f := range t.files {
		if err := f.read(ctx, l, r.units, i); err != nil {
			return err
		}
	}
	top, mixtures := l.decideSome(t.top)
	r.schema, r.mixtures = top.t, mixtures
	r.root, err = l.columns(ctx, top)
	l.report.Peak = l.meter.peak.Load()
	return err
}

// read reads units of a file.
func (f *tableFile) read(ctx context.Context, l *loader, units []*unit, file int) error {
	if err := f.unchanged(); err != nil {
		return err
	}
	return f.readGroups(ctx, l, f.reads(units, file), keysOfUnits(units, file), f.file.Meta.Groups, 0)
}

// reads returns what of the schema of a file, of that number, units are.
func (f *tableFile) reads(units []*unit, file int) *element {
	var columns []int
	for _, u := range units {
		columns = append(columns, u.columns[file]...)
	}
	if schema := f.schema.only(columns); schema != nil {
		return schema
	}
	return &element{Element: parquet.Element{Name: f.schema.Name}}
}

// readGroups reads what is in a schema from row groups, before which there are some rows.
func (f *tableFile) readGroups(ctx context.Context, l *loader, schema *element, keys []*folderKey, groups []parquet.Group, before int) error {
	l.name, l.line, l.row, l.keys = f.name, 0, before, keys
	l.report.Files = append(l.report.Files, File{Name: f.name, Written: writtenAt(f.info)})
	own, meta := f.file.From(bound(ctx, f.at, &l.meter)), *f.file.Meta
	meta.Groups = groups
	own.Meta, own.Charge = &meta, l.meter.charge
	err := l.parquetTree(ctx, own, schema, f.size)
	if changed := f.unchanged(); changed != nil && ctx.Err() == nil {
		return changed // this may be why it could not be read
	}
	if err != nil && ctx.Err() == nil {
		return named(f.name, err)
	}
	return err
}

// typed returns the type of b: as a reading found it where that depends on values, and
// else as t, which was decided by the footers. Mixtures of the one become those of the other.
func (b *branch) typed(t, found *check.Type, of, to map[*check.Field]check.Mixture) *check.Type {
	switch {
	case found == nil:
		return t
	case b.unit != nil && b.unit.doubtful:
		return found
	case b.unit != nil:
		return t
	case t.Kind == check.List:
		return check.ListOf(b.elem.typed(t.Elem, found.Elem, of, to))
	}
	fields := make([]*check.Field, len(t.Fields))
	for i, f := range t.Fields {
		fields[i] = f
		if own := found.Field(f.Name); own != nil {
			fields[i] = &check.Field{Name: f.Name, Type: b.fields[f.Name].typed(f.Type, own.Type, of, to)}
			if m, ok := of[own]; ok {
				to[fields[i]] = m
			}
		}
	}
	return check.ObjectOf(fields...)
}
