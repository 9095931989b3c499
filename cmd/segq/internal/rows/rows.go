// Package rows writes rows of typed columns in every format. A format is a file, and a row of the
// table in package printer.
//
// The tour: an [Open] begins a [Writer], which takes rows in parts: those of different parts are
// encoded side by side, and written in order. What a value looks like as text is in cell.go.
// Formats that are encoded where the rows are made are text.go with those of lines (lines.go,
// csv.go, json.go, markdown.go), parquet.go and arrow.go; those for people, whose widths or numbers
// depend on the rows before, are encoded as they are written (people.go, table.go, vertical.go).
package rows

import (
	"io"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// Writer writes rows.
type Writer interface {
	// Begin begins a part. It is called by many goroutines.
	Begin() Part
	// Close ends the output, which is whole then.
	Close() error
}

// Part is rows that follow each other, as package exec/resident gives them.
type Part interface {
	// Add adds n rows.
	Add(n int, columns []column.Column) error
	// End ends the part.
	End() error
	// Emit writes it. The parts of a writer are emitted one after another.
	Emit() error
}

// Options say what is to be written, and how.
type Options struct {
	// Fields are the columns.
	Fields []*check.Field
	// Width is that of the terminal to which rows are written, 0 for none: then values are whole, and
	// control characters as they are.
	Width int
	// Safe makes texts that a spreadsheet would take for formulas begin with an apostrophe.
	Safe bool
}

// Open begins rows in a format.
type Open func(w io.Writer, o Options) Writer
