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

// digit is how many bits of integers are looked at together, lastDigit how many at most if they
// are all that differ, and fewInPile how many integers are sorted.
const (
	digit     = 16
	lastDigit = 18
	fewInPile = 1 << 11
)

// place is a digit of integers: so many bits above the lowest ones.
type place struct{ shift, bits int }

// of returns the digit, by which integers are in order that agree above it.
func (p place) of(key int64) int { return int((uint64(key) ^ 1<<63) >> p.shift & (1<<p.bits - 1)) }

// next returns the digit below.
func (p place) next() place { return place{max(0, p.shift-digit), digit} }

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
	first := place{0, bits.Len64(uint64(least ^ most))}
	if first.bits > lastDigit {
		first = place{first.bits - digit, digit}
	}
	p.pick(ranks, out, first)
	return out
}

// pick finds the integers with these ranks, of a pile that agrees above a digit: the integers with
// each value of the digit are counted, and those of values that have some of the ranks are piles of
// their own.
func (p *pile) pick(ranks []int, out []int64, at place) {
	if p.small() {
		p.pickSorted(ranks, out)
		return
	}
	single := p.digits(at)
	counts := slices.Clone(single)
	for _, one := range p.some.slots {
		if one.n > 0 {
			counts[at.of(one.key)] += one.n
		}
	}
	var heaps []heap
	for v, before := 0, 0; len(ranks) > 0; v++ {
		h := heap{digit: v, single: single[v]}
		for len(h.ranks) < len(ranks) && ranks[len(h.ranks)] < before+counts[v] {
			h.ranks = append(h.ranks, ranks[len(h.ranks)]-before)
		}
		if n := len(h.ranks); n > 0 {
			h.out, out, ranks = out[:n], out[n:], ranks[n:]
			heaps = append(heaps, h)
		}
		before += counts[v]
	}
	if at.shift == 0 {
		p.pickLast(heaps, at)
		return
	}
	p.split(heaps, at)
	for i := range heaps {
		heaps[i].pick(heaps[i].ranks, heaps[i].out, at.next())
	}
}

// heap is the part of a pile that has a digit, with so many single integers, the ranks that are
// looked for in it, and the places for what they are.
type heap struct {
	pile
	digit, single int
	ranks         []int
	out           []int64
}

// digits counts the single integers with each value of a digit.
func (p *pile) digits(at place) []int {
	counts := make([]int, 1<<at.bits)
	for _, chunk := range p.chunks {
		for _, key := range chunk {
			counts[at.of(key)]++
		}
	}
	return counts
}

// split copies the integers of heaps.
func (p *pile) split(heaps []heap, at place) {
	number := make([]uint8, 1<<at.bits) // of the heap, from 1 on
	own := make([][]int64, len(heaps)+1)
	for i := range heaps {
		number[heaps[i].digit] = uint8(i + 1)
		own[i+1] = make([]int64, 0, heaps[i].single)
	}
	for _, chunk := range p.chunks {
		for _, key := range chunk {
			if i := number[at.of(key)]; i > 0 {
				own[i] = append(own[i], key)
			}
		}
	}
	for i := range heaps {
		heaps[i].chunks = [][]int64{own[i+1]}
	}
	for _, one := range p.some.slots {
		if i := number[at.of(one.key)]; one.n > 0 && i > 0 {
			heaps[i-1].some.slots = append(heaps[i-1].some.slots, one)
		}
	}
}

// pickLast finds what has been looked for down to the last digit: a heap is one integer.
func (p *pile) pickLast(heaps []heap, at place) {
	above := p.chunks[0][0] &^ (1<<at.bits - 1)
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
