package dataset

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/load/object"
	"github.com/segq/segq/exec/lookup"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/repl/show"
)

// everything is all that there is to read.
var everything = &check.Reads{All: true}

// lookedUp is a table with lookups.
type lookedUp struct {
	*lookup.Table
	below table
	found []found
	whole bool // some of them are columns from the start

	mu   sync.Mutex
	told told
}

// alike returns a table with the same lookups over another. What was told of these is not told again.
func (t *lookedUp) alike(below table) *lookedUp {
	own := &lookedUp{Table: t.Over(below), below: below, found: t.found}
	t.Report()
	t.mu.Lock()
	defer t.mu.Unlock()
	own.told.seen = append(make([]struct{ notes, misfits int }, 1), t.told.seen[1:]...)
	return own
}

// errNoRows says that a lookup has columns and no rows any more.
var errNoRows = errors.New("the lookups of this data are denormalised, whose rows are not kept: --lookup-how NAME=broadcast keeps them")

// Lookups returns the table that has the lookups, for profiles that are in no data; nil for none.
func (d *Dataset) Lookups() (*lookup.Table, error) {
	t, is := d.table.(*lookedUp)
	if !is {
		return nil, nil
	}
	if t.whole {
		return nil, errNoRows
	}
	return t.Table, nil
}

// told is what was told of the reports below, which only grow.
type told struct {
	notes   []string
	misfits []load.Misfit
	seen    []struct{ notes, misfits int } // of the table below, and of each lookup
}

// withLookups puts lookups over a table, which it closes where that fails.
func withLookups(ctx context.Context, below table, l *looked, m shares, threads int) (table, error) {
	if l == nil {
		return below, nil
	}
	if empty(below) { // which is noted: nobody has a key
		l.close()
		return below, nil
	}
	t, err := lookup.New(below, l.lookups, lookup.Options{Threads: threads, Columns: m.columns / madeShare})
	if err != nil {
		l.close()
		err = l.explain(l.ordered(err))
		return nil, errors.Join(err, below.Close())
	}
	own := &lookedUp{Table: t, below: below, found: l.notes}
	for _, one := range l.lookups {
		own.whole = own.whole || one.Whole
	}
	if err := t.WholeLookups(ctx); err != nil {
		return nil, errors.Join(exit.Data(m.explain(err)), own.Close())
	}
	return own, nil
}

// explain says what to do about the keys of a lookup.
func (l *looked) explain(err error) error {
	var kinds *lookup.KindError
	err = fmt.Errorf("--%w", err)
	if !errors.As(err, &kinds) {
		return exit.Usage(err)
	}
	for _, one := range l.notes {
		if load.PathText(one.path) != kinds.Path {
			continue
		}
		if kinds.Lookup.Kind == check.String { // as text every value is what it was, large numbers too
			return exit.Usage(fmt.Errorf("%w; --type %s=text reads those of the data so", err, kinds.Path))
		}
		return exit.Usage(fmt.Errorf("%w; --type %s.%s=%s reads those of %s so", err, load.PathText(one.object()), load.PathText([]string{one.key}), lookup.Kind(kinds.Profile), one.file))
	}
	return exit.Usage(err)
}

// ordered adds to the error of a lookup whose keys are in a later one that they are made in their order.
func (l *looked) ordered(err error) error {
	var path *lookup.PathError
	if !errors.As(err, &path) {
		return err
	}
	for i, f := range l.notes {
		for _, later := range l.notes[i+1:] {
			at := later.object()
			if len(f.path) > len(at) && slices.Equal(f.path[:len(at)], at) && strings.HasPrefix(err.Error(), "lookup "+f.name+": ") {
				return fmt.Errorf("%w; %s is a lookup that is given later: give it before %s", err, later.name, f.name)
			}
		}
	}
	return err
}

// Elsewhere adds to the error of other data, which does not have the keys of lookups, that these are said when segq is
// started.
func Elsewhere(err error) error {
	path, kinds := (*lookup.PathError)(nil), (*lookup.KindError)(nil)
	if errors.As(err, &path) || errors.As(err, &kinds) {
		return fmt.Errorf("%w (the lookups are those that segq was started with: start it anew for data that does without them)", err)
	}
	return err
}

// Report adds to that of the table below what was found in the lookups. What was told stays where it is.
func (t *lookedUp) Report() *load.Report {
	t.mu.Lock()
	defer t.mu.Unlock()
	r := t.below.Report()
	if t.told.seen == nil {
		t.told.seen = make([]struct{ notes, misfits int }, 1+len(t.found))
		for _, f := range t.found {
			t.told.notes = append(t.told.notes, f.notes()...)
		}
	}
	t.told.add(0, r, "", "")
	for i, f := range t.found {
		t.told.add(1+i, f.table.Report(), "lookup "+f.name+": ", load.PathText(f.object())+".")
	}
	own := *r
	own.Notes, own.Misfits = t.told.notes[:len(t.told.notes):len(t.told.notes)], t.told.misfits[:len(t.told.misfits):len(t.told.misfits)]
	own.Columns += t.Table.Residency().Bytes
	return &own
}

