package kernel

import "math/bits"

// And keeps in dst the bits that are also in src.
func And(dst, src []uint64) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] &= src[i]
	}
}

// Or adds to dst the bits of src.
func Or(dst, src []uint64) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] |= src[i]
	}
}

// AndNot takes out of dst the bits of src.
func AndNot(dst, src []uint64) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] &^= src[i]
	}
}

// Not writes the complement of the first n bits of src. dst may be src.
func Not(dst, src []uint64, n int) {
	dst = dst[:words(n)]
	src = src[:len(dst)]
	for i := range dst {
		dst[i] = ^src[i]
	}
	trim(dst, n)
}

// Fill sets the first n bits of dst, and clears the rest of their last word.
func Fill(dst []uint64, n int) {
	dst = dst[:words(n)]
	for i := range dst {
		dst[i] = ^uint64(0)
	}
	trim(dst, n)
}

// trim clears the bits of the last word past n.
func trim(dst []uint64, n int) {
	if r := n & 63; r != 0 {
		dst[len(dst)-1] &= 1<<r - 1
	}
}

// Ones counts the bits of a.
func Ones(a []uint64) int {
	n := 0
	for _, w := range a {
		n += bits.OnesCount64(w)
	}
	return n
}

// OnesAnd counts the bits that a and b have in common, without writing them.
// b must not be shorter than a.
func OnesAnd(a, b []uint64) int {
	b = b[:len(a)]
	n := 0
	for i, w := range a {
		n += bits.OnesCount64(w & b[i])
	}
	return n
}

// Any says whether a has a bit.
func Any(a []uint64) bool {
	var all uint64
	for _, w := range a {
		all |= w
	}
	return all != 0
}

// Extract copies n bits of src, from bit start on, to the beginning of dst.
// src must hold them all.
func Extract(dst, src []uint64, start, n int) {
	if n == 0 {
		return
	}
	dst = dst[:words(n)]
	src = src[start>>6 : words(start+n)]
	shift := start & 63
	if shift == 0 {
		copy(dst, src)
		trim(dst, n)
		return
	}
	last := len(dst) - 1
	for i := range last {
		dst[i] = src[i]>>shift | src[i+1]<<(64-shift)
	}
	w := src[last] >> shift
	if len(src) > len(dst) {
		w |= src[last+1] << (64 - shift)
	}
	dst[last] = w
	trim(dst, n)
}
