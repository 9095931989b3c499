package backend

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/segq/segq/redisx"
	"github.com/segq/segq/repl"
)

// hearing finds out at once that the connection of a worker has ended, as that of one which was killed does: one that is
// stopped, or cut off, is only missed when it gives no sign of life.
type hearing struct {
	mu sync.Mutex
	// trusted says that once as many were connected as gave signs of life: those of older versions are not, and behind
	// some servers of others nobody can be counted.
	trusted bool
	// since is from when on there are as few, zero where there are enough, and last how many there were; before is how many were
	// missing before.
	since        time.Time
	last, before int
}

// missing says of how many of those that should be alive the connection has ended, and whether that may be so.
func (h *hearing) missing(alive []redisx.Seen, listening int, now time.Time) (n int, doubt bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if listening >= len(alive) {
		h.trusted, h.since, h.last, h.before = true, time.Time{}, listening, 0
		return 0, false
	}
	if !h.trusted {
		return 0, false
	}
	if h.since.IsZero() || listening < h.last { // it may be made anew just now
		h.since, h.last = now, listening
		return h.before, true
	}
	h.last = listening
	for _, w := range alive { // who has given a sign since is not lost
		if w.Quiet > now.Sub(h.since) {
			n++
		}
	}
	h.before = min(n, len(alive)-listening)
	return h.before, true
}

// Crew says how the workers elsewhere are.
func (b *backend) Crew(ctx context.Context) (*repl.Crew, error) {
	a := b.elsewhere
	if a == nil {
		return nil, nil
	}
	r, err := b.Client.Roster(ctx)
	if err != nil {
		return nil, b.reached(err)
	}
	c := crewOf(r, &a.hearing, time.Now())
	c.Start = b.serving()
	if p := a.latest(); p != nil {
		c.Written = p.Written
	}
	a.workers.note(c.Alive)
	if r.Snapshot != "" && r.Snapshot != a.snapshot() {
		a.renewSoon()
	}
	return c, nil
}

// crewOf returns a roster in the session's terms.
func crewOf(r redisx.Roster, h *hearing, now time.Time) *repl.Crew {
	c := &repl.Crew{}
	var alive []redisx.Seen
	for _, w := range r.Workers {
		if !w.Silent() {
			alive = append(alive, w)
		}
	}
	missing, doubt := h.missing(alive, r.Listening, now)
	c.Doubt = doubt
	for _, w := range r.Workers {
		seen := workerOf(w, r.Snapshot)
		if seen.Cut = cut(w, alive, missing); !seen.Silent && !seen.Cut && !seen.Other {
			c.Alive++
		} else if seen.Other && !seen.Silent && !seen.Cut {
			c.Others++
		}
		c.Workers = append(c.Workers, seen)
	}
	c.TakeOver = takeOver(r)
	if s := r.StandIn; s != nil {
		c.Note = "no worker has the data any more that answers came from until " + s.Since.UTC().Format("2006-01-02 15:04 MST") + ": what they come from now may be older"
	}
	return c
}

// takeOver is in how long workers with other data take over, where nobody with the queue's gives a sign of life any more: with the first
// sign of life that one of them gives when the leases of the lost ones are over.
func takeOver(r redisx.Roster) (d time.Duration) {
	for _, w := range r.Workers {
		if w.Snapshot == r.Snapshot {
			d = max(d, w.Lease-w.Quiet)
		}
	}
	for _, w := range r.Workers {
		if w.Snapshot != r.Snapshot && w.Snapshot != "" && !w.Silent() {
			return d + max(w.Every-w.Quiet, 0)
		}
	}
	return d
}

// cut says whether a worker is one of so many that are missing: those whose last sign of life is the oldest.
func cut(w redisx.Seen, alive []redisx.Seen, missing int) bool {
	if missing == 0 || w.Silent() {
		return false
	}
	quiet := slices.SortedFunc(slices.Values(alive), func(a, b redisx.Seen) int { return cmp.Or(cmp.Compare(b.Quiet, a.Quiet), cmp.Compare(a.Name, b.Name)) })
	return slices.ContainsFunc(quiet[:missing], func(other redisx.Seen) bool { return other.Name == w.Name })
}

// workerOf returns a worker in the session's terms; answers come from a snapshot.
func workerOf(w redisx.Seen, snapshot string) repl.Worker {
	out := repl.Worker{
		Name: w.Name, Dataset: w.Dataset, Snapshot: w.Snapshot, Profiles: w.Rows, Loaded: w.Since, Fields: int(w.Columns), InMemory: int(w.Loaded),
		Running: w.Running, Quiet: w.Quiet, Silent: w.Silent(), Trouble: w.Trouble, GivenUp: max(w.Lease-w.Quiet, 0),
		Other: w.Snapshot != "" && snapshot != "" && w.Snapshot != snapshot,
	}
	if w.Dataset == "" {
		out.Profiles = -1
	}
	return out
}
