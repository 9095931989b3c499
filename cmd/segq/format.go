package main

import (
	"io"
	"slices"

	"github.com/segq/segq/redisx/record"
)

// recordWriter prints records one after another. Flush ends the output; what
// was written before stays valid if it never comes.
type recordWriter interface {
	write(r *record.Record) error
	flush() error
}

// formats are the output formats by name, in the order that help lists them.
var formats = []struct {
	name string
	open func(io.Writer) recordWriter
}{
	{"table", newTableWriter},
	{"json", newJSONWriter},
	{"ndjson", newNDJSONWriter},
	{"csv", newCSVWriter},
	{"tsv", newTSVWriter},
}

func formatNames() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.name
	}
	return names
}

// openFormat gives a writer of the named format, which exists.
func openFormat(name string, w io.Writer) recordWriter {
	i := slices.Index(formatNames(), name)
	return formats[i].open(w)
}
