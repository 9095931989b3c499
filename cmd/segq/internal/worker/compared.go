package worker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/difference"
	"github.com/segq/segq/cmd/segq/internal/memberships"
	"github.com/segq/segq/cmd/segq/internal/previous"
	"github.com/segq/segq/cmd/segq/internal/rows"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// compare begins the comparison of memberships with those of before; nil where none is asked for. single says that the memberships
// that are written have one audience in a row.
func (h *handler) compare(ctx context.Context, w *work, q *resident.Memberships, single bool, all *exportFiles) (*previous.File, error) {
	c := &w.task.Command
	if c.Previous == "" {
		return nil, nil
	}
	if i := slices.Index(unnamed(c), true); i >= 0 {
		return nil, refusal{record.Error{
			Code: "no-name", Message: fmt.Sprintf("previous compares audiences of the same name, and query %d has none: it would be called by its number, as another rule was before", i+1),
			Hint: "give each a name in names", Query: i + 1,
		}}
	}
	known, err := h.exports.existing(c.Tenant, c.Previous)
	if err != nil {
		return nil, err
	}
	defer known.close()
	earlier, err := previous.Open(ctx, h.Dataset, q.Names, single, h.earlier(w, known, all))
	if err != nil {
		return nil, badPrevious(ctx, err)
	}
	begin := q.Begin
	q.Begin = func() resident.Stretch { return earlier.Tap(begin()) }
	return earlier, nil
}

// earlier says how the file of before is read, and what is written of the comparison.
func (h *handler) earlier(w *work, known *existingFile, all *exportFiles) previous.Options {
	c := &w.task.Command
	o := previous.Options{
		Path: known.path, Called: c.Previous, Flag: "previous", Threads: h.Threads(), Notes: io.Discard,
		Note: func(text string) { w.record.Warnings = append(w.record.Warnings, text) },
		Open: func(ctx context.Context, paths []string, o dataset.Options, threads int, notes io.Writer) (*dataset.Dataset, error) {
			d, err := h.OpenBeside(ctx, paths, o, threads, notes)
			if err == nil && !known.still() {
				d.Close()
				err = transient{fmt.Errorf("%s was replaced while it was opened", c.Previous)}
			}
			return d, err
		},
	}
	if c.Changes != "" {
		o.Changes = func(fields []*check.Field) (rows.Writer, error) {
			f, err := all.create(h.exports, c, c.Changes)
			if err != nil {
				return nil, err
			}
			return f.rows(fields), nil
		}
	}
	return o
}

// unnamed says which queries of a command have no name.
func unnamed(c *redisx.Command) []bool {
	none := make([]bool, len(c.Queries))
	for i := range none {
		none[i] = len(c.Names) == 0 || c.Names[i] == ""
	}
	return none
}

// badPrevious is the error of a file that cannot be compared with.
func badPrevious(ctx context.Context, err error) error {
	var passes transient
	var known refusal
	if ctx.Err() != nil || errors.As(err, &passes) || errors.As(err, &known) {
		return err
	}
	return refusal{record.Error{Code: "bad-previous", Message: err.Error()}}
}

// finish compares to the end, and fills in the record.
func (h *handler) finish(w *work, c *previous.File, names []string, r resident.MembershipsResult, all *exportFiles) error {
	c.End(difference.After, nil)
	outcome, err := c.Finish(names, r.Counts)
	if err != nil {
		return err
	}
	command := &w.task.Command
	if command.Summary != "" {
		f, err := all.create(h.exports, command, command.Summary)
		if err != nil {
			return err
		}
		if err := memberships.WriteSummary(f.rows(memberships.SummaryFields()), outcome.Audiences); err != nil {
			return err
		}
	}
	c.NoteRest()
	noteChanges(w.record, command.Previous, outcome)
	return nil
}

// noteChanges fills in what has become of the audiences.
func noteChanges(r *record.Record, file string, c previous.Outcome) {
	r.Changes = &record.Changes{
		Previous: file, Entered: c.Entered, Left: c.Left, Compared: len(c.Audiences), Changed: c.Changed, Gone: c.Gone,
		Profiles: record.ChangedProfiles{Other: c.Profiles.Changed, New: c.Profiles.New, Gone: c.Profiles.Gone}, Audiences: []record.AudienceChange{},
	}
	all := c.Audiences
	if len(all) > record.MostChanges {
		r.Truncated = append(r.Truncated, "changes.audiences")
		all = mostChanged(all, record.MostChanges)
	}
	for _, a := range all {
		one := record.AudienceChange{Audience: a.Name, Before: a.Before, Entered: a.Entered, Left: a.Left, Stayed: a.Stayed, Without: a.Without}
		if !a.Gone {
			one.Now = &a.Now
		}
		r.Changes.Audiences = append(r.Changes.Audiences, one)
	}
}

// mostChanged returns so many of the audiences in which most has changed, in the order of all.
func mostChanged(all []memberships.Audience, most int) []memberships.Audience {
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(all[b].Entered+all[b].Left, all[a].Entered+all[a].Left) })
	order = order[:most]
	slices.Sort(order)
	some := make([]memberships.Audience, most)
	for i, at := range order {
		some[i] = all[at]
	}
	return some
}

// noteFiles tells of the files that were written of a comparison.
func (h *handler) noteFiles(w *work, all exportFiles) {
	c, changes := &w.task.Command, w.record.Changes
	if changes == nil {
		return
	}
	for _, f := range all {
		written := &record.Export{To: redisx.ToFile, Name: path.Base(f.name), File: f.name, Bytes: f.bytes}
		switch written.Name { // which no other file of the command has
		case c.Changes:
			rows := changes.Entered + changes.Left
			written.Rows, written.Holds = &rows, h.holds(w, true)
			changes.File = written
		case c.Summary:
			written.Rows = &changes.Compared
			changes.Summary = written
		}
	}
}

// diffSet answers a task with what has become of the audiences of its rules since memberships of before, and writes none.
func (h *handler) diffSet(ctx context.Context, w *work) (err error) {
	q, err := h.membershipRules(w)
	if err != nil {
		return err
	}
	q.Begin = func() resident.Stretch { return nowhere{} }
	var all exportFiles
	defer all.remove(&err)
	return h.passOver(ctx, w, q, &all, true, func() error { return nil })
}

// nowhere takes memberships that are written nowhere.
type nowhere struct{}

func (nowhere) Add(int, []column.Column) error { return nil }
func (nowhere) End() error                     { return nil }
func (nowhere) Emit() error                    { return nil }
