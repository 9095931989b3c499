package backend

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/redisx"
)

// announcement is the last that a client has heard of the data of workers elsewhere.
// It is read from memory, and renewed behind the back of whoever reads it.
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
	a.read()
	return a
}

// latest is what the workers said last, nil where none has said anything.
func (a *announcement) latest() *dataset.Published { return a.known.Load() }

// renew asks again, unless it was asked for less than a second ago, and does not wait.
func (a *announcement) renew() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if time.Since(a.asked) < time.Second {
		return
	}
	a.asked = time.Now()
	go a.read()
}

func (a *announcement) read() {
	limited, cancel := context.WithTimeout(a.ctx, 2*time.Second)
	defer cancel()
	if p, err := dataset.ReadPublished(limited, a.client); err == nil && p != nil && p.Root != nil {
		a.known.Store(p)
	}
}
