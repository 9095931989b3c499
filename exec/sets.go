package exec

import (
	"cmp"
	"math/bits"
	"slices"
)

// sets counts sets of audiences, which are bits: a hash table with linear probing. The empty set
// is none.
type sets struct {
	slots []set
	used  int
}

type set struct {
	mask  uint64
	count int
}

// mostSets is how many sets are counted; the table has twice as many slots.
const (
	mostSets  = 8 << 20
	firstSets = 1 << 8
	setBytes  = 16
)

// add counts a set once more.
func (s *sets) add(mask uint64) error {
	if 2*s.used >= len(s.slots) {
		if s.used >= mostSets {
			return &MemoryError{Limit: 2 * mostSets * setBytes}
		}
		s.grow()
	}
	one := s.find(mask)
	if one.mask == 0 {
		one.mask = mask
		s.used++
	}
	one.count++
	return nil
}

// find returns the slot of a set, or the one that is free for it.
func (s *sets) find(mask uint64) *set {
	// The upper bits of the product with 2^64 divided by the golden ratio (Knuth, The Art of
	// Computer Programming 3, section 6.4) depend on all bits of the mask.
	at := int(mask * 0x9e3779b97f4a7c15 >> (64 - bits.Len(uint(len(s.slots)-1))))
	for s.slots[at].mask != mask && s.slots[at].mask != 0 {
		at = (at + 1) & (len(s.slots) - 1)
	}
	return &s.slots[at]
}

func (s *sets) grow() {
	before := s.slots
	s.slots = make([]set, max(firstSets, 2*len(before)))
	for _, one := range before {
		if one.mask != 0 {
			*s.find(one.mask) = one
		}
	}
}

// largest returns the sets with the most profiles, equally large ones in order of the indexes.
func (s *sets) largest(most int) []Intersection {
	var top []set
	least := 0
	cut := func() {
		slices.SortFunc(top, func(a, b set) int { return cmp.Or(cmp.Compare(b.count, a.count), inOrder(a.mask, b.mask)) })
		if len(top) > most {
			top = top[:most]
			least = top[most-1].count
		}
	}
	for _, one := range s.slots {
		if one.mask == 0 || one.count < least {
			continue
		}
		if top = append(top, one); len(top) >= 2*most {
			cut()
		}
	}
	cut()
	out := make([]Intersection, len(top))
	for i, one := range top {
		out[i].Count = one.count
		for mask := one.mask; mask != 0; mask &= mask - 1 {
			out[i].In = append(out[i].In, bits.TrailingZeros64(mask))
		}
	}
	return out
}

// inOrder compares sets by their indexes, as words are compared by their letters.
func inOrder(a, b uint64) int {
	differ := a ^ b
	if differ == 0 {
		return 0
	}
	// One of them has the first index that differs: it comes first, unless the other has none
	// from there on.
	first := differ & -differ
	from := ^(first - 1)
	if (a&first != 0) == (a&from != 0 && b&from != 0) {
		return -1
	}
	return 1
}
