package dataset

import (
	"context"

	"github.com/segq/segq/redisx"
)

// LoadRest loads the columns that nobody has asked for, one after another while nobody
// waits for others, and makes for all what speeds up answers over columns that stay. With
// --load named it does nothing.
func (d *Dataset) LoadRest(ctx context.Context) error {
	if d.named {
		return nil
	}
	return d.table.LoadRest(ctx, d.Engine.Idle)
}

// Holds returns what of the data is in memory.
func (d *Dataset) Holds() redisx.Holding {
	r := d.table.Residency()
	return redisx.Holding{
		Columns: int64(r.Columns), Loaded: int64(r.Loaded), Bytes: r.Bytes, Loads: int64(r.Loads), Evictions: int64(r.Evictions),
		Trouble: d.Trouble(),
	}
}
