package main

import (
	"context"
	"fmt"
	"io"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/repl/show"
)

// mostIDs is about how many bytes the ids of a table may take that are looked at for those that are there twice.
const mostIDs = 1 << 30

// severalRows says whether a value of a field may be in several rows of a table that is called so, and notes how
// many values are. Where none is, rows in the same order are compared without keeping them.
func severalRows(ctx context.Context, l *ask.Local, id *check.Field, called string, w io.Writer) bool {
	if id == nil || id.Type.Kind == check.List || id.Type.Kind == check.Map || id.Type.Kind == check.Object {
		return id != nil
	}
	reads, several := &check.Reads{}, true
	reads.Field(id.Name).All = true
	l.Look(ctx, reads, mostIDs, func(_ *resident.Engine, s *column.Snapshot) {
		f := column.FillingOf(s.Root.Fields[s.Schema.Field(id.Name).Index])
		if f.Repeated > 0 {
			fmt.Fprintf(w, "segq: %s in several rows of %s: one member in the comparison\n",
				show.Plural(f.Repeated, id.Name+" is", id.Name+"s are"), called)
		}
		// The number that stands for an id, also for one that is no number, may be the id of another.
		several = f.Repeated > 0 || f.Values < s.Rows() || id.Type.Kind == check.Float
	})
	return several
}
