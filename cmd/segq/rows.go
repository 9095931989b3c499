package main

import (
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/answer"
	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/cmd/segq/internal/version"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

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
	asking := o.asking(io)
	if asking.Personal, err = o.data.Personal(); err != nil {
		return exit.Usage(err)
	}
	answerer, err := ask.Open(ctx, place, asking)
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
	dataset.NoteTraffic(o.notes(io))
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

// checkSelect finds what is wrong with the list of --select, and with where rows go, as far as that can
// be said without the data, which finds the rest.
func (o *options) checkSelect(queued bool, io console.Streams) error {
	if o.taking.rows() {
		if err := o.checkScreen(io); err != nil {
			return exit.Usage(err)
		}
	}
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
	matched             int      // of which they are a sample
	notes               []string // about those that have no id
	holds               []string // the personal fields whose values are in them
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
	began := time.Now()
	result, err := local.Rows(ctx, q)
	if err := out.end(err); err != nil {
		return nil, err
	}
	if result.Rows == 0 && result.Matched == 0 && !result.Limited {
		local.NoRows(ctx, asked, time.Since(began))
	}
	taken := &takenRows{asked.Record, result.Rows, result.Limited, result.Overflowed, result.Matched, nil, o.holds(local, q), out}
	if q.IDs && result.Rows > 0 {
		taken.notes = answer.Nameless(result.Nameless, local.Snapshot.ID != nil)
	}
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
	columns, found := asked.Beyond.With(nil).Over(local.Catalog, check.Options{Params: o.paramValues()}).Columns(ids, o.taking.Select, local.Catalog)
	if err := o.reportSelect(found, io); err != nil {
		return q, nil, err
	}
	q.Select = columns.Select
	return q, columns.Fields, nil
}

// holds names the personal fields whose values the rows have.
func (o *options) holds(local *ask.Local, q resident.Rows) []string {
	id := ""
	if q.IDs && local.Snapshot.ID != nil {
		id, _ = resident.IDColumn(local.Snapshot)
	}
	return local.Personal.Held(local.Snapshot.Schema, id, q.Select)
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
	for _, note := range taken.notes {
		fmt.Fprintf(w, "segq: %s\n", note)
	}
	for _, n := range taken.of.Notes {
		fmt.Fprintf(w, "segq: %s\n", show.OneLine(n.Text))
		if n.Instead != "" {
			fmt.Fprintf(w, "  try: %s\n", show.OneLine(n.Instead))
		}
	}
	if len(taken.holds) > 0 && !o.onScreen(io) {
		fmt.Fprintf(w, "segq: holds %s\n", show.Personal(taken.holds))
	}
	if !o.taking.manifest {
		o.dropManifest(w)
		return nil
	}
	m := manifest{
		Query: taken.of.Query, Select: o.taking.Select, IDs: o.taking.IDs, Limit: o.taking.Limit, Limited: taken.limited, Sample: o.sample, Snapshot: taken.of.Snapshot,
		Now: taken.of.Now, Rows: taken.rows, Format: o.rowsFormat(), SHA256: hex.EncodeToString(taken.out.sum.Sum(nil)), Version: version.Text(),
		Params: o.paramValues(), Safe: o.taking.safe, Holds: taken.holds,
	}
	if m.Sample > 0 {
		m.Seed = cmp.Or(o.seed, redisx.DefaultSeed)
	}
	return o.writeManifest(ctx, m)
}
