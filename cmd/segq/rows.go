package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"path/filepath"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/segq/segq/cmd/segq/internal/output"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/cmd/segq/internal/rows"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/cmd/segq/internal/version"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
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
	f.BoolVar(&t.safe, "csv-safe", false, "make texts that a spreadsheet would take for formulas begin with an apostrophe (csv and tsv)")
	f.BoolVar(&t.manifest, "manifest", false, "write beside -o FILE what it holds to FILE.manifest.json: query, snapshot, now, rows, checksum")
	help.Under(f, help.Rows)
	help.Common(f, "ids", "select", "limit")
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

// takeOut prints the profiles that match one query.
func takeOut(ctx context.Context, o *options, queries []rules.Written, data []string, io console.Streams) error {
	started := time.Now()
	if len(queries) != 1 {
		return exit.Usage(severalQueries(len(queries)))
	}
	now, err := o.instant()
	if err != nil {
		return exit.Usage(err)
	}
	place := o.place(data)
	if err := o.checkSelect(place.Broker.URL != "", io); err != nil {
		return err
	}
	answerer, err := ask.Open(ctx, place, o.asking(io))
	if err != nil {
		return err
	}
	defer answerer.Close()
	asked := answerer.Prepare(queries, now)
	ask.ReportErrors(io.Err, asked)
	if ask.Failures(asked) > 0 {
		return &exit.Error{Status: exit.WrongQuery}
	}
	var taken *takenRows
	if local, ok := answerer.(*ask.Local); ok {
		taken, err = o.writeRows(ctx, local, asked[0], io)
	} else {
		taken, err = o.writeQueued(ctx, answerer, asked, io)
	}
	if err != nil {
		return err
	}
	if o.stats {
		figures := runFigures{Queries: 1, Rows: &taken.rows, ElapsedMS: float64(time.Since(started).Microseconds()) / 1000}
		figures.Snapshot, figures.Figures = taken.of.Snapshot, ask.Memory(answerer)
		figures.print(io.Err)
	}
	return nil
}

func severalQueries(n int) error {
	return fmt.Errorf("--ids and --select are for one query, and here are %d: run segq once for each, or join them with or", n)
}

// checkSelect finds what is wrong with the list of --select as far as that can be said without the
// data, which finds the rest.
func (o *options) checkSelect(queued bool, io console.Streams) error {
	if !o.taking.selects() || !queued && strings.TrimSpace(o.taking.Select) != "" {
		return nil
	}
	_, found := rules.SelectionForm(o.taking.Select)
	return o.reportSelect(found, io)
}

// takenRows are rows that were written.
type takenRows struct {
	of                  *record.Record // whose rows they are
	rows                int
	limited, overflowed bool
	matched             int // of which they are a sample
	out                 *rowsOutput
}

// writeRows writes the rows of one question.
func (o *options) writeRows(ctx context.Context, local *ask.Local, asked *ask.Question, io console.Streams) (*takenRows, error) {
	q, fields, err := o.rowsOf(local, asked, io)
	if err != nil {
		return nil, err
	}
	out, err := o.openRows(ctx, fields, io)
	if err != nil {
		return nil, err
	}
	q.Begin = func() resident.Stretch { return emitted{out.Begin(), out.Target} }
	result, err := local.Rows(ctx, q)
	if err := out.end(err); err != nil {
		return nil, err
	}
	taken := &takenRows{asked.Record, result.Rows, result.Limited, result.Overflowed, result.Matched, out}
	return taken, o.tellRows(ctx, taken, io)
}

// rowsOf returns the question, and the columns of its rows.
func (o *options) rowsOf(local *ask.Local, asked *ask.Question, io console.Streams) (resident.Rows, []*check.Field, error) {
	q := resident.Rows{Where: asked.Typed, IDs: o.taking.IDs, Limit: o.taking.Limit, Sample: o.sample, Seed: cmp.Or(o.seed, redisx.DefaultSeed)}
	q.ID = asked.Record.ID
	var ids *check.Field
	if q.IDs {
		name, t := resident.IDColumn(local.Snapshot)
		ids = &check.Field{Name: name, Type: t}
	}
	columns, found := rules.ColumnsOf(ids, o.taking.Select, local.Catalog, check.Options{Params: o.paramValues()})
	if err := o.reportSelect(found, io); err != nil {
		return q, nil, err
	}
	q.Select = columns.Select
	return q, columns.Fields, nil
}

