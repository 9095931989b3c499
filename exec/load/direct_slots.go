package load

import (
	"math"
	"math/bits"
	"unsafe"

	"github.com/segq/segq/exec/column"
)

// toSlots moves the values of a span, which are at its end, to their slots. What has no
// value becomes zero. No value is written where one is still to be read: behind a slot
// there are as many places as slots without a value are to come.
func toSlots[T any](slots []T, at span) {
	n := len(slots)
	p := unsafe.Pointer(unsafe.SliceData(slots))
	switch unsafe.Sizeof(*new(T)) {
	case 1:
		toSlotsOf(unsafe.Slice((*uint8)(p), n), at)
	case 2:
		toSlotsOf(unsafe.Slice((*uint16)(p), n), at)
	case 4:
		toSlotsOf(unsafe.Slice((*uint32)(p), n), at)
	default:
		toSlotsOf(unsafe.Slice((*uint64)(p), n), at)
	}
}

// fewValues is how many of 64 values are moved one by one.
const fewValues = 20

func toSlotsOf[T uint8 | uint16 | uint32 | uint64](slots []T, at span) {
	last := len(slots) - 1
	from := at.slots - at.n
	for i := 0; i < at.slots; {
		word, shift := (at.from+i)>>6, (at.from+i)&63
		k := min(64-shift, at.slots-i)
		all := uint64(math.MaxUint64) >> (64 - k)
		switch v := at.valid[word] >> shift & all; {
		case v == all:
			copy(slots[i:i+k], slots[from:from+k])
			from += k
		case bits.OnesCount64(v) <= fewValues:
			var own [fewValues]T // which are partly among the slots
			n := copy(own[:bits.OnesCount64(v)], slots[from:])
			clear(slots[i : i+k])
			for _, value := range own[:n] {
				slots[i+bits.TrailingZeros64(v)] = value
				v &= v - 1
			}
			from += n
		default: // without a branch, which would often be foreseen wrongly
			for x := range slots[i : i+k] {
				is := v & 1
				slots[i+x] = slots[min(from, last)] & T(-is)
				from += int(is)
				v >>= 1
			}
		}
		i += k
	}
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
