package kernel

import "math/bits"

// A list column holds the elements of its rows one after another: row i owns
// the elements offsets[i] to offsets[i+1]. The functions here take the part of
// the offsets that belongs to a block, one entry more than it has rows, and a
// bitmap over the block's elements alone: its bit 0 is element offsets[0].

// Counts gives for each row the number of its elements whose bit is set.
func Counts(dst []uint32, elems []uint64, offsets []uint32) {
	n := len(offsets) - 1
	dst = dst[:n]
	offsets = offsets[:n+1]
	r := rank{bits: elems}
	first, before := offsets[0], uint32(0)
	for i := range dst {
		upTo := r.at(offsets[i+1] - first)
		dst[i] = upTo - before
		before = upTo
	}
}

// Exists sets the bit of each row that has an element whose bit is set.
func Exists(dst []uint64, elems []uint64, offsets []uint32) {
	n := len(offsets) - 1
	dst = dst[:words(n)]
	clear(dst)
	r := rank{bits: elems}
	first, before := offsets[0], uint32(0)
	for i := range n {
		upTo := r.at(offsets[i+1] - first)
		dst[i>>6] |= bit(upTo != before) << (i & 63)
		before = upTo
	}
}

// rank counts the set bits before a position. Positions must not go back, so
// that it can walk over the words once, however many rows share one.
type rank struct {
	bits []uint64
	word int    // the words before this one are counted
	ones uint32 // the set bits in them
}

// at returns the number of set bits before position p.
func (r *rank) at(p uint32) uint32 {
	for w := int(p >> 6); r.word < w; r.word++ {
		r.ones += uint32(bits.OnesCount64(r.bits[r.word]))
	}
	if p&63 == 0 {
		return r.ones
	}
	return r.ones + uint32(bits.OnesCount64(r.bits[r.word]&(1<<(p&63)-1)))
}

// Lengths gives for each row the number of its elements.
func Lengths(dst []uint32, offsets []uint32) {
	n := len(offsets) - 1
	dst = dst[:n]
	offsets = offsets[:n+1]
	for i := range dst {
		dst[i] = offsets[i+1] - offsets[i]
	}
}

// Spread gives every element the bit of its row: the way back from [Exists].
func Spread(dst []uint64, rows []uint64, offsets []uint32) {
	n := len(offsets) - 1
	first := offsets[0]
	dst = dst[:words(int(offsets[n]-first))]
	clear(dst)
	for wi, w := range rows[:words(n)] {
		for w != 0 {
			i := wi<<6 + bits.TrailingZeros64(w)
			setRange(dst, offsets[i]-first, offsets[i+1]-first)
			w &= w - 1
		}
	}
}

// setRange sets the bits from a up to, but without, b.
func setRange(dst []uint64, a, b uint32) {
	if a >= b {
		return
	}
	first, last := a>>6, (b-1)>>6
	head, tail := ^uint64(0)<<(a&63), ^uint64(0)>>(63-(b-1)&63)
	if first == last {
		dst[first] |= head & tail
		return
	}
	dst[first] |= head
	for i := first + 1; i < last; i++ {
		dst[i] = ^uint64(0)
	}
	dst[last] |= tail
}

// Filled sets the bit of each row that has elements.
func Filled(dst []uint64, offsets []uint32) {
	n := len(offsets) - 1
	dst = dst[:words(n)]
	clear(dst)
	for i := range n {
		dst[i>>6] |= bit(offsets[i+1] != offsets[i]) << (i & 63)
	}
}
