package backend

import (
	"context"
	"encoding/json"

	"github.com/segq/segq/cmd/segq/internal/peek"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/repl"
)

// Peek counts what is complete of a text, here or through a worker elsewhere.
func (b *backend) Peek(ctx context.Context, text string, cursor int) repl.Peek {
	q := peek.Question{Text: text, Cursor: cursor, Params: redisx.Params(b.options.Params), Segments: b.named()}
	if b.options.Now != "" {
		q.Now, _ = rules.Instant(b.options.Now)
	}
	if b.Data != nil {
		if b.Counter == nil {
			return repl.Peek{}
		}
		return shownPeek(b.Counter.Count(ctx, q), len(text))
	}
	return b.peekElsewhere(ctx, q)
}

// peekElsewhere asks a worker. Where none answers there is nothing to show.
func (b *backend) peekElsewhere(ctx context.Context, q peek.Question) repl.Peek {
	body, err := json.Marshal(q)
	if err != nil || b.elsewhere == nil || b.elsewhere.latest() == nil {
		return repl.Peek{}
	}
	if body, err = b.Client.Request(ctx, peek.Op, body); err != nil {
		return repl.Peek{}
	}
	var r peek.Result
	if json.Unmarshal(body, &r) != nil {
		return repl.Peek{}
	}
	return shownPeek(r, len(q.Text))
}

// named returns the queries of the session that have names.
func (b *backend) named() map[string]string {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make(map[string]string, len(b.defined))
	for name, text := range b.defined {
		out[name] = text
	}
	return out
}

// shownPeek returns a result as the session shows it, nothing where its places are not in a text of this
// length: a worker may be anybody's.
func shownPeek(r peek.Result, length int) repl.Peek {
	inside := func(s peek.Span) bool { return s.Start >= 0 && s.Start <= s.End && s.End <= length }
	if !inside(r.Counted) {
		return repl.Peek{}
	}
	p := repl.Peek{Counted: r.Counted.AST(), Count: r.Count, Total: r.Total, Exact: r.Exact, Loading: r.Loading}
	if c := r.Clause; c != nil && inside(c.At) {
		p.Clause = &repl.Clause{At: c.At.AST(), Pass: c.Pass, Without: c.Without}
	}
	return p
}
