package load

import (
	"math"
	"math/bits"
	"slices"

	"github.com/segq/segq/exec/column"
)

// slotSet is a growing set of slots, a bit each.
type slotSet struct {
	bits column.Bitmap
	n    int // slots that are in it, or not; those behind are not
}

// reserve sees to bits for n slots.
func (p *slotSet) reserve(n int) {
	if words, had := (n+63)/64, len(p.bits); words > had {
		p.bits = slices.Grow(p.bits, words-had)[:words]
		clear(p.bits[had:])
	}
}

// set adds a slot.
func (p *slotSet) set(slot int) {
	p.reserve(slot + 1)
	p.bits.Set(slot)
	p.n = max(p.n, slot+1)
}

// told returns what the set is compared by.
func (p *slotSet) told() (t told) {
	for i, word := range p.bits {
		if word == 0 {
			continue
		}
		t.present += bits.OnesCount64(word)
		t.where += tellWord(i, word)
	}
	return t
}

// tellWord returns a word of a set as a number whose sums tell sets apart.
func tellWord(i int, word uint64) uint64 {
	h := (word ^ uint64(i)*0xd6e8feb86659fd93) * 0x9e3779b97f4a7c15
	return (h ^ h>>32) * 0xd6e8feb86659fd93
}

// tellAll returns what a set of all of n slots is compared by.
func tellAll(n int) told {
	t := told{present: n}
	for i := range n / 64 {
		t.where += tellWord(i, math.MaxUint64)
	}
	if n%64 > 0 {
		t.where += tellWord(n/64, 1<<(n%64)-1)
	}
	return t
}
