package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/segq/segq/cmd/segq/internal/answer"
	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/broker"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/rows"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// validateRows finds what is wrong with the flags about rows.
func (o *submitOptions) validateRows() error {
	t, export := &o.taking, o.op == "export"
	switch {
	case export && (t.safe || t.manifest):
		return errors.New("the worker writes what is exported: --csv-safe and --manifest are for rows that are printed here")
	case !export && !t.rows() && (t.Limit != 0 || t.safe || t.manifest):
		return errors.New("--limit, --csv-safe and --manifest are for rows: add --ids or --select")
	case t.rows() && (t.safe || t.manifest) && !o.printsRows():
		return errors.New("--csv-safe and --manifest are for rows that are printed: add --wait")
	}
	return t.validateOutput(&o.options)
}

// printsRows says whether rows are waited for.
func (o *submitOptions) printsRows() bool {
	return o.taking.rows() && o.op != "export" && (o.wait || o.watch)
}

// answerRows waits for the job of a command, and writes its rows.
func (o *submitOptions) answerRows(ctx context.Context, client *redisx.Client, c redisx.Command, io console.Streams) error {
	o.attach, o.redis = true, o.client.Options // it asks workers elsewhere
	var records []*record.Record
	var unread error
	end := func(j redisx.Job, result []byte, err error) {
		j.Command = c // Redis may not know it any more
		records, unread = ask.Records(j, result, err)
	}
	_, err := broker.Await(ctx, client, []string{c.ID}, end)
	if errors.Is(err, errLate) {
		end(redisx.Job{ID: c.ID, State: redisx.Expired, Created: time.Now().UTC().Truncate(time.Millisecond)}, nil, nil)
		err = nil
	}
	switch {
	case err != nil:
		return err
	case unread != nil:
		return exit.Data(unread)
	}
	o.asked[0].Locate(records[0])
	_, err = o.writeRecorded(ctx, records[0], o.asked[0].Source, io)
	return err
}

// writeQueued asks one question for rows through a queue, and writes them.
func (o *options) writeQueued(ctx context.Context, answerer ask.Answerer, asked []*ask.Question, io console.Streams) (*takenRows, error) {
	var r *record.Record
	if err := answerer.Answer(ctx, asked, func(got *record.Record) { r = got }); err != nil {
		return nil, err
	}
	return o.writeRecorded(ctx, r, asked[0].Source, io)
}

// writeRecorded writes the rows of a record as they would be written where the data is. source is
// the text of the query, to show what is wrong in.
func (o *options) writeRecorded(ctx context.Context, r *record.Record, source rules.Source, io console.Streams) (*takenRows, error) {
	if r.Error != nil || r.Rows == nil {
		o.reportNoRows(r, source, io)
		return nil, statusOfRecords([]*record.Record{r})
	}
	fields, columns, err := rows.Recorded(r.Rows)
	if err != nil {
		return nil, exit.Data(fmt.Errorf("the answer cannot be read: %w", err))
	}
	out, err := o.openRows(ctx, fields, io)
	if err != nil {
		return nil, err
	}
	if err := out.end(rows.Replay(out.Writer, len(r.Rows.Rows), columns)); err != nil {
		return nil, err
	}
	for _, text := range r.Warnings {
		fmt.Fprintf(o.notes(io), "segq: %s\n", text)
	}
	taken := &takenRows{of: r, rows: len(r.Rows.Rows), limited: r.Rows.Limited, holds: r.Rows.Holds, out: out}
	if r.Count != nil {
		taken.matched = *r.Count
	}
	return taken, o.tellRows(ctx, taken, io)
}

// reportNoRows prints why a record has no rows.
func (o *options) reportNoRows(r *record.Record, source rules.Source, io console.Streams) {
	e := r.Error
	if e == nil {
		e = &record.Error{Message: "the worker has answered without rows: its version may not know them"}
		r.Status, r.Error = record.Failed, e
	}
	name, text := source.Name, source.Text
	if e.In == answer.InSelect {
		name, text = "--select", o.taking.Select
	}
	if e.Line > 0 {
		at := offsetOf(text, e.Line, e.Column)
		d := ast.Diagnostic{Message: strings.TrimPrefix(e.Message, answer.SelectPrefix), Hint: e.Hint, At: ast.Span{Start: at, End: at + 1}}
		fmt.Fprint(io.Err, lang.Render(d, name, text))
		return
	}
	fmt.Fprintln(io.Err, "segq: "+e.Message)
	if hint := o.hintOf(e); hint != "" {
		fmt.Fprintln(io.Err, "  hint: "+hint)
	}
}

// hintOf returns the hint of an error. Where it is the command line of an export, that is to reach
// the same workers; where there are none but those of this run, it is of no use.
func (o *options) hintOf(e *record.Error) string {
	switch {
	case e.Code != record.TooManyRows:
		return e.Hint
	case !o.attach:
		return "leave out --redis: without a queue there is no limit"
	}
	hint := strings.TrimSuffix(e.Hint, o.redis.NamespaceArgument())
	if format := o.rowsFormat(); slices.Contains(exportedAs, format) {
		hint = strings.Replace(hint, ".csv", "."+format, 1) // the name of the file comes first
	}
	return hint + o.redis.Arguments()
}

// exportedAs are the formats of exports to files, with the extensions of their names.
var exportedAs = []string{"csv", "ndjson", "tsv", "json", "parquet", "arrow"}

// offsetOf returns where a line and a column of a text are, as lang.Position has them.
func offsetOf(text string, line, column int) int {
	at := 0
	for ; line > 1; line-- {
		next := strings.IndexByte(text[at:], '\n')
		if next < 0 {
			return len(text)
		}
		at += next + 1
	}
	for range column - 1 {
		if at < len(text) {
			_, n := utf8.DecodeRuneInString(text[at:])
			at += n
		}
	}
	return at
}
