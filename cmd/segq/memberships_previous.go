package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/difference"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/memberships"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/cmd/segq/internal/rows"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/pflag"
)

// comparing are the flags that compare memberships with those of an earlier run.
type comparing struct {
	previous, changes, summary string
}

// cells says whether any of the files is one of cells, which may be safe.
func (c *comparing) cells() bool {
	return slices.ContainsFunc([]string{c.previous, c.changes, c.summary}, func(file string) bool { return inCells(formatOf(file)) })
}

func inCells(format string) bool { return format == "csv" || format == "tsv" }

// formatOf is the format of a file by its name, "" for none that has a name.
func formatOf(file string) string {
	for _, compressed := range []string{".gz", ".zst", ".lz4", ".bz2", ".xz"} {
		file = strings.TrimSuffix(file, compressed)
	}
	format, _ := printer.FormatOf("", file, true)
	return format
}

func (c *comparing) register(f *pflag.FlagSet) {
	f.StringVar(&c.previous, "previous", "", "compare with the memberships in this `FILE`, which an earlier run has written, or another program with the same columns: who entered and left each audience")
	f.StringVar(&c.changes, "changes", "", "write who entered and left to this `FILE`, a row each, in the format of its extension")
	f.StringVar(&c.summary, "summary", "", "write to this `FILE` how many entered, left and stayed in each audience")
}

func (c *comparing) check() error {
	if c.previous == "" && (c.changes != "" || c.summary != "") {
		return errors.New("--changes and --summary compare with an earlier file: name it with --previous FILE")
	}
	for flag, file := range map[string]string{"--changes": c.changes, "--summary": c.summary} {
		if file == "" {
			continue
		}
		if _, err := printer.FormatOf("", file, true); err != nil {
			return fmt.Errorf("%s: %w", flag, err)
		}
	}
	return nil
}

// named finds rules whose audiences cannot be compared: without a name they are called by their place.
func (c *comparing) named(queries []rules.Written) error {
	unnamed := unnamedOf(queries)
	if c.previous == "" || len(unnamed) == 0 {
		return nil
	}
	q := queries[unnamed[0]]
	line, _ := lang.Position(q.Source.Text, q.Statement.At.Start)
	has, they := "1 rule has none, that", "it would be called by its number, as another rule was"
	if len(unnamed) > 1 {
		has, they = fmt.Sprintf("%s rules have none, the first", show.Count(len(unnamed))), "they would be called by their numbers, as other rules were"
	}
	return fmt.Errorf("--previous compares audiences of the same name, and %s at %s:%d: %s before; write NAME: RULE", has, show.Clean(q.Source.Name), line, they)
}

// unnamedOf returns the numbers of the rules that are called by them, from 0. One that did not parse is known to be wrong.
func unnamedOf(queries []rules.Written) (unnamed []int) {
	for i, q := range queries {
		if cmp.Or(q.Name, q.ID) == "" && len(q.Errors) == 0 {
			unnamed = append(unnamed, i)
		}
	}
	return unnamed
}

// mostUnnamed is how many rules are listed that have no name.
const mostUnnamed = 3

// noteUnnamed says which rules are called by their number.
func noteUnnamed(w io.Writer, queries []rules.Written) {
	unnamed := unnamedOf(queries)
	if len(unnamed) == 0 {
		return
	}
	var numbers []string
	for _, i := range unnamed[:min(mostUnnamed, len(unnamed))] {
		numbers = append(numbers, strconv.Itoa(i+1))
	}
	if len(unnamed) > mostUnnamed {
		numbers = append(numbers, "…")
	}
	fmt.Fprintf(w, "segq: %s, %s; NAME: RULE names one\n",
		show.Plural(len(unnamed), "rule has no name: its audience is called by its number", "rules have no name: their audiences are called by their numbers"), strings.Join(numbers, ", "))
}

// earlierFile is the memberships of an earlier run while they are compared.
type earlierFile struct {
	*memberships.Changes
	local         *ask.Local
	asked         resident.Rows
	file          string
	id            string                  // the column of ids
	rows          *memberships.ChangeRows // nil for none
	done          chan struct{}
	joined, parts atomic.Int64 // of what is compared at the end
}

