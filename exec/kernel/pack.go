package kernel

import "math/bits"

// The elements of lists lie one after another, and ends has the bit of the last
// element of every list that has any. Subtracting the bit of the first element
// from the bits of a list, read as one number, finds and removes its lowest bit
// without a look at where lists begin and end: the borrow never leaves a list
// whose last bit is set. What is then still set at the end of a list, or was set
// there before, tells that the list had any.

// Lists sets one bit for each list that has elements, in order and from the front of
// dst on: whether more than drops of them are in m. rest gets m without the first
// drops elements of each list; it may be m.
func Lists(dst, rest, m, ends []uint64, drops int) {
	for drops > mostDrops {
		lists(dst, rest, m, ends, mostDrops)
		m, drops = rest, drops-mostDrops
	}
	lists(dst, rest, m, ends, drops)
}

// mostDrops is the number of matches that one pass over the elements can drop.
const mostDrops = 3

func lists(dst, rest, m, ends []uint64, drops int) {
	m, rest = m[:len(ends)], rest[:len(ends)]
	if len(ends) == 0 || listsWords(dst, rest, m, ends, drops) {
		return
	}
	var borrows [mostDrops + 1]uint64
	carry := uint64(1) // a list begins with the first element
	out := packer{dst: dst}
	for i, e := range ends {
		starts := e<<1 | carry
		carry = e >> 63
		w := m[i]
		var t uint64
		for k := range drops {
			t, borrows[k] = bits.Sub64(w|e, starts, borrows[k])
			w &= t
		}
		rest[i] = w
		t, borrows[drops] = bits.Sub64(w|e, starts, borrows[drops])
		out.add(t|w, e)
	}
	out.end()
}

// packer collects selected bits.
type packer struct {
	dst  []uint64
	word uint64
	used int
}

// add appends the bits of w that mask selects.
func (p *packer) add(w, mask uint64) {
	for mask != 0 {
		p.word |= w >> bits.TrailingZeros64(mask) & 1 << p.used
		mask &= mask - 1
		if p.used++; p.used == 64 {
			p.dst[0] = p.word
			p.dst, p.word, p.used = p.dst[1:], 0, 0
		}
	}
}

// end writes what is left.
func (p *packer) end() {
	if p.used > 0 {
		p.dst[0] = p.word
	}
}

// Unpack is the way back: it puts the bits at the front of src where mask has
// ones, in order, and zero elsewhere. It is fastest where src is longer than mask.
func Unpack(dst, src, mask []uint64) {
	dst = dst[:len(mask)]
	if len(src) > len(mask) && unpackWords(dst, src, mask) {
		return
	}
	at := 0
	for i, m := range mask {
		var w uint64
		for m != 0 {
			low := m & -m
			w |= -(src[at>>6] >> (at & 63) & 1) & low
			at++
			m ^= low
		}
		dst[i] = w
	}
}