// add adds what is new in a report.
func (t *told) add(i int, r *load.Report, of, path string) {
	for _, note := range r.Notes[t.seen[i].notes:] {
		t.notes = append(t.notes, of+note)
	}
	for _, m := range r.Misfits[t.seen[i].misfits:] {
		m.Field = path + m.Field
		t.misfits = append(t.misfits, m)
	}
	t.seen[i].notes, t.seen[i].misfits = len(r.Notes), len(r.Misfits)
}

// notes says of a lookup what was left out.
func (f *found) notes() (notes []string) {
	above := f.object()
	if written := load.WrittenPath(load.PathText(above[:len(above)-1]), f.name); strings.HasSuffix(written, "`") {
		notes = append(notes, fmt.Sprintf("lookup %s: queries write it in backquotes: %s", f.name, written))
	}
	if r := f.table.Report(); r.Rejected > 0 {
		notes = append(notes, fmt.Sprintf("lookup %s: %s of %s could not be read and left out, the first at %s: %s",
			f.name, show.Plural(r.Rejected, "row", "rows"), object.Redacted(f.file), r.Rejects[0].Where(), r.Rejects[0].Message))
	}
	if held, ok := f.source.(interface{ Nulls() int }); ok && held.Nulls() > 0 {
		notes = append(notes, fmt.Sprintf("lookup %s: %s of %s without a %s, which no key finds", f.name, show.Plural(held.Nulls(), "row", "rows"), object.Redacted(f.file), f.key))
	}
	return notes
}

// Residency adds what is held of the lookups.
func (t *lookedUp) Residency() column.Residency {
	r, own := t.below.Residency(), t.Table.Residency()
	if r.Columns > 0 {
		r.Columns += own.Columns
		r.Loaded += own.Loaded
	}
	r.Bytes += own.Bytes
	r.Loads += own.Loads
	r.Evictions += own.Evictions
	for _, f := range t.found {
		if held, ok := f.source.(interface{ Bytes() int64 }); ok {
			r.Bytes += held.Bytes()
		}
	}
	return r
}

// Digest names everything that is in the files.
func (t *lookedUp) Digest(ctx context.Context) (string, error) {
	digest, err := t.below.Digest(ctx)
	if err != nil {
		return "", err
	}
	all, same := []string{digest}, digest == t.below.Snapshot().Fingerprint
	for _, f := range t.found {
		digest := f.digest
		if digest == "" {
			if digest, err = f.table.Digest(ctx); err != nil {
				return "", err
			}
		}
		all, same = append(all, digest), same && digest == f.table.Snapshot().Fingerprint
	}
	if same {
		return t.Snapshot().Fingerprint, nil
	}
	return digestOf(all...), nil
}

// LoadRest loads what nobody has asked for: of the table below, and then of the lookups.
func (t *lookedUp) LoadRest(ctx context.Context, idle func(context.Context) error) error {
	return errors.Join(t.below.LoadRest(ctx, idle), t.Table.LoadRest(ctx, idle))
}

// HasRoom says whether there is room for what is read, of the table below and of the lookups.
func (t *lookedUp) HasRoom(reads *check.Reads) bool {
	return t.below.HasRoom(t.Below(reads)) && t.Table.HasRoom(reads)
}

// LoadSpare loads what nobody has asked for, if there is room.
func (t *lookedUp) LoadSpare(ctx context.Context, reads *check.Reads) error {
	if err := t.below.LoadSpare(ctx, t.Below(reads)); err != nil {
		return err
	}
	err := t.Table.LoadSpare(ctx, reads)
	if errors.Is(err, lookup.ErrNoRoom) {
		return load.ErrNoRoom
	}
	return err
}

// GiveUp gives up the columns that nobody uses, of lookups and below, and says whether there were any.
func (t *lookedUp) GiveUp() bool {
	some := t.Table.GiveUp()
	if below, ok := t.below.(interface{ GiveUp() bool }); ok {
		some = below.GiveUp() || some
	}
	return some
}

// filed is a table of files whose columns are read one by one, with what is over it.
type filed struct {
	*load.Table
	over *lookedUp // nil for nothing
}

// files returns the files of a table, if their columns are read one by one.
func files(t table) (filed, bool) {
	switch t := t.(type) {
	case *load.Table:
		return filed{Table: t}, true
	case *lookedUp:
		below, ok := t.below.(*load.Table)
		return filed{below, t}, ok
	}
	return filed{}, false
}

// reads returns what of the files is read.
func (f filed) reads(r *check.Reads) *check.Reads {
	if f.over != nil {
		return f.over.Below(r)
	}
	return r
}

// parted says whether the rows may be read in parts.
func (f filed) parted() bool { return f.over == nil || !f.over.whole }

// part returns a part of the rows with what is over them.
func (f filed) part(rows column.Table) column.Table {
	if f.over != nil {
		return f.over.Over(rows)
	}
	return rows
}

// with returns other files with what is over these.
func (f filed) with(other *load.Table) table {
	if f.over != nil {
		return &lookedUp{Table: f.over.Over(other), below: other, found: f.over.found}
	}
	return other
}
