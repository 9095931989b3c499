package load

import (
	"math"
	"math/bits"
	"unsafe"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/kernel"
)

// toSlots moves the values of a span, which are at its end, to their slots. What has no
// value becomes zero. No value is written where one is still to be read: behind a slot
// there are as many places as slots without a value are to come.
func toSlots[T any](slots []T, at span) {
	n := len(slots)
	p := unsafe.Pointer(unsafe.SliceData(slots))
	switch unsafe.Sizeof(*new(T)) {
	case 1:
		toSlotsOf(unsafe.Slice((*uint8)(p), n), at, kernel.Expand)
	case 2:
		toSlotsOf(unsafe.Slice((*uint16)(p), n), at, kernel.Expand)
	case 4:
		toSlotsOf(unsafe.Slice((*uint32)(p), n), at, nil)
	default:
		toSlotsOf(unsafe.Slice((*uint64)(p), n), at, nil)
	}
}

// fewValues is how many of 64 values are moved one by one.
const fewValues = 20

// toSlotsOf is toSlots, by way of expand as far as that goes; nil for none.
func toSlotsOf[T uint8 | uint16 | uint32 | uint64](slots []T, at span, expand func(dst, src []T, mask []uint64) (words, used int)) {
	from := at.slots - at.n
	for i := 0; i < at.slots; {
		word, shift := (at.from+i)>>6, (at.from+i)&63
		if expand != nil && shift == 0 && at.slots-i >= 64 {
			words, used := expand(slots[i:], slots[from:], at.valid[word:word+(at.slots-i)/64])
			if i, from = i+64*words, from+used; words > 0 {
				continue
			}
		}
		k := min(64-shift, at.slots-i)
		all := uint64(math.MaxUint64) >> (64 - k)
		switch v := at.valid[word] >> shift & all; {
		case v == all:
			copy(slots[i:i+k], slots[from:from+k])
			from += k
		case v == 0:
			clear(slots[i : i+k])
		case bits.OnesCount64(v) <= fewValues:
			fewToSlots(slots, i, k, from, v)
			from += bits.OnesCount64(v)
		default:
			from = someToSlots(slots, i, k, from, v)
		}
		i += k
	}
}

// fewToSlots moves values to those of k slots from i on that have one.
func fewToSlots[T uint8 | uint16 | uint32 | uint64](slots []T, i, k, from int, valid uint64) {
	var own [fewValues]T // which are partly among the slots
	n := copy(own[:bits.OnesCount64(valid)], slots[from:])
	clear(slots[i : i+k])
	for _, value := range own[:n] {
		slots[i+bits.TrailingZeros64(valid)] = value
		valid &= valid - 1
	}
}

// someToSlots moves values to those of k slots from i on that have one, and returns the next
// value. It has no branch, which would often be foreseen wrongly.
func someToSlots[T uint8 | uint16 | uint32 | uint64](slots []T, i, k, from int, valid uint64) int {
	last := len(slots) - 1
	for x := range slots[i : i+k] {
		is := valid & 1
		slots[i+x] = slots[min(from, last)] & T(-is)
		from += int(is)
		valid >>= 1
	}
	return from
}

// bitsToSlots sets the bits of the slots of a span whose values are true.
func bitsToSlots(to column.Bitmap, values []uint64, at span) {
	from := 0
	for i := 0; i < at.slots; {
		word, shift := (at.from+i)>>6, (at.from+i)&63
		k := min(64-shift, at.slots-i)
		has := at.valid[word] >> shift & (math.MaxUint64 >> (64 - k))
		n := bits.OnesCount64(has)
		own := uint64(0)
		if n > 0 {
			own = values[from>>6] >> (from & 63)
			if from&63+n > 64 {
				own |= values[from>>6+1] << (64 - from&63)
			}
		}
		to[word] |= spread64(own, has) << shift
		from, i = from+n, i+k
	}
}

// spread64 moves the lowest bits of x to those that m has.
func spread64(x, m uint64) (out uint64) {
	if m&(m+1) == 0 {
		return x & m
	}
	for ; m != 0; m &= m - 1 {
		out |= x & 1 << bits.TrailingZeros64(m)
		x >>= 1
	}
	return out
}
