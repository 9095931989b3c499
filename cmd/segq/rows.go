package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"path/filepath"
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
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/pflag"
)

// taking are the flags that ask for the profiles that match, and not for their number.
type taking struct {
	ids      bool
	selected string
	selects  func() bool // --select is given, be it as nothing
	queue    func() bool // --redis is given, and not only in the environment
	limit    int
	safe     bool
	manifest bool
}

func (t *taking) register(f *pflag.FlagSet) {
	f.BoolVar(&t.ids, "ids", false, "print the ids of the profiles that match, in the order of the data: one a line, or before the columns of --select")
	f.StringVar(&t.selected, "select", "", "print these fields and expressions of the profiles that match: a `LIST` with commas, such as 'homeAddress.city, xEvent.count()'")
	t.selects = func() bool { return f.Changed("select") }
	t.queue = func() bool { return f.Changed("redis") }
	f.IntVar(&t.limit, "limit", 0, "print at most `N` of them")
	f.BoolVar(&t.safe, "csv-safe", false, "make texts that a spreadsheet would take for formulas begin with an apostrophe (csv and tsv)")
	f.BoolVar(&t.manifest, "manifest", false, "write beside -o FILE what it holds to FILE.manifest.json: query, snapshot, now, rows, checksum")
	help.Under(f, help.Rows)
	help.Common(f, "ids", "select", "limit")
}

// rows says whether rows are asked for.
func (t *taking) rows() bool { return t.ids || t.selects() }

// validate finds contradictions with the other options.
func (t *taking) validate(o *options) error {
	switch {
	case !t.rows() && (t.limit != 0 || t.safe || t.manifest):
		return errors.New("--limit, --csv-safe and --manifest are for rows: add --ids or --select")
	case !t.rows():
		return nil
	case t.limit < 0:
		return errors.New("--limit must be 1 or more, or 0 for no limit")
	case o.serve || o.attach || o.http.Addr != "" || t.queue():
		return errors.New("--ids and --select read data in this process: for the ids of an audience in a queue use segq submit --op export")
	case o.sample > 0 || o.values:
		return errors.New("--ids and --select give all profiles that match: they do not go with --sample or --values")
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
	if alone := o.taking.ids && !o.taking.selects(); alone && o.format == "" && (format == "" || format == "table") {
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
		return exit.Usage(fmt.Errorf("--ids and --select are for one query, and here are %d: run segq once for each, or join them with or", len(queries)))
	}
	now, err := o.instant()
	if err != nil {
		return exit.Usage(err)
	}
	place := o.place(data)
	place.Broker.URL = "" // of the environment
	answerer, err := ask.Open(ctx, place, o.asking(io))
	if err != nil {
		return err
	}
	defer answerer.Close()
	local := answerer.(*ask.Local) // there is no queue
	asked := local.Prepare(queries, now)
	ask.ReportErrors(io.Err, asked)
	if ask.Failures(asked) > 0 {
		return &exit.Error{Status: exit.WrongQuery}
	}
	out, result, err := o.writeRows(ctx, local, asked[0], io)
	if err != nil {
		return err
	}
	o.noteRows(io, result)
	snapshot := asked[0].Record.Snapshot
	if o.stats {
		figures := runFigures{Queries: 1, Rows: &result.Rows, ElapsedMS: float64(time.Since(started).Microseconds()) / 1000}
		figures.Snapshot, figures.Figures = snapshot, ask.Memory(answerer)
		figures.print(io.Err)
	}
	if !o.taking.manifest {
		return nil
	}
	return o.writeManifest(ctx, manifest{
		Query: asked[0].Record.Query, Select: o.taking.selected, IDs: o.taking.ids, Limit: o.taking.limit, Limited: result.Limited, Snapshot: snapshot,
		Now: now, Rows: result.Rows, Format: o.rowsFormat(), SHA256: hex.EncodeToString(out.sum.Sum(nil)), Version: version.Text(),
	})
}

// writeRows writes the rows of one question.
func (o *options) writeRows(ctx context.Context, local *ask.Local, asked *ask.Question, io console.Streams) (*rowsOutput, resident.RowsResult, error) {
	q, fields, err := o.rowsOf(local, asked, io)
	if err != nil {
		return nil, resident.RowsResult{}, err
	}
	out, err := o.openRows(ctx, fields, io)
	if err != nil {
		return nil, resident.RowsResult{}, err
	}
	q.Begin = func() resident.Stretch { return emitted{out.Begin(), out.Target} }
	result, err := local.Rows(ctx, q)
	return out, result, out.end(err)
}

// rowsOf returns the question, and the columns of its rows.
func (o *options) rowsOf(local *ask.Local, asked *ask.Question, io console.Streams) (resident.Rows, []*check.Field, error) {
	q := resident.Rows{Where: asked.Typed, IDs: o.taking.ids, Limit: o.taking.limit}
	q.ID = asked.Record.ID
	var fields []*check.Field
	taken := ""
	if q.IDs {
		name, t := resident.IDColumn(local.Snapshot)
		taken, fields = name, append(fields, &check.Field{Name: name, Type: t})
	}
	if !o.taking.selects() {
		return q, fields, nil
	}
	selected, found := rules.Selection(o.taking.selected, taken, local.Catalog, check.Options{Params: o.paramValues()})
	for _, d := range found {
		fmt.Fprint(io.Err, lang.Render(d, "--select", o.taking.selected))
	}
	if found.Failed() {
		return q, nil, &exit.Error{Status: exit.WrongQuery}
	}
	for _, s := range selected {
		q.Select = append(q.Select, s.Typed)
		fields = append(fields, &check.Field{Name: s.Name, Type: s.Typed.Root.Type()})
	}
	return q, fields, nil
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

// noteRows says what is not to be seen in the rows.
func (o *options) noteRows(io console.Streams, result resident.RowsResult) {
	w := o.notes(io)
	if result.Limited {
		fmt.Fprintf(w, "segq: these are the first %s; --limit has left out others, if there are any\n", show.Plural(result.Rows, "profile", "profiles"))
	} else if o.output != "" && o.output != "-" {
		fmt.Fprintf(w, "segq: %s in %s\n", show.Plural(result.Rows, "profile", "profiles"), o.output)
	}
	if result.Overflowed {
		fmt.Fprintln(w, "segq: some number was too large for its type and became null")
	}
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
