package vector

import "github.com/segq/segq/lang/check"

// pool hands out slices that are all given back at once, when the evaluator turns
// to the next block: so that a block allocates nothing once the first ones have
// shown how much it takes.
type pool[T any] struct {
	slab []T
	used int
	// want is what the block has asked for, past the slab included.
	want int
}

func (p *pool[T]) take(n int) []T {
	p.want += n
	if p.used+n > len(p.slab) {
		return make([]T, n)
	}
	s := p.slab[p.used : p.used+n : p.used+n]
	p.used += n
	return s
}

// reset takes everything back.
func (p *pool[T]) reset() {
	if p.want > len(p.slab) {
		p.slab = make([]T, p.want+p.want/4)
	}
	p.used, p.want = 0, 0
}

// bitmap gives n bits, all zero.
func (e *Evaluator) bitmap(n int) []uint64 {
	b := e.pools.words.take((n + 63) >> 6)
	clear(b)
	return b
}

// What these hold is of no interest.
func (e *Evaluator) longs(n int) []int64    { return e.pools.longs.take(n) }
func (e *Evaluator) floats(n int) []float64 { return e.pools.floats.take(n) }
func (e *Evaluator) words32(n int) []uint32 { return e.pools.words32.take(n) }

// vector gives an empty vector of a kind.
func (e *Evaluator) vector(k check.Kind) *vector {
	v := &e.pools.vectors.take(1)[0]
	*v = vector{kind: k}
	return v
}

// pools are the memory of a block.
type pools struct {
	words   pool[uint64]
	longs   pool[int64]
	floats  pool[float64]
	words32 pool[uint32]
	vectors pool[vector]
}

func (p *pools) reset() {
	p.words.reset()
	p.longs.reset()
	p.floats.reset()
	p.words32.reset()
	p.vectors.reset()
}
