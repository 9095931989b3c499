// Package previous compares the memberships that are being made with those that an earlier run has written to a file: of
// each audience who has entered, left and stayed. The command and the worker are its two doors. It opens the file and finds
// its columns (columns.go), looks whether an id is there twice (repeats.go), and reads it beside the rules' pass over the data
// (previous.go); what has become of the audiences is an [Outcome].
package previous

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/difference"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/memberships"
	"github.com/segq/segq/cmd/segq/internal/rows"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/repl/show"
)

// Options say with what memberships are compared, and who hears of it.
type Options struct {
	// Path is where the file of the earlier run is. Called is what notes call it, and Flag how it was asked for.
	Path, Called, Flag string
	// Passed are the names of audiences that are not compared.
	Passed []string
	// Safe says that cells of the file may have the apostrophe of --csv-safe.
	Safe    bool
	Threads int
	// Open opens the file, as [dataset.Open] does.
	Open func(ctx context.Context, paths []string, o dataset.Options, threads int, notes io.Writer) (*dataset.Dataset, error)
	// Changes gives who writes who has entered and left, with these columns; nil for nobody.
	Changes func(fields []*check.Field) (rows.Writer, error)
	// Note takes what is to be said of the file, and Notes what reading it says.
	Note  func(text string)
	Notes io.Writer
}

// File is the memberships of an earlier run while they are compared. Rows of now go through its Tap.
type File struct {
	*memberships.Changes
	o             Options
	data          *dataset.Dataset
	asked         resident.Rows
	id            string                  // the column of ids
	rows          *memberships.ChangeRows // nil for none
	done          chan struct{}
	joined, parts atomic.Int64 // of what is compared at the end
}

// Open opens the file of an earlier run, and begins to read it: now is the data that is asked, names are those of the rules,
// and single says that the memberships of now are rows with one audience each. The file is to be closed; ctx ends the reading.
func Open(ctx context.Context, now *dataset.Dataset, names []string, single bool, o Options) (*File, error) {
	id := idsOf(now.Snapshot, memberships.Fields(now.Snapshot, single))
	d, err := o.open(ctx, id)
	if err != nil {
		return nil, err
	}
	f := &File{o: o, data: d, id: id.Name, done: make(chan struct{})}
	ready := false
	defer func() {
		if !ready { // or a panic
			d.Close()
		}
	}()
	if err := f.prepare(ctx, now, names, id); err != nil {
		return nil, err
	}
	ready = true
	return f, nil
}

// prepare finds the columns, and begins to read them.
func (f *File) prepare(ctx context.Context, now *dataset.Dataset, names []string, id *check.Field) error {
	own, audiences, err := f.columns(ctx, now.Name, id)
	if err != nil {
		return exit.Usage(err)
	}
	if id.Type.Kind == check.Any {
		id = own
	}
	if err := f.writeChanges(own, id); err != nil {
		return err
	}
	several := severalRows(ctx, now, now.Snapshot.ID, "the data", f.o.Note)
	if now.Snapshot.ID == nil {
		f.o.Note("the data has no ids: rows with the same number are compared, which are of the same profiles only where rows are in the same order as before")
	}
	if audiences.Type.Kind == check.String {
		several = true
	} else {
		several = severalRows(ctx, f.data, own, f.o.Called, f.o.Note) || several
	}
	if f.data.Snapshot.Rows() == 0 {
		f.o.Note(show.Clean(f.o.Called) + " has no rows: everybody who is in an audience has entered it")
	}
	f.Changes = memberships.NewChanges(names, id.Type, several, f.rows)
	f.Threads = max(1, f.o.Threads)
	f.Joined = func(done, all int) error {
		f.joined.Store(int64(done))
		f.parts.Store(int64(all))
		return ctx.Err()
	}
	f.Pass(f.o.Passed)
	if InCells(FormatOf(f.o.Path)) {
		f.Safe, f.Unsafe = f.o.Safe, !f.o.Safe
	}
	f.asked.Begin = func() resident.Stretch { return f.Earlier(own.Type) }
	go func() {
		defer close(f.done)
		f.End(difference.Before, f.read(ctx))
	}()
	return nil
}