// openEarlier opens the file of an earlier run of which the ids are like a field of the data, and begins to read it.
func (o *membershipOptions) openEarlier(ctx context.Context, local *ask.Local, names []string, id *check.Field, all *targets, io console.Streams) (*earlierFile, error) {
	d, err := o.openData(ctx, id, io)
	if err != nil {
		return nil, err
	}
	quiet := o.asking(io)
	quiet.Progress = "off"
	e := &earlierFile{local: &ask.Local{Dataset: d, Options: quiet}, file: o.previous, id: id.Name, done: make(chan struct{})}
	own, audiences, err := e.columns(ctx, o.previous, id)
	if err != nil {
		d.Close()
		return nil, exit.Usage(err)
	}
	if id.Type.Kind == check.Any {
		id = own
	}
	now := id.Type
	if o.changes != "" {
		target, err := all.open(ctx, o.changes, io)
		if err != nil {
			d.Close()
			return nil, err
		}
		if own.Type.Kind == check.Float {
			id = own // which whole numbers fit into
		}
		format, _ := printer.FormatOf("", o.changes, true)
		e.rows = memberships.NewChangeRows(printer.RowsIn(cmp.Or(format, "table"))(target, rows.Options{Fields: memberships.ChangeFields(id), Safe: o.taking.safe}), id)
	}
	several := severalRows(ctx, local, local.Snapshot.ID, "the data", o.notes(io))
	if audiences.Type.Kind == check.String {
		several = true
	} else {
		several = severalRows(ctx, e.local, own, o.previous, o.notes(io)) || several
	}
	if e.local.Snapshot.Rows() == 0 {
		fmt.Fprintf(o.notes(io), "segq: %s has no rows: everybody who is in an audience has entered it\n", show.Clean(o.previous))
	}
	e.Changes = memberships.NewChanges(names, now, several, e.rows)
	e.Joined = func(done, all int) error {
		e.joined.Store(int64(done))
		e.parts.Store(int64(all))
		return ctx.Err()
	}
	e.Pass(o.wrong)
	if inCells(formatOf(o.previous)) {
		e.Safe, e.Unsafe = o.taking.safe, !o.taking.safe
	}
	e.asked.Begin = func() resident.Stretch { return e.Earlier(own.Type) }
	go func() {
		defer close(e.done)
		var err error
		if e.local.Snapshot.Rows() > 0 { // else nobody was in any
			_, err = e.local.Rows(ctx, e.asked)
		}
		e.End(difference.Before, err)
	}()
	return e, nil
}

// openData opens the file of an earlier run. One without a single row has no columns in some formats, for which types
// could be given.
func (o *membershipOptions) openData(ctx context.Context, id *check.Field, streams console.Streams) (*dataset.Dataset, error) {
	paths := []string{o.previous}
	d, err := dataset.Open(ctx, paths, o.earlierOptions(id), o.threads, o.notes(streams))
	if err == nil {
		return d, nil
	}
	err = exit.Data(fmt.Errorf("--previous %s: %w", o.previous, err))
	var untyped dataset.Options
	untyped.Register(pflag.NewFlagSet("", pflag.ContinueOnError))
	d, other := dataset.Open(ctx, paths, untyped, o.threads, io.Discard)
	if other != nil {
		return nil, err
	}
	if d.Snapshot.Rows() == 0 {
		return d, nil
	}
	if f := d.Snapshot.Schema.Field(memberships.ColumnNames()[0]); f != nil && f.Type.Kind == check.String {
		err = exit.Usage(errTextOfLists(o.previous))
	}
	d.Close()
	return nil, err
}

func errTextOfLists(file string) error {
	return fmt.Errorf("--previous %s: audiences is a text there, and no list: a text is that of one audience, in a column audience with a row for each pair", file)
}

// idsOf returns the ids of data of which fields are the columns, without a type where no profile has one.
func idsOf(s *column.Snapshot, fields []*check.Field) *check.Field {
	if s.ID != nil && s.ID.Type.Kind == check.Any {
		return s.ID
	}
	return fields[0]
}

