package worker

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"
	"sync"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/identity"
	"github.com/segq/segq/cmd/segq/internal/store"
	"github.com/segq/segq/cmd/segq/internal/turnover"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

// diffOp is the operation that tells who has entered an audience and who has left it.
const diffOp = "diff"

// side is one of the two sides of a diff: the members of a segment, or the profiles that match a query.
type side struct {
	record.DiffSide
	members *store.Members // nil for a query
	typed   *check.Query
	data    *dataset.Dataset // of the query
}

// bringDiff fills in what a diff names from what its tenant keeps: the query of now, and the members of before.
func (h *handler) bringDiff(ctx context.Context, w *work) error {
	c := &w.task.Command
	if len(c.Queries) > 0 || c.Previous != "" {
		return nil // of two queries nothing is kept
	}
	kept, err := h.kept(ctx, c.Tenant)
	if err != nil {
		return err
	}
	if c.Saved != "" {
		if err := w.bringNow(ctx, kept); err != nil {
			return err
		}
	}
	if to, ok := h.deliver(c.ID); ok && to.Before != nil {
		w.before.Saved, w.before.Version, w.before.Query = w.now.Saved, w.now.Version, w.now.Query
		return nil // it is other data
	}
	from := c.From
	if from == "" {
		from = c.Saved
	}
	_, err = w.before.bring(ctx, kept, from, true)
	return err
}

// bringNow fills in the saved segment that is asked, or its members.
func (w *work) bringNow(ctx context.Context, kept store.Store) error {
	c := &w.task.Command
	segment, err := w.now.bring(ctx, kept, c.Saved, c.Members)
	if err != nil {
		return err
	}
	w.record.Query = segment.Query
	if c.Members {
		w.record.Count, w.record.Total = &segment.Count, &segment.Total
		return nil
	}
	c.Query = segment.Query
	return nil
}

// bring fills in a saved segment, NAME or NAME@VERSION, and its members if they are wanted.
func (s *side) bring(ctx context.Context, kept store.Store, text string, members bool) (*store.Segment, error) {
	name, version, err := store.CutVersion(text)
	if err != nil {
		return nil, refusal{record.Error{Code: "no-segment", Message: err.Error()}}
	}
	segment, err := store.Saved(ctx, kept, name, version)
	if err != nil {
		return nil, noSegment(err, "segq saved list has those that are kept")
	}
	s.Saved, s.Version = segment.Name, segment.Version
	if s.Query = segment.Query; !members {
		return segment, nil
	}
	if segment.Members == 0 {
		return nil, noMembers(segment)
	}
	if s.members, err = store.MembersOf(ctx, kept, segment); err != nil {
		return nil, noSegment(err, saveMembers(segment.Name))
	}
	s.Members, s.Snapshot, s.At = true, s.members.Snapshot, s.members.At()
	return segment, nil
}

// noMembers is the error of a segment of which the members were not kept.
func noMembers(s *store.Segment) error {
	return refusal{record.Error{
		Code:    "no-members",
		Message: fmt.Sprintf("the members of %s, version %d, were not saved", s.Name, s.Version),
		Hint:    saveMembers(s.Name),
	}}
}

func saveMembers(name string) string {
	return "segq save " + name + " --members keeps them from now on"
}

// diff answers a task with who has entered an audience, and who has left it.
func (h *handler) diff(ctx context.Context, w *work) (err error) {
	c := &w.task.Command
	if c.Previous != "" {
		return h.diffSet(ctx, w)
	}
	if c.Name != "" && h.exports == nil {
		return errNoExports
	}
	if err := h.querySides(w); err != nil {
		return err
	}
	if to, ok := h.deliver(c.ID); ok && to.Before != nil {
		d, err := h.otherData(ctx, w, to)
		if err != nil {
			return err
		}
		defer d.Close()
	}
	before, now, end, buckets, err := h.sides(ctx, w)
	if err != nil {
		return err
	}
	defer end()
	var files exportFiles
	defer files.remove(&err)
	changes, err := h.changesFile(w, &files)
	if err != nil {
		return err
	}
	sample := turnover.NewSample(c.Sample, c.Seed)
	t, err := turnover.Compare(ctx, buckets, before, now, func(id string, entered bool) error {
		sample.Add(id, entered)
		return changes.Add(id, entered)
	})
	if err == nil {
		err = changes.Close()
	}
	if err = files.end(ctx, err); err != nil {
		return err
	}
	w.before.Profiles, w.now.Profiles = t.Before, t.Now
	w.record.Diff = &record.Diff{Before: w.before.DiffSide, Now: w.now.DiffSide, Entered: t.Entered, Left: t.Left, Stayed: t.Stayed}
	w.record.Diff.EnteredIDs, w.record.Diff.LeftIDs = sample.IDs()
	for _, f := range files {
		written := t.Entered + t.Left
		w.record.Export = &record.Export{To: redisx.ToFile, Name: c.Name, File: path.Join(c.Tenant, c.Name), Bytes: f.bytes, Rows: &written, Holds: h.holds(w, true)}
	}
	return nil
}

