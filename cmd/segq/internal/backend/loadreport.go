package backend

import (
	"context"

	"github.com/segq/segq/cmd/segq/internal/loadreport"
	"github.com/segq/segq/repl/show"
)

// LoadReport says how the data was read, as far as that is in memory.
func (b *backend) LoadReport(ctx context.Context, look show.Look) ([]string, error) {
	h, release := b.hold()
	defer release()
	if h == nil {
		return nil, nil
	}
	r, err := loadreport.Of(ctx, h.data, false)
	if err != nil {
		return nil, err
	}
	return r.Lines(look), nil
}
