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
	slots  [][]uint32       // buffers for slots that nobody uses
	sets   []textSet        // buffers for texts
	words  [][][]uint64     // buffers for the planes of pages
	tables []*textTable     // that nobody uses

	// Of who reads parts of a table, of which nothing is kept; nil for others: where columns are
	// read to, what is known of texts, and by leaf how many decimals a float cannot tell from
	// others.
	rooms   *rooms
	known   map[string]*knownTexts
	inexact map[string]int
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
	if n == 1 || p.rooms != nil && len(p.idle) == 0 {
		return guarded(func() error {
			for i := range n {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := f(ctx, i); err != nil {
					return err
				}
			}
			return nil
		})()
	}
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

// chunk returns a chunk that is read no more; nil for none.
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

// buffer returns a buffer for slots, with nothing in it.
func (p *pool) buffer() []uint32 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.slots) == 0 {
		return nil
	}
	last := len(p.slots) - 1
	b := p.slots[last]
	p.slots = p.slots[:last]
	return b[:0]
}

// leaveBuffer takes a buffer that nobody uses any more.
func (p *pool) leaveBuffer(b []uint32) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.slots = append(p.slots, b)
}

// texts returns a buffer for texts, with none in it.
func (p *pool) texts() (s textSet) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if last := len(p.sets) - 1; last >= 0 {
		s, p.sets = p.sets[last], p.sets[:last]
	}
	return textSet{s.bytes[:0], s.ends[:0]}
}

// leaveTexts takes a buffer that nobody uses any more.
func (p *pool) leaveTexts(s textSet) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sets = append(p.sets, s)
}

// table returns an empty table of texts.
func (p *pool) table() *textTable {
	p.mu.Lock()
	defer p.mu.Unlock()
	last := len(p.tables) - 1
	if last < 0 {
		return newTextTable()
	}
	t := p.tables[last]
	p.tables = p.tables[:last]
	return t.emptied()
}

// leaveTables takes tables that nobody uses any more. It does not keep what is large.
func (p *pool) leaveTables(all []*textTable) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, t := range all {
		if t.size() < collectFrom {
			p.tables = append(p.tables, t)
		}
	}
}

// planes returns planes for the levels of a leaf, until they are given back.
func (p *pool) planes(f *leafPlan) *planes {
	all := newPlanes(f)
	p.mu.Lock()
	defer p.mu.Unlock()
	if last := len(p.words) - 1; last >= 0 {
		all.free, p.words = p.words[last], p.words[:last]
	}
	return all
}

// leavePlanes takes the buffers of planes that nobody uses any more.
func (p *pool) leavePlanes(all *planes) {
	if all == nil {
		return
	}
	all.reset(0)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.words = append(p.words, all.free)
}

// held is what there is beside columns: the buffers of chunks, and texts that are known.
func (p *pool) held() (bytes int64) {
	for _, c := range p.chunks {
		bytes += c.Held()
	}
	for _, k := range p.known {
		bytes += k.size()
	}
	return bytes
}

// close frees the buffers.
func (p *pool) close() {
	for _, c := range p.chunks {
		c.Close()
	}
	p.chunks = nil
}
