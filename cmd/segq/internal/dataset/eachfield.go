package dataset

import (
	"context"
	"runtime/debug"

	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// EachField loads one field of the data after the other, whole, and visits its column, which is not to be used
// afterwards. The error has the status of the process.
func (d *Dataset) EachField(ctx context.Context, visit func(f *check.Field, c column.Column)) error {
	for _, f := range d.Snapshot.Schema.Fields {
		if err := d.visitField(ctx, f, visit); err != nil {
			return exit.Data(d.Why(d.memory.explain(err)))
		}
	}
	return nil
}

func (d *Dataset) visitField(ctx context.Context, f *check.Field, visit func(f *check.Field, c column.Column)) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // the data may lie in a file
	defer ast.Guard(func(f *ast.Fault) { err = f })
	reads := &check.Reads{}
	reads.Field(f.Name).All = true
	s, release, err := d.table.Load(ctx, reads, d.notes.progress)
	if err != nil {
		return err
	}
	defer release()
	visit(f, s.Root.Fields[f.Index])
	return ctx.Err()
}
