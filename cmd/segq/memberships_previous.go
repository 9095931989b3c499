package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/difference"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/memberships"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/cmd/segq/internal/rows"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/pflag"
)

// comparing are the flags that compare memberships with those of an earlier run.
type comparing struct {
	previous, changes, summary string
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

// earlierFile is the memberships of an earlier run while they are compared.
type earlierFile struct {
	*memberships.Changes
	local *ask.Local
	asked resident.Rows
	id    string                  // the column of ids
	rows  *memberships.ChangeRows // nil for none
	done  chan struct{}
}

// openEarlier opens the file of an earlier run of which the ids are like a field, and begins to read it.
func (o *membershipOptions) openEarlier(ctx context.Context, names []string, id *check.Field, all *targets, io console.Streams) (*earlierFile, error) {
	d, err := dataset.Open(ctx, []string{o.previous}, o.earlierOptions(id), o.threads, o.notes(io))
	if err != nil {
		return nil, exit.Data(fmt.Errorf("--previous %s: %w", o.previous, err))
	}
	quiet := o.asking(io)
	quiet.Progress = "off"
	e := &earlierFile{local: &ask.Local{Dataset: d, Options: quiet}, id: id.Name, done: make(chan struct{})}
	audiences, err := e.columns(o.previous, id)
	if err != nil {
		d.Close()
		return nil, exit.Usage(err)
	}
	if o.changes != "" {
		target, err := all.open(ctx, o.changes, io)
		if err != nil {
			d.Close()
			return nil, err
		}
		format, _ := printer.FormatOf("", o.changes, true)
		e.rows = memberships.NewChangeRows(printer.RowsIn(cmp.Or(format, "table"))(target, rows.Options{Fields: memberships.ChangeFields(id), Safe: o.taking.safe}), id)
	}
	e.Changes = memberships.NewChanges(names, audiences.Type.Kind == check.String, e.rows)
	e.Pass(o.wrong)
	e.asked.Begin = e.Earlier
	go func() {
		defer close(e.done)
		_, err := e.local.Rows(ctx, e.asked)
		e.End(difference.Before, err)
	}()
	return e, nil
}

// earlierOptions says how the file is read: of formats without types, what looks like a number or a time there is
// text where it is here.
func (o *membershipOptions) earlierOptions(id *check.Field) dataset.Options {
	var d dataset.Options
	f := pflag.NewFlagSet("", pflag.ContinueOnError)
	d.Register(f)
	name := o.previous
	for _, compressed := range []string{".gz", ".zst", ".lz4", ".bz2", ".xz"} {
		name = strings.TrimSuffix(name, compressed)
	}
	format, _ := printer.FormatOf("", name, true)
	types := map[string][]string{"csv": {memberships.Single, id.Name}, "tsv": {memberships.Single, id.Name}, "ndjson": {id.Name}, "json": {id.Name}}[format]
	for _, name := range types {
		if name != id.Name || id.Type.Kind == check.String {
			_ = f.Set("type", name+"=text") // a name is never wrong
		}
	}
	return d
}

// columns finds the columns of the file.
func (e *earlierFile) columns(file string, id *check.Field) (*check.Field, error) {
	own := e.local.Snapshot.Schema.Field(id.Name)
	if own == nil {
		return nil, fmt.Errorf("--previous %s has no column %s, which has the ids here", file, id.Name)
	}
	if own.Type.Kind != id.Type.Kind {
		return nil, fmt.Errorf("--previous %s: %s is %s there, and %s here", file, id.Name, own.Type, id.Type)
	}
	var audiences *check.Field
	for _, name := range memberships.ColumnNames() {
		f := e.local.Snapshot.Schema.Field(name)
		if f == nil || f == own {
			continue
		}
		list := f.Type.Kind == check.List && slices.Contains([]check.Kind{check.String, check.Any}, f.Type.Elem.Kind)
		if list || f.Type.Kind == check.String {
			audiences = f
			break
		}
	}
	if audiences == nil {
		return nil, fmt.Errorf("--previous %s has no column audiences, a list of texts, or audience, a text", file)
	}
	slot := &check.Slot{Info: check.Info{T: e.local.Snapshot.Schema}}
	for _, f := range []*check.Field{own, audiences} {
		e.asked.Select = append(e.asked.Select, &check.Query{Root: &check.Member{Info: check.Info{T: f.Type}, X: slot, F: f}, Slots: 1})
	}
	all := &check.Const{Info: check.Info{T: check.BoolType}, V: true}
	e.asked.Where = &check.Query{Root: all, Cond: all, Slots: 1}
	return audiences, nil
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
	profiles, err := e.Finish()
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
	if n := e.Nameless(); n > 0 {
		fmt.Fprintf(o.notes(io), "segq: %s\n", fmt.Sprintf(show.Plural(n, "row of %s has no %s, and is not compared", "rows of %s have no %s, and are not compared"), show.Clean(o.previous), show.Clean(e.id)))
	}
	return nil
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
