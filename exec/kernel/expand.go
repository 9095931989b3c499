package kernel

import (
	"math"
	"math/bits"
)

// Expand moves the values of src, one after another, to the places of dst that mask has, and
// zero to the others, for as many whole words of mask as the processor has a fast way for,
// which may be none: it says how many words, and how many values these were. dst may lie
// before src in the same memory, with as many places between them as mask has zeros at least.
func Expand[T uint8 | uint16](dst, src []T, mask []uint64) (words, used int) {
	words = expandWords(dst, src, mask)
	for _, m := range mask[:words] {
		used += bits.OnesCount64(m)
	}
	return words, used
}

// SomeNaN says whether one of some values is not a number.
func SomeNaN(values []float64) bool {
	var in [64]uint64
	for len(values) >= 64*len(in) {
		RangeFloat(in[:], values[:64*len(in)], math.Inf(-1), math.Inf(1))
		all := ^uint64(0)
		for _, w := range in {
			all &= w
		}
		if all != ^uint64(0) {
			return true
		}
		values = values[64*len(in):]
	}
	for _, x := range values {
		if x != x {
			return true
		}
	}
	return false
}
