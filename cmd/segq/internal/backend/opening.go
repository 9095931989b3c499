package backend

import (
	"context"
	"io"
	"sync/atomic"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/repl"
)

// opening is the opening of what a session asks, which goes on in the background.
type opening struct {
	name        string
	done        chan struct{} // closed when it has ended, with err
	err         error
	read, total atomic.Int64
}

// Begin returns the backend of a session at once, and opens what it asks meanwhile, for a session that
// calls it by a name. What there is to note of the data is in its report. The first
// session of somebody gets an example.
func Begin(ctx context.Context, q *ask.Queue, o ask.Options, namespace, name string, first bool) repl.Backend {
	b := newBackend(q, o, namespace)
	b.opening = &opening{name: name, done: make(chan struct{})}
	go func() {
		defer close(b.opening.done)
		b.opening.err = exit.Guard(func() error { return b.open(ctx, first) })
	}()
	return b
}

// open opens what the session asks.
func (b *backend) open(ctx context.Context, first bool) error {
	err := b.Queue.Load(ctx, io.Discard, func(read, total int64) {
		b.opening.read.Store(read)
		b.opening.total.Store(total)
	})
	if err != nil {
		return err
	}
	b.describe(ctx)
	h, release := b.hold()
	defer release()
	if h == nil {
		return nil
	}
	h.info.Dataset = b.opening.name
	if first {
		h.info.Example = b.example(ctx, h.data)
	}
	return nil
}

// Open waits for the data.
func (b *backend) Open(ctx context.Context) error {
	if b.opening == nil {
		return nil
	}
	select {
	case <-b.opening.done:
		return b.opening.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// opened says whether there is anything to ask.
func (b *backend) opened() bool {
	if b.opening == nil {
		return true
	}
	select {
	case <-b.opening.done:
		return b.opening.err == nil
	default:
		return false
	}
}

// describeOpening says what is known before the data is there.
func (b *backend) describeOpening() repl.Info {
	o := b.opening
	return repl.Info{
		Version: b.info.Version, Dataset: o.name, Profiles: -1, Events: -1, Loaded: -1,
		Opening: &repl.Opening{Done: o.read.Load(), Size: o.total.Load(), Rows: b.Taken.Load()},
	}
}
