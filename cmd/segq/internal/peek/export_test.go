package peek

import (
	"context"
	"time"

	"github.com/segq/segq/cmd/segq/internal/dataset"
)

// Patient is New for who waits as long as it takes.
func Patient(ctx context.Context, d *dataset.Dataset) *Counter {
	c := New(ctx, d)
	c.patience = time.Hour
	return c
}

// Forget makes a counter count anew.
func (c *Counter) Forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.recent = recent{}
}
