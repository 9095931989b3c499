package backend

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/repl"
)

// errWorkersData says why a session does not open data.
var errWorkersData = errors.New("the session asks the workers, and the data is theirs: kill -HUP reloads a worker, segq --serve --watch does so by itself; to open data here, start segq DATA")

// Reopen opens other data, or the same again, beside that which is asked, and has the session go on with it.
func (b *backend) Reopen(ctx context.Context, words []string, tell func(repl.Opening)) (changed bool, err error) {
	if b.now == nil {
		return false, errWorkersData
	}
	words = slices.Clone(words)
	for i := range words {
		words[i] = repl.AtHome(words[i])
	}
	b.reopening.Lock() // one after another
	defer b.reopening.Unlock()
	paths := b.Queue.Paths()
	var next *dataset.Dataset
	err = exit.Guard(func() (err error) {
		next, changed, err = b.Queue.Replace(ctx, words, io.Discard, func(read, total int64) {
			tell(repl.Opening{Done: read, Size: total, Rows: b.Taken.Load()})
		})
		return err
	})
	if err != nil || !changed {
		if next != nil {
			next.Close()
		}
		return false, err
	}
	defer next.Close()
	h := newHere(b.ctx, next, b.info)
	before, release := b.now.Hold()
	if slices.Equal(b.Queue.Paths(), paths) {
		h.info.Dataset = before.info.Dataset // as the session calls it
	}
	release()
	b.now.Replace(h)
	return true, nil
}

// Refresh opens the data again where it has changed, and nobody has written to it for a while.
func (b *backend) Refresh(ctx context.Context) (changed bool, err error) {
	if b.now == nil {
		return false, nil
	}
	changed, writing := b.Queue.Changed(ctx)
	switch {
	case !changed:
		return false, nil
	case writing:
		return false, repl.ErrWriting
	}
	return b.Reopen(ctx, nil, func(repl.Opening) {})
}
