// Package replica has the rows of a lookup in Redis, as a [lookup.Source]. A row goes there as bytes (encode.go), under
// the bytes of its key; what comes back becomes columns (build.go).
package replica

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/lookup"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
	redislookup "github.com/segq/segq/redisx/lookup"
)

// rowsAtOnce is how many rows are asked for, and made columns of, at once: so many that there are some for each bucket
// of a table of some millions.
const rowsAtOnce = 256 << 10

// source is a table whose rows are in Redis.
type source struct {
	of     dataset.ReplicaOf
	plan   *lookup.Resident // never read: what rows and keys are
	client *redisx.Client
	rows   *redislookup.Replica
}

var _ lookup.Source = (*source)(nil)

// Opener returns what puts lookups into the Redis that connect reaches.
func Opener(connect func(context.Context) (*redisx.Client, error)) func(context.Context, dataset.ReplicaOf) (lookup.Source, error) {
	return func(ctx context.Context, of dataset.ReplicaOf) (lookup.Source, error) {
		plan, err := lookup.NewUnread(of.Table, of.Key, of.Threads)
		if err != nil {
			return nil, err
		}
		s := &source{of: of, plan: plan}
		if err := s.open(ctx, connect); err != nil {
			return nil, errors.Join(err, s.Close())
		}
		return s, nil
	}
}

func (s *source) open(ctx context.Context, connect func(context.Context) (*redisx.Client, error)) error {
	name, err := s.name(ctx)
	if err != nil {
		return err
	}
	if s.client, err = connect(ctx); err != nil {
		return err
	}
	var opened atomic.Bool
	defer opened.Store(true)
	s.rows, err = redislookup.Open(ctx, s.client, redislookup.Options{
		Name: name, Rows: s.of.Rows, Fill: s.fill,
		Note: func(text string) {
			if s.of.Note != nil && !opened.Load() {
				s.of.Note("lookup " + s.of.Name + ": " + text)
			}
		},
	})
	return s.explain(err)
}

// encoding is the version of what is in a row.
const encoding = "1"

// name names the rows: by all that is in the files, since tables whose files say the same of themselves
// may differ, and by what is read of them.
func (s *source) name(ctx context.Context) (string, error) {
	contents := s.plan.Fingerprint()
	if t, ok := s.of.Table.(interface {
		Digest(ctx context.Context) (string, error)
	}); ok {
		digest, err := t.Digest(ctx)
		if err != nil {
			return "", err
		}
		contents += " " + digest
	}
	return encoding + " " + contents, nil
}

// explain turns the error of a key that stands twice into that of lookups.
func (s *source) explain(err error) error {
	var twice *redislookup.DuplicateError
	if !errors.As(err, &twice) {
		return err
	}
	return &lookup.TwiceError{Field: s.of.Key, Key: keyText(s.Key(), twice.Key), First: twice.Rows[0] + 1, Second: twice.Rows[1] + 1}
}

// Schema has the fields but the key.
func (s *source) Schema() *check.Type { return s.plan.Schema() }

// Key is the type of the key.
func (s *source) Key() *check.Type { return s.plan.Key() }

// Fingerprint is that of the table and its key.
func (s *source) Fingerprint() string { return s.plan.Fingerprint() }

// Nulls is how many rows have no key.
func (s *source) Nulls() int { return s.rows.Nulls() }

// Close closes the table and the connections. The rows stay in Redis for a while.
func (s *source) Close() error {
	var errs []error
	if s.rows != nil {
		errs = append(errs, s.rows.Close())
	}
	if s.client != nil {
		errs = append(errs, s.client.Close())
	}
	return errors.Join(append(errs, s.plan.Close())...)
}

// block is what was found of some keys.
type block struct {
	rows []string
	err  error
}

// Rows finds rows, as [lookup.Source] says: while those of some keys become columns, the next are on their way.
func (s *source) Rows(ctx context.Context, keys column.Column, fields []string) (*column.Struct, error) {
	built, err := s.newRows(fields)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	blocks := make(chan block, 1)
	go func() {
		defer close(blocks)
		for start := 0; start < keys.Len(); start += rowsAtOnce {
			var b block
			b.rows, b.err = s.rows.Get(ctx, keysOf(keys, start, min(keys.Len(), start+rowsAtOnce)))
			select {
			case blocks <- b:
			case <-ctx.Done():
			}
			if b.err != nil || ctx.Err() != nil {
				return
			}
		}
	}()
	for b := range blocks {
		if b.err != nil {
			return nil, s.explain(b.err)
		}
		for _, row := range b.rows {
			if err := built.add(row); err != nil {
				return nil, fmt.Errorf("a row of the lookup in Redis is not as it was written: %w", err)
			}
		}
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return built.columns(ctx, s.of.Threads)
}