// writeChanges begins the rows of who has entered and left, where somebody wants them.
func (f *File) writeChanges(own, id *check.Field) error {
	if f.o.Changes == nil {
		return nil
	}
	if own.Type.Kind == check.Float {
		id = own // which whole numbers fit into
	}
	to, err := f.o.Changes(memberships.ChangeFields(id))
	if err == nil {
		f.rows = memberships.NewChangeRows(to, id)
	}
	return err
}

// read reads the file. The error has the status of the process.
func (f *File) read(ctx context.Context) error {
	if f.data.Snapshot.Rows() == 0 { // nobody was in any
		return nil
	}
	err := f.scan(ctx)
	var status *exit.Error
	var data *exec.DataError
	switch {
	case err == nil, errors.As(err, &status), exit.IsInternal(err), ctx.Err() != nil, errors.Is(err, difference.ErrNoRoom):
		return err
	case errors.As(err, &data):
		return exit.Data(err)
	}
	return &exit.Error{Status: exit.WrongQuery, Err: f.data.Explain(err)}
}

// scan gives the rows of the file, part by part where they are too much to be in memory together.
func (f *File) scan(ctx context.Context) error {
	reads := f.asked.Reads(f.data.Snapshot)
	parted, err := f.data.OrderedParts(ctx, reads, 1, func(e *resident.Engine) error {
		_, err := e.Rows(ctx, f.asked)
		return err
	})
	if parted || err != nil {
		return err
	}
	if err := f.data.Load(ctx, reads); err != nil {
		return err
	}
	_, err = f.data.Engine.Rows(ctx, f.asked)
	return err
}

// Close lets go of the file, and ends the rows of changes if there is no error.
func (f *File) Close(err error) error {
	err = errors.Join(err, f.Comparison.Close())
	<-f.done
	f.data.Close()
	if err == nil && f.rows != nil {
		err = f.rows.Close()
	}
	return err
}

// Working says what is done when the rules are answered, and how far it is.
func (f *File) Working() (comparing bool, done, all int64) {
	select {
	case <-f.done:
		return true, f.joined.Load(), max(1, f.parts.Load())
	default:
		return false, f.Read(), int64(max(1, f.data.Snapshot.Rows()))
	}
}

// Outcome is what has become of audiences: of all of them how many have Entered and Left, how many of them have Changed, and
// how many are Gone, which are not among the rules any more. Profiles are those that are in others than before. Rows is how
// many rows of changes were written.
type Outcome struct {
	Audiences                          []memberships.Audience
	Entered, Left, Changed, Gone, Rows int
	Profiles                           difference.Rows
}

// Finish says that all rows of now are there, compares to the end, and tells what has become of the audiences, of which
// the counts are those of the rules by these names.
func (f *File) Finish(names []string, counts []int) (Outcome, error) {
	profiles, err := f.Comparison.Finish()
	if err != nil {
		return Outcome{}, err
	}
	byName := map[string]int{}
	for i, name := range names {
		byName[name] = counts[i]
	}
	out := Outcome{Audiences: f.Audiences(byName), Profiles: profiles}
	for _, a := range out.Audiences {
		out.Entered, out.Left = out.Entered+a.Entered, out.Left+a.Left
		if a.Entered+a.Left > 0 {
			out.Changed++
		}
		if a.Gone {
			out.Gone++
		}
	}
	if f.rows != nil {
		out.Rows = f.rows.Rows
	}
	return out, nil
}

// NoteRest notes what the comparison has met in the file.
func (f *File) NoteRest() {
	if text := f.Apostrophe(); text != "" {
		f.o.Note(fmt.Sprintf("%s has texts such as %s: if --csv-safe has put the apostrophes there, compare with --csv-safe", show.Clean(f.o.Called), show.Clean(text)))
	}
	id := show.Clean(f.id)
	if n := f.Nameless(difference.After); n > 0 {
		f.o.Note(show.Plural(n, "profile has no "+id+", and is not compared", "profiles have no "+id+", and are not compared"))
	}
	if n := f.Nameless(difference.Before); n > 0 {
		of := show.Clean(f.o.Called)
		f.o.Note(show.Plural(n, "row of "+of+" has no "+id+", and is not compared", "rows of "+of+" have no "+id+", and are not compared"))
	}
}

// idsOf returns the ids of data of which fields are the columns, without a type where no profile has one.
func idsOf(s *column.Snapshot, fields []*check.Field) *check.Field {
	if s.ID != nil && s.ID.Type.Kind == check.Any {
		return s.ID
	}
	return fields[0]
}
