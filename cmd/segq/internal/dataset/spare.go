package dataset

import (
	"context"

	"github.com/segq/segq/lang/check"
)

// Resides says whether all that is read is resident.
func (d *Dataset) Resides(reads *check.Reads) bool { return d.table.Snapshot().Covers(reads) }

// HasRoom says whether what is read is resident, or may be without another column having to go.
func (d *Dataset) HasRoom(reads *check.Reads) bool { return d.table.HasRoom(reads) }

// LoadSpare makes resident what nobody has asked for, but may soon. No column goes for it, and who asks for
// something goes before it.
func (d *Dataset) LoadSpare(ctx context.Context, reads *check.Reads) error {
	return d.table.LoadSpare(ctx, reads)
}

// HasRoom says yes: the columns lie in the file.
func (t packedTable) HasRoom(*check.Reads) bool { return true }

// LoadSpare verifies columns; it takes no memory.
func (t packedTable) LoadSpare(ctx context.Context, reads *check.Reads) error {
	_, release, err := t.Table.Load(ctx, reads, nil)
	if err == nil {
		release()
	}
	return err
}
