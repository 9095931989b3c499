package load

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/segq/segq/exec/load/parquet"
	"golang.org/x/sync/errgroup"
)

// pool shares a number of threads among tasks that have parts: who has nothing left to
// do helps with the parts of others.
type pool struct {
	idle chan struct{} // a token for each thread that nobody uses

	mu     sync.Mutex
	chunks []*parquet.Chunk // that are read no more, for their buffers
}

func newPool(threads int) *pool {
	p := &pool{idle: make(chan struct{}, threads)}
	for range threads - 1 {
		p.idle <- struct{}{}
	}
	return p
}

// each calls f with the numbers below n, side by side as far as threads are idle. The
// thread of the caller is one of them.
func (p *pool) each(ctx context.Context, n int, f func(ctx context.Context, i int) error) error {
	g, ctx := errgroup.WithContext(ctx)
	var next atomic.Int64
	var work func() error
	work = func() error {
		for {
			i := int(next.Add(1)) - 1
			if i >= n {
				return nil
			}
			if i+1 < n {
				select {
				case <-p.idle:
					g.Go(guarded(func() error {
						defer func() { p.idle <- struct{}{} }()
						return work()
					}))
				default:
				}
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := f(ctx, i); err != nil {
				return err
			}
		}
	}
	g.Go(guarded(work))
	return g.Wait()
}

// chunk gives a chunk that is read no more; nil for none.
func (p *pool) chunk() *parquet.Chunk {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.chunks) == 0 {
		return nil
	}
	last := len(p.chunks) - 1
	c := p.chunks[last]
	p.chunks = p.chunks[:last]
	return c
}

// leave takes a chunk that is read no more.
func (p *pool) leave(c *parquet.Chunk) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.chunks = append(p.chunks, c)
}

// close frees the buffers.
func (p *pool) close() {
	for _, c := range p.chunks {
		c.Close()
	}
	p.chunks = nil
}
