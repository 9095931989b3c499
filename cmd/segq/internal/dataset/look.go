package dataset

import (
	"context"
	"runtime/debug"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// Look gives f an engine over all rows and a snapshot of them that has what is read, unless it
// takes more than so many bytes, or, with 0 for these, is not resident already: for who wants to know
// what lies in the columns of a query that was answered. It says whether f was called, and had no fault.
func (d *Dataset) Look(ctx context.Context, reads *check.Reads, most int64, f func(*resident.Engine, *column.Snapshot)) (looked bool) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // the data may lie in a file
	defer ast.Guard(func(*ast.Fault) { looked = false })
	table, engine := d.table, d.Engine
	if d.whole != nil {
		table, engine = d.whole, resident.Open(d.whole, d.options)
		defer engine.Close()
	}
	if most == 0 && !resides(table, reads) {
		return false
	}
	if files, ok := files(table); ok && most > 0 && files.Weight(files.reads(reads)) > most {
		return false
	}
	s, release, err := table.Load(ctx, reads, nil)
	if err != nil {
		return false
	}
	defer release()
	f(engine, s)
	return s.Lost == nil || s.Lost(nil) == nil
}

// resides says whether what is read takes no loading.
func resides(t table, reads *check.Reads) bool {
	if _, ok := t.(packedTable); ok {
		return true // it is in a file that is mapped into memory
	}
	return t.Snapshot().Covers(reads)
}
