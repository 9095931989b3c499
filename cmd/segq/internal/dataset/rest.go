package dataset

import "context"

// LoadRest loads the columns that nobody has asked for, one after another while nobody
// waits for others, and makes for all what speeds up answers over columns that stay. With
// --load named it does nothing.
func (d *Dataset) LoadRest(ctx context.Context) error {
	if d.named {
		return nil
	}
	return d.table.LoadRest(ctx, d.Engine.Idle)
}