// earlierOptions says how the file is read: of formats without types, what looks like a number or a time there is
// text where it is here.
func (o *membershipOptions) earlierOptions(id *check.Field) dataset.Options {
	d := dataset.Options{Called: o.previous, SharedIDs: true}
	f := pflag.NewFlagSet("", pflag.ContinueOnError)
	d.Register(f)
	types := map[string][]string{"csv": {memberships.Single, id.Name}, "tsv": {memberships.Single, id.Name}, "ndjson": {id.Name}, "json": {id.Name}}[formatOf(o.previous)]
	for _, name := range types {
		if name != id.Name || id.Type.Kind == check.String || id.Type.Kind == check.Any {
			_ = f.Set("type", name+"=text") // a name is never wrong
		}
	}
	return d
}

// columns finds the columns of the file: the ids, and the audiences.
func (e *earlierFile) columns(ctx context.Context, file string, id *check.Field) (own, audiences *check.Field, err error) {
	if e.local.Snapshot.Rows() == 0 {
		return id, &check.Field{Name: memberships.Single, Type: check.StringType}, nil
	}
	own = e.local.Snapshot.Schema.Field(id.Name)
	if own == nil {
		return nil, nil, fmt.Errorf("--previous %s has no column %s, which has the ids here", file, id.Name)
	}
	if !sameIDs(own.Type.Kind, id.Type.Kind) {
		return nil, nil, fmt.Errorf("--previous %s: %s is %s there, and %s here%s", file, id.Name, own.Type, id.Type, e.otherKind(ctx, own, id))
	}
	for _, name := range memberships.ColumnNames() {
		f := e.local.Snapshot.Schema.Field(name)
		if f == nil || f == own {
			continue
		}
		list := f.Type.Kind == check.List && slices.Contains([]check.Kind{check.String, check.Any}, f.Type.Elem.Kind)
		if f.Type.Kind == check.String && name == memberships.ColumnNames()[0] {
			return nil, nil, errTextOfLists(file)
		}
		if list || f.Type.Kind == check.String {
			audiences = f
			break
		}
	}
	if audiences == nil {
		return nil, nil, fmt.Errorf("--previous %s has no column audiences, a list of texts, or audience, a text", file)
	}
	slot := &check.Slot{Info: check.Info{T: e.local.Snapshot.Schema}}
	for _, f := range []*check.Field{own, audiences} {
		e.asked.Select = append(e.asked.Select, &check.Query{Root: &check.Member{Info: check.Info{T: f.Type}, X: slot, F: f}, Slots: 1})
	}
	all := &check.Const{Info: check.Info{T: check.BoolType}, V: true}
	e.asked.Where = &check.Query{Root: all, Cond: all, Slots: 1}
	return own, audiences, nil
}

// otherKind says where the ids of the file are of another kind than those of the data, and what to do.
func (e *earlierFile) otherKind(ctx context.Context, own, id *check.Field) string {
	number := id.Type.Kind == check.Int || id.Type.Kind == check.Float
	if own.Type.Kind != check.String || !number {
		return fmt.Sprintf(": write the file again from data whose %s is %s", id.Name, id.Type)
	}
	reads, where := &check.Reads{}, ""
	reads.Field(own.Name).All = true
	e.local.Look(ctx, reads, mostIDs, func(_ *resident.Engine, s *column.Snapshot) {
		values := s.Root.Fields[s.Schema.Field(own.Name).Index]
		for i := range values.Len() {
			if text := textAt(values, i); text != "" {
				if _, err := strconv.ParseFloat(text, 64); err != nil {
					where = fmt.Sprintf("; row %s has %q", show.Count(i+1), text)
					return
				}
			}
		}
	})
	return fmt.Sprintf("%s: mend the file, or take %s as a text here, too, with --type %[2]s=text", where, id.Name)
}

