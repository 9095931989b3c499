package kernel

import "math/bits"

// Range sets bit i where lo <= src[i] <= hi. When lo > hi no bit is set.
func Range[T Integer](dst []uint64, src []T, lo, hi T) {
	dst = dst[:words(len(src))]
	if lo > hi {
		clear(dst)
		return
	}
	done := rangeWords(dst, src, lo, hi)
	dst, src = dst[done:], src[64*done:]
	// One unsigned comparison does for both ends: x-lo wraps to something
	// larger than the width when x is below lo.
	base, width := uint64(int64(lo)), uint64(int64(hi)-int64(lo))
	for len(src) >= 64 {
		v := (*[64]T)(src)
		var w uint64
		for _, x := range v {
			_, outside := bits.Sub64(width, uint64(int64(x))-base, 0)
			w = w>>1 | outside<<63
		}
		dst[0] = ^w
		dst, src = dst[1:], src[64:]
	}
	if len(src) == 0 {
		return
	}
	var w uint64
	for i, x := range src {
		_, outside := bits.Sub64(width, uint64(int64(x))-base, 0)
		w |= (outside ^ 1) << (i & 63)
	}
	dst[0] = w
}

// RangeFloat sets bit i where lo <= src[i] <= hi. Not-a-number is in no range,
// and the two zeros are equal.
func RangeFloat(dst []uint64, src []float64, lo, hi float64) {
	dst = dst[:words(len(src))]
	done := rangeFloatWords(dst, src, lo, hi)
	dst, src = dst[done:], src[64*done:]
	for len(src) >= 64 {
		v := (*[64]float64)(src)
		var w uint64
		for _, x := range v {
			w = w>>1 | (bit(x >= lo)&bit(x <= hi))<<63
		}
		dst[0] = w
		dst, src = dst[1:], src[64:]
	}
	if len(src) == 0 {
		return
	}
	var w uint64
	for i, x := range src {
		w |= (bit(x >= lo) & bit(x <= hi)) << (i & 63)
	}
	dst[0] = w
}

// bit is compiled to a set-on-condition, without a branch.
func bit(b bool) uint64 {
	var x uint64
	if b {
		x = 1
	}
	return x
}

// words is the number of bitmap words that n bits take.
func words(n int) int { return (n + 63) >> 6 }
