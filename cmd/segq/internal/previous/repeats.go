package previous

import (
	"context"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/repl/show"
)

// mostIDs is about how many bytes the ids of a table may take that are looked at for those that are there twice.
const mostIDs = 1 << 30

// noteNumbered notes how many profiles of now have no id: the numbers of their rows, which stand for it in what was written before, too,
// are of the same profiles only where the rows are in the same order.
func noteNumbered(n int, id string, note func(string)) {
	of := show.Clean(id)
	note(show.Plural(n, "profile has no "+of+", and is", "profiles have no "+of+", and are") +
		" compared by the numbers of rows: in another order of rows than before, others have these, and count as entered and left")
}

// severalRows says whether a value of a field may be in several rows of a table that is called so, and notes how
// many values are; without is how many rows have none. Where none is in several, rows in the same order are compared without keeping them.
func severalRows(ctx context.Context, d *dataset.Dataset, id *check.Field, called string, note func(string)) (several bool, without int) {
	if id == nil || id.Type.Kind == check.List || id.Type.Kind == check.Map || id.Type.Kind == check.Object {
		return id != nil, 0
	}
	reads := &check.Reads{}
	several = true
	reads.Field(id.Name).All = true
	d.Look(ctx, reads, mostIDs, func(_ *resident.Engine, s *column.Snapshot) {
		f := column.FillingOf(s.Root.Fields[s.Schema.Field(id.Name).Index])
		if f.Repeated > 0 {
			note(show.Plural(f.Repeated, id.Name+" is", id.Name+"s are") + " in several rows of " + called + ": one member in the comparison")
		}
		// The number that stands for an id, also for one that is no number, may be the id of another.
		without = s.Rows() - f.Values
		several = f.Repeated > 0 || f.Values < s.Rows() || id.Type.Kind == check.Float
	})
	return several, without
}