// querySides fills in the sides that are queries.
func (h *handler) querySides(w *work) error {
	c := &w.task.Command
	w.now.data, w.now.typed = h.Dataset, w.typed
	if w.typed != nil {
		w.now.Query, w.now.At, w.now.Snapshot = strings.TrimSpace(c.Query), w.record.Now, h.Snapshot.Fingerprint
	}
	if len(c.Queries) == 0 {
		return nil
	}
	both, err := h.audiences(w)
	if err != nil {
		return err
	}
	for i, s := range []*side{&w.before, &w.now} {
		s.data, s.typed, s.Query, s.At, s.Snapshot = h.Dataset, both[i].Typed, both[i].Query, w.record.Now, h.Snapshot.Fingerprint
		if len(c.Names) > 0 {
			s.Name = c.Names[i]
		}
	}
	return nil
}

// otherData opens the data of before, which is of this process, and asks of it what is asked of now.
func (h *handler) otherData(ctx context.Context, w *work, to Delivery) (*dataset.Dataset, error) {
	d, err := to.Before(ctx, func(done, total int64) { w.task.Load(redisx.Load{Done: done, Total: total}) })
	if err != nil {
		return nil, err
	}
	c := &w.task.Command
	other := handler{Dataset: d}
	typed, found := other.compilerOf(c, w.suggested...).compile(c.Query)
	if found.Failed() {
		d.Close()
		return nil, wrongQuery{0, d.Name, c.Query, found}
	}
	w.before.typed, w.before.data, w.before.At, w.before.Snapshot, w.before.Data = typed, d, w.record.Now, d.Snapshot.Fingerprint, d.Name
	if was, is := d.Snapshot.ID, h.Snapshot.ID; was != nil && is != nil && was.Name != is.Name {
		w.record.Warnings = append(w.record.Warnings, "the ids of before are those of "+was.Name+" in "+d.Name+", and now those of "+is.Name)
	}
	if n := d.NewRecord().RowsSkipped; n != nil && *n > 0 {
		w.record.Warnings = append(w.record.Warnings, show.Plural(*n, "row", "rows")+" of "+d.Name+" could not be read, and are not compared")
	}
	return d, nil
}

// sides gives the ids of both sides, by so many buckets.
func (h *handler) sides(ctx context.Context, w *work) (before, now turnover.Side, end func(), buckets int, err error) {
	sinks := &inTurn{task: w.task}
	for _, s := range []*side{&w.before, &w.now} {
		if s.typed == nil {
			continue
		}
		if s.data.Snapshot.ID == nil {
			return nil, nil, nil, 0, errNoIDs
		}
		sinks.rows = append(sinks.rows, s.data.Snapshot.Rows())
		buckets = max(buckets, store.Buckets(s.data.Snapshot.Rows()))
	}
	if m := w.before.members; m != nil {
		buckets = m.Buckets() // which need not be dealt out anew
	}
	was, is := w.before.identity(), w.now.identity()
	if err := identity.Apart(was, is); err != nil {
		return nil, nil, nil, 0, otherIDs(err)
	}
	before, endBefore, err := h.side(ctx, w, &w.before, buckets, sinks, is)
	if err != nil {
		return nil, nil, nil, 0, err
	}
	now, endNow, err := h.side(ctx, w, &w.now, buckets, sinks, was)
	if err != nil {
		endBefore()
		return nil, nil, nil, 0, err
	}
	return before, now, func() { endBefore(); endNow() }, buckets, nil
}

