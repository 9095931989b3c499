package dataset

import (
	"context"
	"strings"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
)

// Filled returns for fields outside lists the share of profiles with a value, by path, as far as that is known
// without loading anything: from the statistics of the files, or from a column that is resident.
func (d *Dataset) Filled(ctx context.Context) map[string]float64 {
	shares := map[string]float64{}
	d.fill(ctx, nil, d.Snapshot.Schema, shares)
	return shares
}

// fill adds those of the fields of an object, and of the objects below.
func (d *Dataset) fill(ctx context.Context, path []string, t *check.Type, shares map[string]float64) {
	for _, f := range t.Fields {
		at := append(path[:len(path):len(path)], f.Name)
		switch {
		case ctx.Err() != nil:
			return
		case f.Type.Kind == check.Object:
			d.fill(ctx, at, f.Type, shares)
		default:
			if share, ok := d.filledField(ctx, at); ok {
				shares[strings.Join(at, ".")] = share
			}
		}
	}
}

// filledField returns that of one field.
func (d *Dataset) filledField(ctx context.Context, path []string) (share float64, ok bool) {
	if files, is := files(d.table); is {
		if share, ok = files.Filled(path); ok {
			return share, true
		}
	}
	reads := &check.Reads{}
	r := reads
	for _, name := range path {
		r = r.Field(name)
	}
	d.Look(ctx, reads, 0, func(_ *resident.Engine, s *column.Snapshot) {
		if n, there := column.Filled(s, path); there && s.Rows() > 0 {
			share, ok = float64(n)/float64(s.Rows()), true
		}
	})
	return share, ok
}
