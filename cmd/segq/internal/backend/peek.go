package backend

import (
	"context"
	"maps"
	"sync"

	"github.com/segq/segq/cmd/segq/internal/peek"
	"github.com/segq/segq/repl"
)

// peeking counts what is typed; one that begins ends the one before it, of which nobody wants the
// answer any more.
type peeking struct {
	mu  sync.Mutex
	end context.CancelFunc // of the one before
}

// only returns a context that ends with ctx, or as soon as only is called again.
func (p *peeking) only(ctx context.Context) (context.Context, context.CancelFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.end != nil {
		p.end()
	}
	ctx, p.end = context.WithCancel(ctx)
	return ctx, p.end
}

// Peek counts what is complete of a text, as package peek says.
func (b *backend) Peek(ctx context.Context, text string, cursor int) repl.Peek {
	ctx, end := b.peeks.only(ctx)
	defer end()
	b.mu.Lock()
	segments := maps.Clone(b.defined)
	b.mu.Unlock()
	return peekOf(b.peek(ctx, peek.Question{Text: text, Cursor: cursor, Params: b.params.all(), Now: b.info.Now, Segments: b.saved.withSaved(text, segments)}))
}

// peek asks the data that is here, or a worker elsewhere.
func (b *backend) peek(ctx context.Context, q peek.Question) peek.Result {
	h, release := b.hold()
	defer release()
	if h == nil {
		return b.peekElsewhere(ctx, q)
	}
	return h.counter.Count(ctx, q)
}

// peekOf returns a result in the session's terms.
func peekOf(r peek.Result) repl.Peek {
	p := repl.Peek{Counted: r.Counted.AST(), Count: r.Count, Total: r.Total, Exact: r.Exact, Loading: r.Loading, Note: r.Note, Instead: r.Instead}
	if c := r.Clause; c != nil {
		p.Clause = &repl.Clause{At: c.At.AST(), Pass: c.Pass, Without: c.Without}
	}
	return p
}
