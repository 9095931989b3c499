package backend

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/store"
	"github.com/segq/segq/cmd/segq/internal/worker"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/repl"
)

// gathering are the ids that queries of this session gather, by their jobs, until somebody takes them.
type gathering struct {
	mu  sync.Mutex
	all map[string]*gathered
}

// gathered are the ids of a job, and the members that they are compared with, nil for those that are to be saved.
type gathered struct {
	members *store.Members
	buckets int

	mu     sync.Mutex // guards what follows, which each attempt begins anew
	ids    *store.IDs
	given  int
	closed bool
}

// begin begins an attempt.
func (g *gathered) begin() func(ids []string) error {
	mine := store.NewIDs(g.buckets)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.ids != nil {
		_ = g.ids.Close() // of an attempt that was given up
	}
	g.ids, g.given = mine, 0
	return func(ids []string) error {
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.closed || g.ids != mine {
			return errors.New("nobody waits for these ids any more")
		}
		g.given += len(ids)
		return mine.Add(ids)
	}
}

// close gives back what the ids take up.
func (g *gathered) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed = true; g.ids != nil {
		_ = g.ids.Close() // they were for now
		g.ids = nil
	}
}

// take returns what a job has gathered, and forgets it; nil where there is nothing. Who takes it closes it.
func (g *gathering) take(job string) *gathered {
	g.mu.Lock()
	defer g.mu.Unlock()
	one := g.all[job]
	delete(g.all, job)
	return one
}

// has says whether a job gathers ids.
func (g *gathering) has(job string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.all[job] != nil
}

// drop forgets what a job has gathered.
func (g *gathering) drop(job string) {
	if one := g.take(job); one != nil {
		one.close()
	}
}

// Gathers says why this session cannot have the ids of profiles.
func (b *backend) Gathers() error {
	h, release := b.hold()
	defer release()
	switch {
	case h == nil:
		return repl.ErrElsewhere
	case h.data.Snapshot.ID == nil:
		return ask.ErrNoIDs
	}
	return nil
}

// gather submits the command of a query whose ids are to be saved, or compared.
func (b *backend) gather(ctx context.Context, c redisx.Command, op *repl.Operation) (string, error) {
	if err := b.Gathers(); err != nil {
		return "", err
	}
	h, release := b.hold()
	one := &gathered{buckets: store.Buckets(h.data.Snapshot.Rows())}
	release()
	if op.Against != "" {
		members, err := b.membersOf(ctx, op.Against)
		if err != nil {
			return "", err
		}
		one.members, one.buckets = members, members.Buckets()
	}
	b.gathering.mu.Lock()
	if b.gathering.all == nil {
		b.gathering.all = map[string]*gathered{}
	}
	b.gathering.all[c.ID] = one
	b.gathering.mu.Unlock()
	c.Op, c.To, c.Name = repl.Export, redisx.ToFile, "members.csv" // which is no file: they go to this process
	b.Deliver(c.ID, worker.Delivery{IDs: one.begin})
	id, err := b.Client.Submit(ctx, c)
	if err != nil {
		b.Delivered(c.ID)
		b.gathering.drop(c.ID)
	}
	return id, err
}

// membersOf returns the members of a saved segment, NAME@VERSION.
func (b *backend) membersOf(ctx context.Context, text string) (*store.Members, error) {
	name, version, err := store.CutVersion(text)
	if err != nil {
		return nil, err
	}
	kept, err := b.keeps(ctx)
	if err != nil {
		return nil, err
	}
	segment, err := store.Saved(ctx, kept, name, version)
	if err != nil {
		return nil, err
	}
	return store.MembersOf(ctx, kept, segment)
}

// errGone says that ids were gathered, and are not there.
var errGone = errors.New("the ids that were gathered are gone: ask again")

// Compare compares the ids that a job has gathered with the members that it was begun for.
func (b *backend) Compare(ctx context.Context, job string) (d repl.Difference, err error) {
	one := b.gathering.take(job)
	if one == nil || one.members == nil || one.ids == nil {
		return d, errGone
	}
	defer one.close()
	for i := range one.buckets {
		was, err := one.members.Bucket(ctx, i)
		if err != nil {
			return d, err
		}
		is, err := one.ids.Bucket(i)
		if err != nil {
			return d, err
		}
		slices.Sort(is)
		is = slices.Compact(is)
		stayed := common(was, is)
		d.Before, d.Now, d.Stayed = d.Before+len(was), d.Now+len(is), d.Stayed+stayed
	}
	d.Entered, d.Left = d.Now-d.Stayed, d.Before-d.Stayed
	d.Snapshot = one.members.Snapshot
	return d, nil
}

// common counts what two lists in order have both.
func common(a, b []string) (n int) {
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			a = a[1:]
		case b[0] < a[0]:
			b = b[1:]
		default:
			n, a, b = n+1, a[1:], b[1:]
		}
	}
	return n
}

// keepMembers keeps the ids that a job has gathered as the members of a segment, and returns their version; 0 for no job.
func (b *backend) keepMembers(ctx context.Context, kept store.Store, segment *store.Segment, job string) error {
	if job == "" {
		return nil
	}
	one := b.gathering.take(job)
	if one == nil || one.ids == nil {
		return errGone
	}
	defer one.close()
	var err error
	segment.Members, err = store.PutMembers(ctx, kept, segment.Name, segment.Snapshot, one.given, one.buckets, one.ids.Bucket)
	return err
}
