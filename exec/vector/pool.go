package vector

import (
	"unsafe"

	"github.com/segq/segq/lang/check"
)

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

// reset takes everything back. What a block takes that is unlike the others is not kept.
func (p *pool[T]) reset() {
	if p.want > len(p.slab) && p.want*size[T]() <= mostKept {
		p.slab = make([]T, p.want+p.want/4)
	}
	p.used, p.want = 0, 0
}

// bytes is what the block has taken.
func (p *pool[T]) bytes() int { return p.want * size[T]() }

func size[T any]() int {
	var x T
	return int(unsafe.Sizeof(x))
}

// The bounds of what an evaluator holds for one block, in bytes and in elements of the
// lists of one frame, and of what one of its pools keeps for the next. A block that needs
// more is evaluated in pieces.
const (
	mostBytes    = 128 << 20
	mostElements = 4 << 20
	mostKept     = 32 << 20
)

// crowd says whether lists of n elements are too many, or what was made before is. The
// evaluation then ends as one that was told to stop does.
func (e *Evaluator) crowd(n int) bool {
	if n > mostElements || e.pools.bytes()+e.constants.bytes > mostBytes {
		e.crowded, e.stopped = true, true
	}
	return e.crowded
}

// strings returns n empty texts, which no pool holds.
func (e *Evaluator) strings(n int) []string {
	e.pools.texts += n * size[string]()
	return make([]string, n)
}

// bitmap returns n bits, all zero.
func (e *Evaluator) bitmap(n int) []uint64 {
	b := e.pools.words.take((n + 63) >> 6)
	clear(b)
	return b
}

// What these hold is of no interest.
func (e *Evaluator) longs(n int) []int64    { return e.pools.longs.take(n) }
func (e *Evaluator) floats(n int) []float64 { return e.pools.floats.take(n) }
func (e *Evaluator) words32(n int) []uint32 { return e.pools.words32.take(n) }

// vector returns an empty vector of a kind.
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
	// texts is the bytes of what strings has given in this block.
	texts int
}

// bytes is what all of them have given.
func (p *pools) bytes() int {
	return p.words.bytes() + p.longs.bytes() + p.floats.bytes() + p.words32.bytes() + p.vectors.bytes() + p.texts
}

func (p *pools) reset() {
	p.words.reset()
	p.longs.reset()
	p.floats.reset()
	p.words32.reset()
	p.vectors.reset()
	p.texts = 0
}

func filled[T any](s []T, x T) []T {
	for i := range s {
		s[i] = x
	}
	return s
}
