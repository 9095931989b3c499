package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/cmd/segq/internal/store"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

// answerKept has the workers of a queue do something with a saved segment. What is wrong is the error.
func (o *options) answerKept(ctx context.Context, c redisx.Command, io console.Streams) (*record.Record, error) {
	q, err := ask.Reach(ctx, o.place(nil))
	if err != nil {
		return nil, err
	}
	defer q.Close()
	r, err := q.One(ctx, c, o.asking(io))
	if err != nil || r.Error == nil {
		return r, err
	}
	text := show.Clean(r.Error.Message)
	if r.Error.Hint != "" {
		text += "\n  hint: " + show.Clean(r.Error.Hint)
	}
	status := exit.Data(errors.New(text))
	var known *exit.Error
	if errors.As(statusOfRecords([]*record.Record{r}), &known) {
		status = &exit.Error{Status: known.Status, Err: errors.New(text)}
	}
	if own, ok := refusedAs[r.Error.Code]; ok {
		status = &exit.Error{Status: own, Err: errors.New(text)}
	}
	return nil, status
}

// refusedAs are the statuses of what a worker refuses as the command refuses it here: as wrong usage, or for want of room.
var refusedAs = map[string]int{"no-members": exit.WrongUsage, "no-ids": exit.WrongUsage, record.OtherIDs: exit.WrongUsage, "wrong-name": exit.WrongUsage, "no-room": exit.Unreachable}

// saveThere has a worker keep one of some queries with its members, which go from it to Redis.
func (o *options) saveThere(ctx context.Context, name string, queries []rules.Written, at int, asJSON bool, io console.Streams) error {
	now, err := o.instant()
	if err != nil {
		return exit.Usage(err)
	}
	asked := ask.Questions(queries, now)
	ask.Link(asked)
	if ask.ReportErrors(io.Err, asked[at:at+1]); ask.Failures(asked[at:at+1]) > 0 {
		return &exit.Error{Status: exit.WrongQuery}
	}
	c := o.asking(io).Command(asked[at], now)
	c.Op, c.Name, c.Members, c.Values = "save", name, true, false
	r, err := o.answerKept(ctx, c, io)
	if err != nil {
		return err
	}
	if r.Saved == nil {
		return exit.Data(errors.New("the worker has answered without saving anything: its version may not know that"))
	}
	o.noteWithout(r.Saved.Without, "", io)
	s, err := o.store.opener(&o.redis, o.tenant)(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	segment, err := store.Saved(ctx, s, name, r.Saved.Version)
	if err != nil {
		return unkept(err)
	}
	return printSaved(io.Out, s, segment, r.Saved.Fresh, true, asJSON)
}

// there has a worker compare a saved segment with its members, and says what it says of it.
func (o *diffOptions) there(ctx context.Context, text string, io console.Streams) (*segmentDiff, error) {
	c := o.asking(io).CommandOf("", "", nil, o.now)
	c.Op, c.Saved, c.From, c.Members, c.Name = "diff", text, o.from, o.members, o.changes
	r, err := o.answerKept(ctx, c, io)
	if err != nil {
		return nil, err
	}
	d := r.Diff
	if d == nil {
		return nil, exit.Data(errors.New("the worker has answered without comparing anything: its version may not know that"))
	}
	for _, side := range []record.DiffSide{d.Before, d.Now} {
		o.noteWithout(side.Without, "", io)
	}
	if e := r.Export; e != nil {
		fmt.Fprintf(o.notes(io), "segq: who has changed is in %s, below the export root of the workers\n", show.Clean(e.File))
	}
	out := &segmentDiff{
		Name: cmp.Or(d.Now.Saved, text), Version: d.Now.Version, Before: d.Before.Profiles, Now: d.Now.Profiles,
		Entered: d.Entered, Left: d.Left, Stayed: d.Stayed, SnapshotBefore: d.Before.Snapshot, Snapshot: d.Now.Snapshot,
	}
	out.comparedWith(d.Before.Saved, d.Before.Version)
	return out, nil
}
