package printer

import (
	"io"
	"slices"

	"github.com/segq/segq/redisx/record"
)

// Writer prints records one after another. Flush ends the output; what
// was written before stays valid if it never comes.
type Writer interface {
	Write(r *record.Record) error
	Flush() error
}

// formats are the output formats by name, in the order that help lists them.
var formats = []struct {
	name string
	open func(io.Writer) Writer
}{
	{"table", newTableWriter},
	{"json", newJSONWriter},
	{"ndjson", newNDJSONWriter},
	{"csv", newCSVWriter},
	{"tsv", newTSVWriter},
}

// Formats names the formats, in the order that help lists them.
func Formats() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.name
	}
	return names
}

// To returns a writer of the named format, which exists.
func To(name string, w io.Writer) Writer {
	i := slices.Index(Formats(), name)
	return formats[i].open(w)
}
