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

// severalRows says whether a value of a field may be in several rows of a table that is called so, and notes how
// many values are. Where none is in several, rows in the same order are compared without keeping them.
func severalRows(ctx context.Context, d *dataset.Dataset, id *check.Field, called string, note func(string)) (several bool) {
	if id == nil || id.Type.Kind == check.List || id.Type.Kind == check.Map || id.Type.Kind == check.Object {
		return id != nil
	}
	reads := &check.Reads{}
	several = true
	reads.Field(id.Name).All = true
	d.Look(ctx, reads, mostIDs, func(_ *resident.Engine, s *column.Snapshot) {
		f := column.FillingOf(s.Root.Fields[s.Schema.Field(id.Name).Index])
		if f.Repeated > 0 {
			note(show.Plural(f.Repeated, id.Name+" is", id.Name+"s are") + " in several rows of " + called + ": one member in the comparison")
		}
		several = f.Repeated > 0 || id.Type.Kind == check.Float // of which 0 and -0 are one
	})
	return several
}
