package load

import (
	"math"
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

func toSlotsOf[T uint8 | uint16 | uint32 | uint64](slots []T, at span) {
	from := at.slots - at.n
	for i := 0; i < at.slots; {
		word, shift := (at.from+i)>>6, (at.from+i)&63
		k := min(64-shift, at.slots-i)
		all := uint64(math.MaxUint64) >> (64 - k)
		switch v := at.valid[word] >> shift & all; v {
		case all:
			copy(slots[i:i+k], slots[from:from+k])
			from += k
		case 0:
			clear(slots[i : i+k])
		default:
			from = someToSlots(slots, i, k, from, v)
		}
		i += k
	}
}

// someToSlots moves values to those of k slots from i on that have one, and returns the next
// value.
func someToSlots[T uint8 | uint16 | uint32 | uint64](slots []T, i, k, from int, valid uint64) int {
	last := len(slots) - 1
	for ; k > 0; k, i, valid = k-8, i+8, valid>>8 {
		if valid&0xff == 0xff && from+8 <= len(slots) { // as most are, where few are null
			*(*[8]T)(slots[i:]) = *(*[8]T)(slots[from:])
			from += 8
			continue
		}
		v := valid
		for x := range slots[i : i+min(k, 8)] { // without a branch, which would often be foreseen wrongly
			is := v & 1
			slots[i+x] = slots[min(from, last)] & T(-is)
			from += int(is)
			v >>= 1
		}
	}
	return from
}

// bitsToSlots sets the bits of the slots of a span whose values are true.
func bitsToSlots(to column.Bitmap, values []uint64, at span) {
	i := 0
	for slot := at.from; slot < at.from+at.slots; slot++ {
		is := at.valid[slot>>6] >> (slot & 63) & 1
		if is == 0 {
			continue
		}
		to[slot>>6] |= values[i>>6] >> (i & 63) & 1 << (slot & 63)
		i++
	}
}
