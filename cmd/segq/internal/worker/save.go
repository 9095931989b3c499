package worker

import (
	"context"
	"errors"

	"github.com/segq/segq/cmd/segq/internal/identity"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/cmd/segq/internal/store"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// saveOp is the operation that keeps a segment, and its members where that is asked for: they go from the worker to the
// store, and through nobody else.
const saveOp = "save"

// save counts the query of a task, and keeps it as a segment.
func (h *handler) save(ctx context.Context, w *work) error {
	c := &w.task.Command
	if err := store.CheckName(c.Name); err != nil {
		return refusal{record.Error{Code: "wrong-name", Message: err.Error()}}
	}
	kept, err := h.kept(ctx, c.Tenant)
	if err != nil {
		return err
	}
	var ids *store.IDs
	given, q := 0, exec.Query{}
	if c.Members {
		if h.Snapshot.ID == nil {
			return errNoIDs
		}
		ids = store.NewIDs(store.Buckets(h.Snapshot.Rows()))
		defer func() { _ = ids.Close() }() // they were for now
		q.IDs = func(some []string) error {
			given += len(some)
			return ids.Add(some)
		}
	}
	if err := h.find(ctx, w, taskSink{w.task}, q); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return h.keep(ctx, w, kept, ids, given)
}

// keep keeps the query of a task with what it has counted, and the ids that were given, nil for none.
func (h *handler) keep(ctx context.Context, w *work, kept store.Store, ids *store.IDs, given int) error {
	c, r := &w.task.Command, w.record
	segment := &store.Segment{Name: c.Name, Query: wholeQuery(c), Count: *r.Count, Total: *r.Total, Snapshot: r.Snapshot, Data: h.Name, Now: r.Now}
	said := &record.Saved{Name: c.Name, Place: kept.Place()}
	var err error
	if ids == nil {
		said.Fresh, err = store.Save(ctx, kept, segment)
	} else {
		members := 0
		said.Fresh, members, err = store.SaveMembers(ctx, kept, segment, store.MemberID{Field: h.Snapshot.ID.Name, Kind: identity.KindOf(h.Snapshot)}, ids.Buckets(), ids.Bucket)
		said.Members, said.Without = &members, *r.Count-given
	}
	if err != nil {
		return unkept(err)
	}
	said.Version = segment.Version
	r.Saved = said
	return nil
}

// unkept is the error of what could not be kept. A Redis that is full stays so for a while: who asks should know.
func unkept(err error) error {
	var cycle store.CycleError
	switch {
	case errors.As(err, &cycle):
		return refusal{record.Error{Code: "segment-cycle", Message: err.Error()}}
	case errors.Is(err, redisx.ErrMemory):
		return refusal{record.Error{Code: "no-room", Message: err.Error(), Hint: "nothing was saved: make room in Redis, or save it without its members"}}
	}
	return noSegment(err, "")
}

// wholeQuery returns the query of a command with the segments that it brings written out, and the values of its parameters:
// segments that are kept stay as they are called.
func wholeQuery(c *redisx.Command) string {
	queries := []rules.Written{writtenQuery("", c.Query)}
	for name, text := range c.Segments {
		if c.SegmentVersions[name] == 0 {
			queries = append(queries, writtenQuery(name, text))
		}
	}
	return rules.WithValues(rules.Whole(queries, 0), rules.TypedParams(c.Params))
}

// writtenQuery returns a text that was checked as one of the queries of a run.
func writtenQuery(name, text string) rules.Written {
	x, _ := lang.Query(text)
	return rules.Written{Name: name, Source: rules.Source{Text: text}, Statement: ast.Statement{X: x, At: ast.Span{End: len(text)}}}
}
