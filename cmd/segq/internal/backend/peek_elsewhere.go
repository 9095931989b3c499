package backend

import (
	"context"
	"encoding/json"

	"github.com/segq/segq/cmd/segq/internal/peek"
)

// peekElsewhere asks a worker. Where none answers there is nothing to show.
func (b *backend) peekElsewhere(ctx context.Context, q peek.Question) (r peek.Result) {
	if b.elsewhere == nil || b.elsewhere.latest() == nil {
		return r
	}
	q.Snapshot = b.elsewhere.snapshot()
	body, err := json.Marshal(q)
	if err == nil {
		body, err = b.elsewhere.ask(ctx, peek.Op, body)
	}
	if err != nil || json.Unmarshal(body, &r) != nil || !inside(r.Counted, q.Text) || r.Clause != nil && !inside(r.Clause.At, q.Text) {
		return peek.Result{} // of a worker that may be anybody's
	}
	return r
}

// inside says whether a span is one of a text.
func inside(s peek.Span, text string) bool {
	return 0 <= s.Start && s.Start <= s.End && s.End <= len(text)
}
