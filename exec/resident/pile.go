package resident

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// pile is integers: some with how often each is there, and single ones in chunks.
type pile struct {
	some   frequencies
	chunks [][]int64
}

// digit is how many bits of integers are looked at together, and fewInPile how many of them are
// sorted.
const (
	digit     = 16
	fewInPile = 1 << 11
)

// digitOf returns the digit at a shift, by which integers are in order that agree above it.
func digitOf(key int64, shift int) int { return int((uint64(key) ^ 1<<63) >> shift & (1<<digit - 1)) }

// ranked returns the integers with these ranks, which ascend from 0 on.
func (p *pile) ranked(ranks []int) []int64 {
	least, most := int64(math.MaxInt64), int64(math.MinInt64)
	for _, one := range p.some.slots {
		if one.n > 0 {
			least, most = min(least, one.key), max(most, one.key)
		}
	}
	for _, chunk := range p.chunks {
		for _, key := range chunk {
			least, most = min(least, key), max(most, key)
		}
	}
	out := make([]int64, len(ranks))
	p.pick(ranks, out, max(0, bits.Len64(uint64(least^most))-digit))
	return out
}

// pick finds the integers with these ranks, of a pile that agrees above the digit at shift: the
// integers with each value of the digit are counted, and those of values that have some of the ranks
// are piles of their own.
func (p *pile) pick(ranks []int, out []int64, shift int) {
	if p.small() {
		p.pickSorted(ranks, out)
		return
	}
	counts := p.digits(shift)
	var heaps []heap
	number := make([]uint8, len(counts)) // of the heap, from 1 on
	for v, before := 0, 0; len(ranks) > 0; v++ {
		h := heap{digit: v}
		for len(h.ranks) < len(ranks) && ranks[len(h.ranks)] < before+counts[v] {
			h.ranks = append(h.ranks, ranks[len(h.ranks)]-before)
		}
		if n := len(h.ranks); n > 0 {
			h.out, out, ranks = out[:n], out[n:], ranks[n:]
			heaps = append(heaps, h)
			number[v] = uint8(len(heaps))
		}
		before += counts[v]
	}
	if shift == 0 {
		p.pickLast(heaps)
		return
	}
	p.split(heaps, func(key int64) int { return int(number[digitOf(key, shift)]) - 1 })
	for i := range heaps {
		heaps[i].pick(heaps[i].ranks, heaps[i].out, max(0, shift-digit))
	}
}

// heap is the part of a pile that has a digit, with the ranks that are looked for in it and the
// places for what they are.
type heap struct {
	pile
	digit int
	ranks []int
	out   []int64
}

// digits counts the integers with each value of a digit.
func (p *pile) digits(shift int) []int {
	counts := make([]int, 1<<digit)
	for _, chunk := range p.chunks {
		for _, key := range chunk {
			counts[digitOf(key, shift)]++
		}
	}
	for _, one := range p.some.slots {
		if one.n > 0 {
			counts[digitOf(one.key, shift)] += one.n
		}
	}
	return counts
}

// split copies the integers of heaps; of gives the number of the heap, -1 for none.
func (p *pile) split(heaps []heap, of func(key int64) int) {
	for i := range heaps {
		heaps[i].chunks = [][]int64{nil}
	}
	for _, chunk := range p.chunks {
		for _, key := range chunk {
			if i := of(key); i >= 0 {
				heaps[i].chunks[0] = append(heaps[i].chunks[0], key)
			}
		}
	}
	for _, one := range p.some.slots {
		if one.n == 0 {
			continue
		}
		if i := of(one.key); i >= 0 {
			heaps[i].some.slots = append(heaps[i].some.slots, one)
		}
	}
}

// pickLast finds what has been looked for down to the last digit: a heap is one integer.
func (p *pile) pickLast(heaps []heap) {
	above := p.chunks[0][0] &^ (1<<digit - 1)
	for _, h := range heaps {
		for i := range h.out {
			h.out[i] = above | int64(h.digit)
		}
	}
}

// small says whether few integers are single.
func (p *pile) small() bool {
	n := 0
	for _, chunk := range p.chunks {
		n += len(chunk)
	}
	return n <= fewInPile
}

// pickSorted finds the integers with these ranks by sorting them.
func (p *pile) pickSorted(ranks []int, out []int64) {
	var all []frequency
	for _, one := range p.some.slots {
		if one.n > 0 {
			all = append(all, one)
		}
	}
	for _, chunk := range p.chunks {
		for _, key := range chunk {
			all = append(all, frequency{key, 1})
		}
	}
	slices.SortFunc(all, func(a, b frequency) int { return cmp.Compare(a.key, b.key) })
	before := 0
	for i, r := range ranks {
		for before+all[0].n <= r {
			before += all[0].n
			all = all[1:]
		}
		out[i] = all[0].key
	}
}
