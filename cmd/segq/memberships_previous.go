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

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/difference"
	"github.com/segq/segq/cmd/segq/internal/memberships"
	"github.com/segq/segq/cmd/segq/internal/previous"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/cmd/segq/internal/rows"
	"github.com/segq/segq/cmd/segq/internal/rules"
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
	return slices.ContainsFunc([]string{c.previous, c.changes, c.summary}, func(file string) bool { return previous.InCells(previous.FormatOf(file)) })
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

// openEarlier opens the file of an earlier run, and begins to read it.
func (o *membershipOptions) openEarlier(ctx context.Context, local *ask.Local, names []string, all *targets, io console.Streams) (*previous.File, error) {
	notes := o.notes(io)
	p := previous.Options{
		Path: o.previous, Called: o.previous, Flag: "--previous", Passed: o.wrong, Safe: o.taking.safe, Threads: o.threads, Open: dataset.Open,
		Note: func(text string) { fmt.Fprintf(notes, "segq: %s\n", text) }, Notes: notes,
	}
	if o.changes != "" {
		p.Changes = func(fields []*check.Field) (rows.Writer, error) { return o.rowsTo(ctx, o.changes, fields, all, io) }
	}
	return previous.Open(ctx, local.Dataset, names, o.inPairs(), p)
}

// rowsTo begins a file of rows.
func (o *membershipOptions) rowsTo(ctx context.Context, name string, fields []*check.Field, all *targets, io console.Streams) (rows.Writer, error) {
	target, err := all.open(ctx, name, io)
	if err != nil {
		return nil, err
	}
	format, _ := printer.FormatOf("", name, true)
	return printer.RowsIn(cmp.Or(format, "table"))(target, rows.Options{Fields: fields, Safe: o.taking.safe}), nil
}

// compare compares to the end, and writes and tells what has changed.
func (o *membershipOptions) compare(ctx context.Context, e *previous.File, result resident.MembershipsResult, names []string, all *targets, io console.Streams) error {
	e.End(difference.After, nil)
	bar := printer.StartWork(o.progress, io, func() (what string, done, all int64) {
		comparing, done, all := e.Working()
		if what = "comparing"; !comparing {
			what = "reading " + show.Clean(filepath.Base(o.previous))
		}
		return what, done, all
	})
	outcome, err := e.Finish(names, result.Counts)
	bar.Stop()
	if err != nil {
		return err
	}
	if o.summary != "" {
		w, err := o.rowsTo(ctx, o.summary, memberships.SummaryFields(), all, io)
		if err != nil {
			return err
		}
		if err := memberships.WriteSummary(w, outcome.Audiences); err != nil {
			return err
		}
	}
	o.tellChanges(outcome, io)
	e.NoteRest()
	return nil
}

// tellChanges says how much has changed.
func (o *membershipOptions) tellChanges(c previous.Outcome, io console.Streams) {
	w := o.notes(io)
	fmt.Fprintf(w, "segq: since %s, %s entered and %s left, in %s of %s\n", o.previous, show.Count(c.Entered), show.Count(c.Left), show.Count(c.Changed), show.Plural(len(c.Audiences), "audience", "audiences"))
	fmt.Fprintf(w, "segq: %s in other audiences than before, %s in one now and in none before, %s in none any more\n",
		show.Plural(c.Profiles.Changed, "profile is", "profiles are"), show.Count(c.Profiles.New), show.Count(c.Profiles.Gone))
	if c.Gone > 0 {
		fmt.Fprintf(w, "segq: %s not among the rules\n", show.Plural(c.Gone, "audience of that file is", "audiences of that file are"))
	}
}
