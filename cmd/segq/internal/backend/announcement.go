package backend

import (
	"bytes"
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/repl"
	"github.com/segq/segq/repl/show"
)

// announcement is the last that a client has heard of the data of workers elsewhere.
// It is read from memory, and read anew where somebody has reason to doubt it.
type announcement struct {
	ctx    context.Context
	client *redisx.Client
	values *valueMemory
	// request asks a worker.
	request func(ctx context.Context, op string, body []byte) ([]byte, error)
	known   atomic.Pointer[dataset.Published]
	fields  atomic.Pointer[[]repl.Field] // of what is known

	mu    sync.Mutex // held while it is asked for
	raw   []byte     // what was read last
	asked time.Time  // when it was last asked for

	workers working
	hearing hearing
}

// working is whether there are workers, as far as is known.
type working struct {
	mu    sync.Mutex
	none  bool
	asked time.Time
}

// served says whether there are workers. It asks at most once a second; who does not know says that there are.
func (a *announcement) served() bool {
	w := &a.workers
	w.mu.Lock()
	defer w.mu.Unlock()
	if time.Since(w.asked) < time.Second {
		return !w.none
	}
	w.asked = time.Now()
	limited, cancel := context.WithTimeout(a.ctx, patience)
	defer cancel()
	r, err := a.client.Roster(limited)
	w.none = err == nil && crewOf(r, &a.hearing, w.asked).Alive == 0
	return !w.none
}

// note takes how many workers there are.
func (w *working) note(alive int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.none, w.asked = alive == 0, time.Now()
}

// newAnnouncement asks once, and waits for the answer. What cannot be read is not known.
func newAnnouncement(ctx context.Context, c *redisx.Client) *announcement {
	a := &announcement{ctx: ctx, client: c, request: c.Request, asked: time.Now()}
	a.values = &valueMemory{ctx: ctx, request: a.ask, snapshot: a.snapshot}
	a.read(2 * time.Second)
	return a
}

// latest is what the workers said last, nil where none has said anything.
func (a *announcement) latest() *dataset.Published { return a.known.Load() }

// renewed asks again, unless it was asked for less than a second ago, and says whether the
// workers have other data by now. It waits no longer than somebody who types.
func (a *announcement) renewed() bool {
	before := a.known.Load()
	a.mu.Lock()
	defer a.mu.Unlock()
	if time.Since(a.asked) >= time.Second {
		a.asked = time.Now()
		a.read(patience)
	}
	now := a.known.Load()
	return now != nil && (before == nil || before.Snapshot != now.Snapshot)
}

// renewSoon does the same, and waits for nothing.
func (a *announcement) renewSoon() {
	if !a.mu.TryLock() {
		return // somebody does
	}
	due := time.Since(a.asked) >= time.Second
	a.mu.Unlock()
	if due {
		go a.renewed()
	}
}

// patience is how long a session waits for what the workers say: it must not be felt.
const patience = 200 * time.Millisecond

func (a *announcement) read(within time.Duration) {
	limited, cancel := context.WithTimeout(a.ctx, within)
	defer cancel()
	raw, err := a.client.Schema(limited)
	if err != nil || raw == nil || bytes.Equal(raw, a.raw) {
		return
	}
	if p, err := dataset.DecodePublished(raw); err == nil && p.Root != nil {
		a.raw = raw
		a.fields.Store(fieldsElsewhere(p))
		a.known.Store(p)
	}
}

// factsElsewhere adds how many workers there are, and what their data is like.
func (b *backend) factsElsewhere(ctx context.Context) {
	p := b.elsewhere.latest()
	if p == nil {
		return
	}
	if n := p.RowsSkipped; n != nil && *n > 0 {
		b.info.Facts = append(b.info.Facts, show.Plural(*n, "row", "rows")+" skipped")
	}
	b.info.Facts = append(b.info.Facts, old(p.Written, time.Now())...)
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if c, err := b.Crew(limited); err == nil && c.Alive > 0 {
		b.info.Facts = append(b.info.Facts, "attached to "+show.Plural(c.Alive, "worker", "workers"))
	}
}
