package kernel

import "math/bits"

// The elements of lists lie one after another, and ends has the bit of the last
// element of every list that has any. Subtracting the bit of the first element
// from the bits of a list, read as one number, finds and removes its lowest bit
// without a look at where lists begin and end: the borrow never leaves a list
// whose last bit is set.

// Found sets, at the end of each list, whether one of its elements is in m. dst
// may be m.
func Found(dst, m, ends []uint64) {
	dst, m = dst[:len(ends)], m[:len(ends)]
	carry, borrow := uint64(1), uint64(0)
	for i, e := range ends {
		starts := e<<1 | carry
		carry = e >> 63
		var t uint64
		t, borrow = bits.Sub64(m[i]|e, starts, borrow)
		dst[i] = (t | m[i]) & e
	}
}

// DropFirst takes the first element that is in m away from each list. dst may be m.
func DropFirst(dst, m, ends []uint64) {
	dst, m = dst[:len(ends)], m[:len(ends)]
	carry, borrow := uint64(1), uint64(0)
	for i, e := range ends {
		starts := e<<1 | carry
		carry = e >> 63
		var t uint64
		t, borrow = bits.Sub64(m[i]|e, starts, borrow)
		dst[i] = m[i] & t
	}
}

// Pack moves the bits of src that mask selects to the front of dst, in order. dst
// must have room for as many as mask has; the words that get none stay as they are. dst may be src.
func Pack(dst, src, mask []uint64) {
	src = src[:len(mask)]
	if packWords(dst, src, mask) {
		return
	}
	at := 0
	for i, m := range mask {
		w := src[i] // before dst, which may be src, is written
		for m != 0 {
			low := m & -m
			if at&63 == 0 {
				dst[at>>6] = 0
			}
			dst[at>>6] |= bit(w&low != 0) << (at & 63)
			at++
			m ^= low
		}
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
