package column

import "math/bits"

// Bitmap is a vector of bits, 64 a word, the lowest first. Bits past the length
// that its owner knows are zero.
type Bitmap []uint64

// NewBitmap returns a bitmap with room for n bits, all zero.
func NewBitmap(n int) Bitmap { return make(Bitmap, (n+63)/64) }

// Get returns bit i.
func (b Bitmap) Get(i int) bool { return b[i>>6]>>(i&63)&1 != 0 }

// Set makes bit i one.
func (b Bitmap) Set(i int) { b[i>>6] |= 1 << (i & 63) }

// Valid reads b as a validity bitmap: a nil bitmap is valid everywhere.
func (b Bitmap) Valid(i int) bool { return b == nil || b.Get(i) }

// Ones counts the bits that are one.
func (b Bitmap) Ones() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}
