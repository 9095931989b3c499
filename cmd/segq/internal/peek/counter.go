package peek

import (
	"context"

	"github.com/segq/segq/cmd/segq/internal/dataset"
)

// Counter counts over one dataset. It is safe for concurrent use.
type Counter struct {
	ctx  context.Context
	data *dataset.Dataset
}

// New returns the counter of a dataset. What it does in the background ends with ctx.
func New(ctx context.Context, d *dataset.Dataset) *Counter { return &Counter{ctx: ctx, data: d} }

// Count answers a question; ctx is done as soon as nobody waits for the answer any more. It does not wait for
// columns: where some are missing, it says so, and they are loaded meanwhile.
func (c *Counter) Count(context.Context, Question) Result { return Result{} }