// textAt is a value of a column of texts, "" for none.
func textAt(c column.Column, i int) string {
	if c.Null(i) {
		return ""
	}
	switch c, i := column.At(c, i); c := c.(type) {
	case *column.Strings:
		return c.At(i)
	case *column.Texts:
		return c.At(i)
	}
	return ""
}

// sameIDs says whether ids of two kinds can be compared: numbers can, since a column of whole ones is one of floats
// for some programs as soon as a value is missing, and those of which no profile has one.
func sameIDs(a, b check.Kind) bool {
	number := func(k check.Kind) bool { return k == check.Int || k == check.Float }
	return a == b || number(a) && number(b) || a == check.Any || b == check.Any
}

// close lets go of the file, and ends the rows of changes if there is no error.
func (e *earlierFile) close(err error) error {
	err = errors.Join(err, e.Close())
	<-e.done
	e.local.Close()
	if err == nil && e.rows != nil {
		err = e.rows.Close()
	}
	return err
}

// finish compares to the end, and writes and tells what has changed.
func (e *earlierFile) finish(ctx context.Context, o *membershipOptions, result resident.MembershipsResult, names []string, files *targets, io console.Streams) error {
	e.End(difference.After, nil)
	bar := printer.StartWork(o.progress, io, e.working)
	profiles, err := e.Finish()
	bar.Stop()
	if err != nil {
		return err
	}
	counts := map[string]int{}
	for i, name := range names {
		counts[name] = result.Counts[i]
	}
	all := e.Audiences(counts)
	if o.summary != "" {
		if err := o.writeSummary(ctx, all, files, io); err != nil {
			return err
		}
	}
	tellChanges(o.notes(io), o.previous, all, profiles)
	if text := e.Apostrophe(); text != "" {
		fmt.Fprintf(o.notes(io), "segq: %s has texts such as %s: if --csv-safe has put the apostrophes there, compare with --csv-safe\n", show.Clean(o.previous), show.Clean(text))
	}
	if n := e.Nameless(); n > 0 {
		fmt.Fprintf(o.notes(io), "segq: %s\n", fmt.Sprintf(show.Plural(n, "row of %s has no %s, and is not compared", "rows of %s have no %s, and are not compared"), show.Clean(o.previous), show.Clean(e.id)))
	}
	return nil
}

// working says what is done when the rules are answered, and how far it is.
func (e *earlierFile) working() (what string, done, all int64) {
	select {
	case <-e.done:
		return "comparing", e.joined.Load(), max(1, e.parts.Load())
	default:
		return "reading " + show.Clean(filepath.Base(e.file)), e.Read(), int64(max(1, e.local.Snapshot.Rows()))
	}
}

func (o *membershipOptions) writeSummary(ctx context.Context, all []memberships.Audience, files *targets, io console.Streams) error {
	target, err := files.open(ctx, o.summary, io)
	if err != nil {
		return err
	}
	format, _ := printer.FormatOf("", o.summary, true)
	w := printer.RowsIn(cmp.Or(format, "table"))(target, rows.Options{Fields: memberships.SummaryFields(), Safe: o.taking.safe})
	return memberships.WriteSummary(w, all)
}

// tellChanges says how much has changed.
func tellChanges(w io.Writer, file string, all []memberships.Audience, profiles difference.Rows) {
	entered, left, changed, gone := 0, 0, 0, 0
	for _, a := range all {
		entered, left = entered+a.Entered, left+a.Left
		if a.Entered+a.Left > 0 {
			changed++
		}
		if a.Gone {
			gone++
		}
	}
	fmt.Fprintf(w, "segq: since %s, %s entered and %s left, in %s of %s\n", file, show.Count(entered), show.Count(left), show.Count(changed), show.Plural(len(all), "audience", "audiences"))
	fmt.Fprintf(w, "segq: %s in other audiences than before, %s in one now and in none before, %s in none any more\n",
		show.Plural(profiles.Changed, "profile is", "profiles are"), show.Count(profiles.New), show.Count(profiles.Gone))
	if gone > 0 {
		fmt.Fprintf(w, "segq: %s not among the rules\n", show.Plural(gone, "audience of that file is", "audiences of that file are"))
	}
}
