package backend

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/store"
	"github.com/segq/segq/cmd/segq/internal/worker"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/repl"
)

// Gathers says why this session can have no members. Workers elsewhere have theirs in Redis.
func (b *backend) Gathers() error {
	h, release := b.hold()
	defer release()
	if h != nil {
		if h.data.Snapshot.ID == nil {
			return ask.ErrNoIDs
		}
		return nil
	}
	// A store that is not there at once is no file: the worker will meet it, or say what is wrong.
	told := make(chan error, 1)
	go func() { told <- b.gathersThere() }()
	select {
	case err := <-told:
		return err
	case <-time.After(atOnce):
		return nil
	}
}

// atOnce is how long a key may wait for the answer to what it needs.
const atOnce = 100 * time.Millisecond

// gathersThere says why a session of workers elsewhere can have no members: it opens the store.
func (b *backend) gathersThere() error {
	limited, cancel := context.WithTimeout(context.Background(), savedWithin)
	defer cancel()
	kept, err := b.keeps(limited)
	if err == nil && !store.InRedis(kept) {
		err = fmt.Errorf("the workers keep members in Redis, and this session keeps its segments in %s: start it without --store", kept.Place())
	}
	return err
}

// Opens says why this session opens no other data.
func (b *backend) Opens() error {
	h, release := b.hold()
	defer release()
	switch {
	case h == nil:
		return errors.New("the data is with workers elsewhere, and other data is compared where both are: in the shell, segq diff NAME --against YESTERDAY TODAY")
	case h.data.Snapshot.ID == nil:
		return ask.ErrNoIDs
	}
	return nil
}

// asKept makes a command that of an operation of saved segments: a query is saved as it means the same outside of the session, and
// what is compared is what was saved.
func (b *backend) asKept(c redisx.Command, q repl.Query) redisx.Command {
	c.Values, c.Sample = false, 0
	if c.Op == repl.Save {
		c.Members, c.Query = q.Asks.Members, b.whole(q.Text)
		return c
	}
	c.Saved, c.Query, c.Name = q.Asks.Saved, "", ""
	c.Segments, c.SegmentVersions = nil, nil
	return c
}

// submitDiff submits the command of a comparison, which may open other data.
func (b *backend) submitDiff(ctx context.Context, c redisx.Command, op *repl.Operation) (string, error) {
	if len(op.Against) == 0 {
		return b.Client.Submit(ctx, c)
	}
	if err := b.Opens(); err != nil {
		return "", err
	}
	words := make([]string, len(op.Against))
	for i, word := range op.Against {
		words[i] = repl.AtHome(word)
	}
	b.Deliver(c.ID, worker.Delivery{Before: func(ctx context.Context, progress func(done, total int64)) (*dataset.Dataset, error) {
		return b.OpenOther(ctx, words, progress)
	}})
	id, err := b.Client.Submit(ctx, c)
	if err != nil {
		b.Delivered(c.ID)
	}
	return id, err
}
