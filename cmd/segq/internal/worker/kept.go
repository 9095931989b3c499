package worker

import (
	"context"
	"errors"
	"io/fs"

	"github.com/segq/segq/cmd/segq/internal/store"
	"github.com/segq/segq/redisx/record"
)

// kept returns the store of a tenant, which stays open: that of the process of this worker, else the one in Redis.
func (h *handler) kept(ctx context.Context, tenant string) (store.Store, error) {
	switch {
	case h.store != nil:
		return h.store(ctx)
	case h.client.Embedded():
		return nil, refusal{record.Error{Code: "no-store", Message: "nothing is kept where this worker runs"}}
	}
	return store.Shared(h.client, tenant), nil
}

// noSegment is the error of a segment, or of members, that are not there, or that the store does not give.
func noSegment(err error, hint string) error {
	var damaged store.DamagedError
	var file *fs.PathError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, store.ErrNone):
		return refusal{record.Error{Code: "no-segment", Message: err.Error(), Hint: hint}}
	case errors.As(err, &damaged):
		return refusal{record.Error{Code: record.Unreadable, Message: err.Error()}}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), errors.As(err, &file): // and none of Redis
		return err
	}
	return transient{err}
}

// errNoIDs says that the profiles of some data have no ids.
var errNoIDs = refusal{record.Error{Code: "no-ids", Message: "the profiles of this data have no ids", Hint: "the worker is told with --id which field has them"}}
