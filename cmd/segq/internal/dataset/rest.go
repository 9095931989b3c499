package dataset

import (
	"context"
	"slices"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
)

// LoadRest loads the columns that nobody has asked for, one after another while nobody
// waits for others, and makes for all what speeds up answers over columns that stay. With
// --load named it does nothing.
func (d *Dataset) LoadRest(ctx context.Context) error {
	if d.named {
		return nil
	}
	err := d.table.LoadRest(ctx, d.Engine.Idle)
	if r := d.table.Residency(); ctx.Err() == nil && r.Loaded < r.Columns && !Overwritten(err) {
		d.full.Store(true)
	}
	if err != nil || d.Engine.Idle(ctx) != nil {
		return d.memory.explain(err)
	}
	d.noteRepeats(ctx)
	return nil
}

// noteRepeats notes how many profiles have the same id, which takes some seconds of many millions: it is done when
// nobody waits for anything.
func (d *Dataset) noteRepeats(ctx context.Context) {
	id := d.Snapshot.ID
	if id == nil {
		return
	}
	reads := &check.Reads{}
	reads.Field(id.Name).All = true
	d.Resident(ctx, reads, func(s *column.Snapshot) {
		if note := load.Repeats(s); note != "" && !slices.Contains(d.table.Report().Notes, note) {
			d.notes.later(note)
		}
	})
}

// Holds returns what of the data is in memory.
func (d *Dataset) Holds() redisx.Holding {
	r := d.table.Residency()
	return redisx.Holding{
		Columns: int64(r.Columns), Loaded: int64(r.Loaded), Bytes: r.Bytes, Loads: int64(r.Loads), Evictions: int64(r.Evictions),
		Dataset: d.Name, Rows: int64(d.Snapshot.Rows()), Since: d.opened, Full: d.full.Load() && r.Loaded < r.Columns, Trouble: d.Trouble(),
	}
}