// reportSelect prints what is wrong or doubtful with the list of --select. Where it is wrong, it
// gives the error.
func (o *options) reportSelect(found ast.Diagnostics, io console.Streams) error {
	for _, d := range found {
		fmt.Fprint(io.Err, lang.Render(d, "--select", o.taking.Select))
	}
	if found.Failed() {
		return &exit.Error{Status: exit.WrongQuery}
	}
	return nil
}

// rowsOutput is where rows go.
type rowsOutput struct {
	rows.Writer
	*printer.Target
	sum hash.Hash // nil where nobody asks for it
}

func (o *options) openRows(ctx context.Context, fields []*check.Field, io console.Streams) (*rowsOutput, error) {
	out := &rowsOutput{}
	if o.taking.manifest {
		out.sum = sha256.New()
	}
	var err error
	if out.Target, err = printer.OpenTarget(ctx, o.output, out.sum, io); err != nil {
		return nil, err
	}
	options := rows.Options{Fields: fields, Safe: o.taking.safe}
	if (o.output == "" || o.output == "-") && console.IsTerminal(io.Out.File) {
		options.Width = console.SizeOf(io.Out.File).Width
	}
	open := rows.Open(rows.Lines)
	if format := o.rowsFormat(); format != lines {
		open = printer.RowsIn(format)
	}
	out.Writer = open(out.Target, options)
	return out, nil
}

// emitted hands rows on as they are emitted: a reader should not wait for the next ones.
type emitted struct {
	rows.Part
	to *printer.Target
}

// Emit writes the rows.
func (e emitted) Emit() error {
	if err := e.Part.Emit(); err != nil {
		return err
	}
	return e.to.Flush()
}

// end ends the output: what was written is there unless something went wrong before or does now.
func (out *rowsOutput) end(err error) error {
	if err == nil {
		err = out.Writer.Close()
	}
	return out.Target.Close(err)
}

// tellRows says what is not to be seen in the rows, in notes and in the manifest.
func (o *options) tellRows(ctx context.Context, taken *takenRows, io console.Streams) error {
	w := o.notes(io)
	if o.sample > 0 {
		fmt.Fprintf(w, "segq: %s of %s that match, chosen by --seed %d\n", show.Plural(taken.rows, "profile", "profiles"), show.Count(taken.matched), o.seed)
	} else if taken.limited {
		fmt.Fprintf(w, "segq: these are the first %s; --limit has left out others, if there are any\n", show.Plural(taken.rows, "profile", "profiles"))
	} else if o.output != "" && o.output != "-" {
		fmt.Fprintf(w, "segq: %s in %s\n", show.Plural(taken.rows, "profile", "profiles"), o.output)
	}
	if taken.overflowed {
		fmt.Fprintln(w, "segq: some number was too large for its type and became null")
	}
	if !o.taking.manifest {
		return nil
	}
	m := manifest{
		Query: taken.of.Query, Select: o.taking.Select, IDs: o.taking.IDs, Limit: o.taking.Limit, Limited: taken.limited, Sample: o.sample, Snapshot: taken.of.Snapshot,
		Now: taken.of.Now, Rows: taken.rows, Format: o.rowsFormat(), SHA256: hex.EncodeToString(taken.out.sum.Sum(nil)), Version: version.Text(),
	}
	if m.Sample > 0 {
		m.Seed = cmp.Or(o.seed, redisx.DefaultSeed)
	}
	return o.writeManifest(ctx, m)
}

// manifest says what a file of rows holds.
type manifest struct {
	V        int       `json:"v"`
	File     string    `json:"file"`
	Format   string    `json:"format"`
	Rows     int       `json:"rows"`
	SHA256   string    `json:"sha256"`
	Query    string    `json:"query"`
	IDs      bool      `json:"ids"`
	Select   string    `json:"select,omitempty"`
	Limit    int       `json:"limit,omitempty"`
	Limited  bool      `json:"limited,omitempty"`
	Sample   int       `json:"sample,omitempty"`
	Seed     uint64    `json:"seed,omitempty"` // of the sample
	Now      time.Time `json:"now"`
	Snapshot string    `json:"snapshot"`
	Version  string    `json:"version"`
}

// writeManifest writes a manifest beside the file that it is of.
func (o *options) writeManifest(ctx context.Context, m manifest) error {
	m.V, m.File = 1, filepath.Base(o.output)
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(m); err != nil {
		return err
	}
	f, err := output.Create(ctx, o.output+".manifest.json")
	if err != nil {
		return err
	}
	if _, err := f.Write(text.Bytes()); err != nil {
		return errors.Join(err, f.Abandon())
	}
	return f.Commit(0o644)
}
