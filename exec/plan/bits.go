package plan

import (
	"math/bits"
	"unsafe"
)

// each calls f for every bit of b that is one.
func each(b []uint64, f func(i int)) {
	for w, word := range b {
		for ; word != 0; word &= word - 1 {
			f(w<<6 + bits.TrailingZeros64(word))
		}
	}
}

// unsigned8 returns the same bytes without their signs.
func unsigned8(s []int8) []uint8 {
	return unsafe.Slice((*uint8)(unsafe.Pointer(unsafe.SliceData(s))), len(s))
}

// unsigned16 returns the same words without their signs.
func unsigned16(s []int16) []uint16 {
	return unsafe.Slice((*uint16)(unsafe.Pointer(unsafe.SliceData(s))), len(s))
}

// sized returns b with length n. What it holds is of no interest.
func sized[T any](b []T, n int) []T {
	if cap(b) < n {
		return make([]T, n, n+n/4)
	}
	return b[:n]
}
