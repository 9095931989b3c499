package backend

import (
	"bytes"
	"context"
	"strings"
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
// calls it by a name. load loads the data and has the notes written down; progress may be told. The first
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
	var notes bytes.Buffer
	err := b.Queue.Load(ctx, &notes, func(read, total int64) {
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
	h.info.Dataset, h.info.Report = b.opening.name, reportOf(&notes)
	if first {
		h.info.Example = b.example(ctx, h.data)
	}
	return nil
}

// reportOf returns what was noted when data was read, line by line.
func reportOf(notes *bytes.Buffer) (report []string) {
	for line := range strings.Lines(notes.String()) {
		report = append(report, strings.TrimPrefix(strings.TrimRight(line, "\n"), "segq: "))
	}
	return report
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
		Opening: &repl.Opening{Done: o.read.Load(), Size: o.total.Load()},
	}
}
