package printer

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/rows"
	"github.com/segq/segq/lang/spelling"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

// Writer prints records one after another. Flush ends the output; what
// was written before stays valid if it never comes.
type Writer interface {
	Write(r *record.Record) error
	Flush() error
}

// formats are the output formats by name, in the order that help lists them: with the extensions
// of their files, and how answers and rows are written in them, nil where they are not.
var formats = []struct {
	name       string
	extensions []string
	answers    func(io.Writer, Layout) Writer
	rows       rows.Open
}{
	{"table", []string{".txt"}, newTableWriter, rows.Table},
	{"vertical", nil, newVerticalWriter, rows.Vertical},
	{"markdown", []string{".md"}, newMarkdownWriter, rows.Markdown},
	{"csv", []string{".csv"}, newCSVWriter, rows.CSV},
	{"tsv", []string{".tsv"}, newTSVWriter, rows.TSV},
	{"json", []string{".json"}, newJSONWriter, rows.JSON},
	{"ndjson", []string{".ndjson", ".jsonl"}, newNDJSONWriter, rows.NDJSON},
	{"parquet", []string{".parquet"}, nil, rows.Parquet},
	{"arrow", []string{".arrow"}, nil, rows.Arrow},
	{"none", nil, newNoneWriter, rows.None},
}

// Format describes a format: the extensions of its files, and whether counts are written in it too.
type Format struct {
	Name       string
	Extensions []string
	Answers    bool
}

// Table describes the formats, in the order that help lists them.
func Table() []Format {
	table := make([]Format, len(formats))
	for i, f := range formats {
		table[i] = Format{f.name, f.extensions, f.answers != nil}
	}
	return table
}

// Formats names the formats, in the order that help lists them.
func Formats() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.name
	}
	return names
}

// Layout says how records are laid out.
type Layout struct {
	// Kind says which columns csv and tsv have: values, or what else is asked of a query, as the
	// commands of the queue call it. Where it is "", it is that of the first record.
	Kind string
	// Bare leaves out of csv and tsv what a record says beside its part, where one reads them under its query.
	Bare bool
	// Look is for tables.
	Look show.Look
}

// To returns a writer of answers in the named format, which exists and is for them.
func To(name string, w io.Writer, l Layout) Writer {
	i := slices.Index(Formats(), name)
	return formats[i].answers(w, l)
}

// RowsIn returns how rows are written in the named format, which exists.
func RowsIn(name string) rows.Open { return formats[slices.Index(Formats(), name)].rows }

// FormatOf returns the format for what goes to a file: the one that is named, or that of its
// extension; "" for what has neither, as standard output, a pipe or a device. ofRows says that it is
// rows, and not answers.
func FormatOf(name, file string, ofRows bool) (string, error) {
	if name != "" && !slices.Contains(Formats(), name) {
		return "", fmt.Errorf("unknown --format %q: %s", name, instead(name))
	}
	if (name == "" || name == "none") && file != "" && file != "-" {
		info, err := os.Stat(file)
		if err == nil && !info.Mode().IsRegular() {
			return name, nil
		}
		if name == "none" {
			return "", fmt.Errorf("-o %s would be empty: --format none writes nothing", file)
		}
		if name = ofExtension(filepath.Ext(file)); name == "" {
			return "", fmt.Errorf("-o %s: the format of a file follows from its extension, one of %s; or name it with --format", file, strings.Join(extensions(), " "))
		}
	}
	if i := slices.Index(Formats(), name); i >= 0 && formats[i].answers == nil && !ofRows {
		return "", fmt.Errorf("%s holds rows, as --ids or --select give them; counts are written as table, csv, json or another format", name)
	}
	return name, nil
}

// instead says what to name in place of a format that is none, such as the extension of one.
func instead(name string) string {
	if format := ofExtension("." + name); format != "" {
		return spelling.Choices(format, Formats())
	}
	return spelling.Choices(name, Formats())
}

// ofExtension returns the format of files with an extension, "" for none.
func ofExtension(extension string) string {
	for _, f := range formats {
		if slices.Contains(f.extensions, strings.ToLower(extension)) {
			return f.name
		}
	}
	return ""
}

func extensions() []string {
	var all []string
	for _, f := range formats {
		all = append(all, f.extensions...)
	}
	return all
}
