package main

import (
	"errors"
	"fmt"

	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/redisx"
	"github.com/spf13/pflag"
)

// taking are the flags that ask for the profiles that match, and not for their number.
type taking struct {
	redisx.Columns
	selects  func() bool // --select is given, be it as nothing; nil for a command without these flags
	safe     bool
	manifest bool
}

// registerColumns adds the flags that say what is taken.
func (t *taking) registerColumns(f *pflag.FlagSet) {
	f.BoolVar(&t.IDs, "ids", false, "print the ids of the profiles that match, in the order of the data: one a line, or before the columns of --select")
	f.StringVar(&t.Select, "select", "", "print these fields and expressions of the profiles that match: a `LIST` with commas, such as 'homeAddress.city, xEvent.count()'")
	t.selects = func() bool { return f.Changed("select") }
	f.IntVar(&t.Limit, "limit", 0, "print at most `N` of them")
}

func (t *taking) register(f *pflag.FlagSet) {
	t.registerColumns(f)
	registerSafe(f, &t.safe)
	f.BoolVar(&t.manifest, "manifest", false, "write beside -o FILE what it holds to FILE.manifest.json: query, snapshot, now, rows, checksum")
	help.Under(f, help.Rows)
	help.Common(f, "ids", "select", "limit")
}

func registerSafe(f *pflag.FlagSet, safe *bool) {
	f.BoolVar(safe, "csv-safe", false, "make texts that a spreadsheet would take for formulas begin with an apostrophe (csv and tsv)")
}

// rows says whether rows are asked for.
func (t *taking) rows() bool { return t.IDs || t.selects != nil && t.selects() }

// validate finds contradictions with the other options.
func (t *taking) validate(o *options) error {
	switch {
	case !t.rows() && (t.Limit != 0 || t.safe || t.manifest):
		return errors.New("--limit, --csv-safe and --manifest are for rows: add --ids or --select")
	case !t.rows():
		return nil
	case o.serve || o.http.Addr != "":
		return errors.New("--serve and --http answer what others ask: give --ids, --select and --limit with the query instead (segq submit, or ids, select and limit of the command)")
	case o.sample > redisx.MaxRows && o.redis.URL != "":
		return fmt.Errorf("--sample %d: an answer through a queue holds at most %d rows", o.sample, redisx.MaxRows)
	}
	return t.validateOutput(o)
}

// validateOutput finds what is wrong with how rows are written.
func (t *taking) validateOutput(o *options) error {
	switch {
	case t.Limit < 0:
		return errors.New("--limit must be 1 or more, or 0 for no limit")
	case t.Limit > 0 && t.rows() && o.sample > 0:
		return errors.New("--sample and --limit both say how many profiles: leave one of them out")
	case t.manifest && (o.output == "" || o.output == "-"):
		return errors.New("--manifest describes a file: name it with -o FILE")
	case t.safe && o.rowsFormat() != "csv" && o.rowsFormat() != "tsv":
		return errors.New("--csv-safe is for csv and tsv: add --format csv, or -o FILE.csv")
	}
	return nil
}

// lines is the format of ids alone, where nobody names another: one a line.
const lines = "lines"

// rowsFormat is the format of rows. It has been found valid.
func (o *options) rowsFormat() string {
	format, _ := printer.FormatOf(o.format, o.output, true)
	if alone := o.taking.IDs && !o.taking.selects(); alone && o.format == "" && (format == "" || format == "table") {
		return lines
	}
	if format == "" {
		return "table"
	}
	return format
}
