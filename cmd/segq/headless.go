package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/exec/load/object"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

// headless reads queries from -c, -f or standard input, answers them in one
// pass, prints a record each in the order in which they were written, and ends.
func headless(ctx context.Context, o *options, data []string, io console.Streams) error {
	started := time.Now()
	collectLater()
	if err := o.sparesInput(data); err != nil {
		return exit.Usage(err)
	}
	queries, err := o.written(ctx, io.In, &o.redis)
	if err != nil {
		return err
	}
	if err := o.emptyQuery(queries); err != nil {
		return exit.Usage(err)
	}
	notes := o.notes(io)
	if len(queries) == 0 {
		if err := existing(data); err != nil {
			return exit.Data(err)
		}
		fmt.Fprintln(notes, noQueries)
		return nil
	}
	noteData(notes, data, o.dataFrom)
	if o.taking.rows() {
		return takeOut(ctx, o, queries, data, io)
	}
	return answerAll(ctx, o, queries, data, io, started)
}

// noQueries is the note of who was asked nothing, as a file of rules may be empty tonight.
const noQueries = "segq: no queries given"

// existing finds a file of data that there is not.
func existing(data []string) error {
	for _, name := range data {
		if name == "-" || strings.ContainsAny(name, "*?[") || object.Is(name) {
			continue
		}
		if _, err := os.Lstat(name); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s: no such file", show.Clean(name))
		}
	}
	return nil
}

// answerAll answers queries that were read since a moment.
func answerAll(ctx context.Context, o *options, queries []rules.Written, data []string, io console.Streams, started time.Time) error {
	asking, notes := o.asking(io), o.notes(io)
	var err error
	if asking.Personal, err = o.data.Personal(); err != nil {
		return exit.Usage(err)
	}
	if err := asking.Analysis.Fits(len(queries)); err != nil {
		return exit.Usage(err)
	}
	answerer, err := ask.Open(ctx, o.place(data), asking)
	if err != nil {
		return err
	}
	defer answerer.Close()
	now, err := o.instant()
	if err != nil {
		return exit.Usage(err)
	}
	out, err := o.open(ctx, o.kind(), io)
	if err != nil {
		return err
	}
	asked := answerer.Prepare(queries, now)
	ask.ReportErrors(notes, asked)
	o.noteTold(out, asked, io)
	if o.failFast && ask.Failures(asked) > 0 {
		return errors.Join(&exit.Error{Status: exit.WrongQuery}, out.Abandon())
	}
	running, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	answers := len(asked)
	if asking.Analysis.Joint() {
		answers = 1
	}
	ordered := printer.NewInOrder(answers, out, cancel)
	err = answerer.Answer(running, asked, ordered.Put)
	if err != nil && errors.Is(context.Cause(ctx), context.DeadlineExceeded) && exit.StatusOf(ctx, statusOfRecords(ordered.Records)) == exit.Partial {
		err = nil // some were in time
	}
	end := out.Close
	if err != nil { // a file that is there already is better than half of another
		end = out.Break
	}
	if err := errors.Join(err, ordered.Err, end()); err != nil {
		return err
	}
	o.dropManifest(notes)
	o.noteValues(notes, ordered.Records)
	noteSnapshots(notes, ordered.Records)
	dataset.NoteTraffic(notes)
	if o.stats {
		printStats(io.Err, ordered.Records, time.Since(started), ask.Memory(answerer))
	}
	return statusOfRecords(ordered.Records)
}

// noteTold tells the output what was said of wrong queries on the screen that it goes to.
func (o *options) noteTold(out *printer.Output, asked []*ask.Question, io console.Streams) {
	if o.quiet || !o.onScreen(io) || !console.IsTerminal(io.Err) {
		return
	}
	for _, q := range asked {
		if len(q.Errors) > 0 {
			out.Told(q.Record.Index)
		}
	}
}

// noteValues says that some queries have values that were not asked for.
func (o *options) noteValues(w io.Writer, records []*record.Record) {
	n := 0
	for _, r := range records {
		if r.Status == record.OK && r.Type != "" {
			n++
		}
	}
	switch {
	case n == 0 || o.values:
	case len(records) == 1:
		fmt.Fprintf(w, "segq: the query is not a condition, its type is %s: it counts the profiles for which it would be true as one; --values describes its values\n", records[0].Type)
	default:
		fmt.Fprintf(w, "segq: %d of %d queries are not conditions: they count the profiles for which they would be true as ones; --values describes their values\n", n, len(records))
	}
}

// statusOfRecords returns the error whose status tells how the queries went, nil
// when all are well. The words have been printed with the records. Queries that a signal
// has ended need no status: the signal has one (exit.StatusOf), and a job that somebody has
// cancelled is one that has failed.
func statusOfRecords(records []*record.Record) error {
	failed, timeouts, faults, lost := 0, 0, 0, 0
	for _, r := range records {
		switch r.Status {
		case record.OK:
			continue
		case record.Timeout:
			timeouts++
		}
		switch {
		case r.Error == nil:
		case r.Error.Code == ast.Internal:
			faults++
		case r.Error.Code == record.Unreadable, r.Error.Code == record.Lost, r.Error.Code == record.OtherSnapshot:
			lost++
		}
		failed++
	}
	switch {
	case failed == 0:
		return nil
	case faults > 0:
		return &exit.Error{Status: exit.Internal} // however many others were well
	case lost > 0:
		return &exit.Error{Status: exit.Unreachable}
	case timeouts == failed && failed == len(records):
		return &exit.Error{Status: exit.TimedOut}
	case failed < len(records):
		return &exit.Error{Status: exit.Partial}
	}
	return &exit.Error{Status: exit.WrongQuery}
}

// printStats prints the run's figures as one line of JSON.
func printStats(w io.Writer, records []*record.Record, elapsed time.Duration, memory *dataset.Figures) {
	figures := runFigures{Queries: len(records), ElapsedMS: float64(elapsed.Microseconds()) / 1000, Figures: memory}
	for _, r := range records {
		if r.Status != record.OK {
			figures.Failed++
		}
		figures.Snapshot = r.Snapshot
	}
	figures.print(w)
}

// runFigures are what --stats prints.
type runFigures struct {
	Queries   int     `json:"queries"`
	Failed    int     `json:"failed"`
	Rows      *int    `json:"rows,omitempty"` // that were written, where rows were asked for
	ElapsedMS float64 `json:"elapsed_ms"`
	Snapshot  string  `json:"snapshot"`
	*dataset.Figures
}

func (f *runFigures) print(w io.Writer) {
	if line, err := json.Marshal(f); err == nil {
		fmt.Fprintf(w, "%s\n", line)
	}
}

// collectLater puts off the first collection of garbage until there are some 32 MB, eight times
// as much as usual, which most runs never reach. From then on all is as usual.
func collectLater() {
	if os.Getenv("GOGC") != "" {
		return // somebody has thought about it
	}
	type sentinel [64]byte
	usual := debug.SetGCPercent(800)
	runtime.AddCleanup(new(sentinel), func(percent int) { debug.SetGCPercent(percent) }, usual)
}
