package dataset

import (
	"context"

	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
)

// Report tells what has become of the data, as far as it was read.
func (d *Dataset) Report() *load.Report { return d.table.Report() }

// Read loads what is read, and has f look at it.
func (d *Dataset) Read(ctx context.Context, reads *check.Reads, f func(*column.Snapshot)) error {
	s, release, err := d.table.Load(ctx, reads, nil)
	if err != nil {
		return exit.Data(d.memory.explain(err))
	}
	defer release()
	f(s)
	if s.Lost != nil {
		if err := s.Lost(nil); err != nil {
			return exit.Data(err)
		}
	}
	return nil
}

// Resident has f look at what is read, if it is in memory.
func (d *Dataset) Resident(ctx context.Context, reads *check.Reads, f func(*column.Snapshot)) {
	d.Look(ctx, reads, 0, func(_ *resident.Engine, s *column.Snapshot) { f(s) })
}
