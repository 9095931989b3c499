package kernel

import (
	"encoding/binary"
	"unsafe"
)

// Eight bytes in a word: the high bit of each, and a one in each.
const (
	high = 0x8080808080808080
	ones = 0x0101010101010101
)

// RangeUint8 is [Range] for bytes, eight in one register: it sets bit i where
// lo <= src[i] <= hi.
func RangeUint8(dst []uint64, src []uint8, lo, hi uint8) {
	dst = dst[:words(len(src))]
	if lo > hi {
		clear(dst)
		return
	}
	done := rangeWords(dst, src, lo, hi)
	rangeBytes(dst[done:], src[64*done:], lo, hi-lo)
}

// RangeInt8 is [Range] for signed bytes, eight in one register: it sets bit i
// where lo <= src[i] <= hi.
func RangeInt8(dst []uint64, src []int8, lo, hi int8) {
	dst = dst[:words(len(src))]
	if lo > hi {
		clear(dst)
		return
	}
	done := rangeWords(dst, src, lo, hi)
	dst, src = dst[done:], src[64*done:]
	// The distance from lo, modulo 256, is the same for both signs.
	u := unsafe.Slice((*uint8)(unsafe.Pointer(unsafe.SliceData(src))), len(src))
	rangeBytes(dst, u, uint8(lo), uint8(hi)-uint8(lo))
}

// rangeBytes sets bit i where src[i]-lo, modulo 256, is at most width.
func rangeBytes(dst []uint64, src []uint8, lo, width uint8) {
	l, w := uint64(lo)*ones, uint64(width)*ones
	for len(src) >= 64 {
		v := (*[64]uint8)(src)
		var out uint64
		for i := 0; i < 64; i += 8 {
			out |= within(binary.LittleEndian.Uint64(v[i:i+8]), l, w) << i
		}
		dst[0] = out
		dst, src = dst[1:], src[64:]
	}
	if len(src) == 0 {
		return
	}
	var out uint64
	for i, x := range src {
		out |= bit(x-lo <= width) << (i & 63)
	}
	dst[0] = out
}

// within returns one bit for each byte of x that is at most w above l, modulo
// 256; l and w hold the same byte eight times. The two subtractions are kept
// from borrowing across bytes by a guard in the high bit, as in Warren,
// Hacker's Delight, 2nd edition, section 2-18; the product gathers the eight
// high bits into the top byte.
func within(x, l, w uint64) uint64 {
	d := (x | high) - (l &^ high)
	d ^= (x ^ ^l) & high
	t := (w | high) - (d &^ high)
	le := (^d&w | ^(d^w)&t) & high
	return (le >> 7) * 0x0102040810204080 >> 56
}
