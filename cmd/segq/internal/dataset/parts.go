package dataset

import (
	"context"
	"runtime"

	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
)

// partBytes is about what the columns of a part hold at most.
const partBytes = 256 << 20

// Parts calls answer with an engine over each part of the rows in turn, where what is read is so
// much that it should not be in memory together: what is asked has to be something that can
// be added up. It says whether there are such parts, else it has called nobody.
func (d *Dataset) Parts(ctx context.Context, reads *check.Reads, answer func(exec.Runner) error) (parted bool, err error) {
	files, ok := d.table.(*load.Table)
	if !ok || d.all {
		return false, nil
	}
	most := int64(partBytes)
	if d.memory.columns > 0 {
		most = min(most, d.memory.columns/4)
	}
	parts, err := files.Parts(reads, most)
	if err != nil || parts == nil {
		return false, err
	}
	rows, all := 0, 0
	for _, part := range parts {
		all += part.Snapshot().Rows()
	}
	for i, part := range parts {
		n := part.Snapshot().Rows()
		if err := d.part(ctx, part, reads, answer); err != nil {
			return true, err
		}
		rows += n
		d.notes.progress(int64(rows), int64(all))
		parts[i] = nil
		runtime.GC() // the next one may have the room
	}
	d.notes.wipe()
	d.notes.report(d.table.Report())
	return true, nil
}

// part answers over one part.
func (d *Dataset) part(ctx context.Context, part *load.Table, reads *check.Reads, answer func(exec.Runner) error) error {
	_, release, err := part.Load(ctx, reads, nil)
	if err != nil {
		return exit.Data(d.memory.explain(err))
	}
	defer release()
	e := resident.Open(part, d.options)
	defer e.Close()
	if err := answer(e); err != nil {
		return err
	}
	d.table.(*load.Table).Learn(part)
	return nil
}