// identity is what the ids of a side are.
func (s *side) identity() identity.IDs {
	if m := s.members; m != nil {
		return identity.IDs{Of: fmt.Sprintf("the members of %s, version %d", s.Saved, s.Version), Field: m.Field, Kind: m.Kind, Kept: s.Saved}
	}
	return identity.Of(s.data.Snapshot, s.data.Name)
}

// otherIDs refuses to compare ids that are of other kinds.
func otherIDs(err error) error {
	var e *identity.ApartError
	if errors.As(err, &e) {
		return refusal{record.Error{Code: record.OtherIDs, Message: e.Error(), Hint: e.Mend()}}
	}
	return noSegment(err, "")
}

// side gives the ids of a side, as they are compared with those of the other.
func (h *handler) side(ctx context.Context, w *work, s *side, buckets int, sinks *inTurn, others identity.IDs) (turnover.Side, func(), error) {
	if s.members != nil {
		ids, _, end, err := s.members.Side(ctx, buckets, identity.Respell(s.identity(), others))
		return func(i int) ([]string, error) {
			some, err := ids(i)
			return some, otherIDs(err)
		}, end, otherIDs(err)
	}
	ids, given, count := store.NewIDs(buckets), 0, 0
	end := func() { _ = ids.Close() } // they were for now
	r, err := matching(ctx, s, w, sinks.next(), func(some []string) error {
		given += len(some)
		return ids.Add(some)
	})
	if err != nil {
		end()
		return nil, nil, err
	}
	if count = r.Count; s == &w.now {
		w.record.Count, w.record.Total = &r.Count, &r.Total
	}
	s.Without = count - given
	return ids.Bucket, end, nil
}

// matching gives the ids of the profiles that match the query of a side.
func matching(ctx context.Context, s *side, w *work, sink exec.Sink, give func([]string) error) (exec.Result, error) {
	c := w.task.Command
	results, err := s.data.Engine.Run(ctx, exec.Batch{
		Now: w.record.Now, Class: classOf(c.Class), Tenant: c.Tenant, Sink: sink, Queries: []exec.Query{{ID: c.ID, Typed: s.typed, IDs: give}},
	})
	if err != nil {
		return exec.Result{}, err
	}
	return results[0], s.data.Explain(results[0].Err)
}

// changesFile begins the file of who has changed, among all files; nil where none is wanted.
func (h *handler) changesFile(w *work, all *exportFiles) (*turnover.Rows, error) {
	c := &w.task.Command
	if c.Name == "" {
		return nil, nil
	}
	f, err := all.create(h.exports, c, c.Name)
	if err != nil {
		return nil, err
	}
	return turnover.NewRows(f.rows(turnover.Fields())), nil
}

// inTurn shows scans of one task, one after the other and each over data of so many rows, as one scan with a partition
// for each. What matches of which is no one number.
type inTurn struct {
	task *redisx.Task
	rows []int
	at   int
}

// next is the sink of the next scan.
func (t *inTurn) next() exec.Sink {
	if t.at == 0 {
		t.task.Start(t.rows)
	}
	t.at++
	return &turn{task: t.task, at: t.at - 1, alone: len(t.rows) == 1}
}

// turn is one of them.
type turn struct {
	task  *redisx.Task
	at    int
	alone bool // there is no other, so that what matches is a number

	mu            sync.Mutex // guards what follows
	rows, matched []int      // of each part
	left          int        // parts that are not through
	seen, found   int
}

// Start takes the parts of the scan.
func (t *turn) Start(_ string, parts []int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rows, t.matched, t.left, t.seen, t.found = make([]int, len(parts)), make([]int, len(parts)), len(parts), 0, 0
}

// Load tells the task how far the data is.
func (t *turn) Load(_ string, l exec.Loading) { t.task.Load(redisx.Load(l)) }

// Progress tells the task how far the scan is.
func (t *turn) Progress(_ string, part int, p exec.Progress) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seen += p.Rows - t.rows[part]
	t.found += p.Matched - t.matched[part]
	if t.rows[part], t.matched[part] = p.Rows, p.Matched; p.Done {
		t.left--
	}
	found := t.found
	if !t.alone {
		found = 0
	}
	t.task.Progress(t.at, t.seen, found, t.left == 0)
}
