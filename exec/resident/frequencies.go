package resident

import "math/bits"

// frequencies is how often each of some integers was seen: a hash table with linear probing, of
// which at most half of the slots are taken.
type frequencies struct {
	slots []frequency
	used  int
	shift int // leaves as many bits as number the slots
}

// frequency is an integer, and how often it was seen; never is a free slot.
type frequency struct {
	key int64
	n   int
}

// of returns the slot of an integer, or the free one where it belongs. There is one at least.
func (f *frequencies) of(key int64) *frequency {
	// The upper bits of the product with 2^64 divided by the golden ratio (Knuth, The Art of
	// Computer Programming 3, section 6.4) depend on all bits of the key.
	at := int(uint64(key) * 0x9e3779b97f4a7c15 >> (f.shift & 63))
	for f.slots[at].n != 0 && f.slots[at].key != key {
		at = (at + 1) & (len(f.slots) - 1)
	}
	return &f.slots[at]
}

// firstSlots is how many slots a table has at first.
const firstSlots = 64

// fit makes room for n more integers. Who takes over another table makes room for all of it
// before: its integers come in the order in which they lie here, and would crowd the first slots.
func (f *frequencies) fit(n int) {
	size := max(firstSlots, len(f.slots))
	for 2*(f.used+n) > size {
		size *= 2
	}
	if size == len(f.slots) {
		return
	}
	before := f.slots
	f.slots = make([]frequency, size)
	f.shift = 64 - bits.Len(uint(size-1))
	for _, one := range before {
		if one.n > 0 {
			*f.of(one.key) = one
		}
	}
}

// add counts an integer n times more, n above 0. There must be room.
func (f *frequencies) add(key int64, n int) {
	s := f.of(key)
	if s.n == 0 {
		s.key = key
		f.used++
	}
	s.n += n
}
