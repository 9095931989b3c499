package vector

import "math/bits"

// each calls f for every bit of b that is one.
func each(b []uint64, f func(i int)) {
	for w, word := range b {
		for ; word != 0; word &= word - 1 {
			f(w<<6 + bits.TrailingZeros64(word))
		}
	}
}

func fillBits(b []uint64, n int) {
	for i := range b {
		b[i] = ^uint64(0)
	}
	if n&63 != 0 {
		b[len(b)-1] = 1<<(n&63) - 1
	}
}

// clip clears the bits from n on.
func clip(b []uint64, n int) {
	if n&63 != 0 {
		b[len(b)-1] &= 1<<(n&63) - 1
	}
}

func bit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

func pickBits(dst, src []uint64, at []uint32) {
	clear(dst)
	for i, p := range at {
		dst[i>>6] |= src[p>>6] >> (p & 63) & 1 << (i & 63)
	}
}
