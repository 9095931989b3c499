package backend

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/repl/show"
)

// announcement is the last that a client has heard of the data of workers elsewhere.
// It is read from memory, and read anew where somebody has reason to doubt it.
type announcement struct {
	ctx    context.Context
	client *redisx.Client
	known  atomic.Pointer[dataset.Published]

	mu    sync.Mutex
	asked time.Time // when it was last asked for
}

// newAnnouncement asks once, and waits for the answer. What cannot be read is not known.
func newAnnouncement(ctx context.Context, c *redisx.Client) *announcement {
	a := &announcement{ctx: ctx, client: c, asked: time.Now()}
	a.read(2 * time.Second)
	return a
}

// latest is what the workers said last, nil where none has said anything.
func (a *announcement) latest() *dataset.Published { return a.known.Load() }

// renewed asks again, unless it was asked for less than a second ago, and says whether the
// workers have other data by now. It waits no longer than somebody who types.
func (a *announcement) renewed() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if time.Since(a.asked) < time.Second {
		return false
	}
	a.asked = time.Now()
	before := a.known.Load()
	a.read(patience)
	now := a.known.Load()
	return now != nil && (before == nil || before.Snapshot != now.Snapshot)
}

// patience is how long a session waits for what the workers say: it must not be felt.
const patience = 200 * time.Millisecond

func (a *announcement) read(within time.Duration) {
	limited, cancel := context.WithTimeout(a.ctx, within)
	defer cancel()
	if p, err := dataset.ReadPublished(limited, a.client); err == nil && p != nil && p.Root != nil {
		a.known.Store(p)
	}
}

// factsElsewhere adds how many workers there are, and what their data is like.
func (b *backend) factsElsewhere(ctx context.Context) {
	p := b.elsewhere.latest()
	if p == nil {
		return
	}
	b.info.Fields = dataset.Leaves(p.Root)
	if n := p.RowsSkipped; n != nil && *n > 0 {
		b.info.Facts = append(b.info.Facts, show.Plural(*n, "row", "rows")+" skipped")
	}
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if workers, err := b.Client.Workers(limited); err == nil && len(workers) > 0 {
		b.info.Facts = append(b.info.Facts, "attached to "+show.Plural(len(workers), "worker", "workers"))
	}
}
