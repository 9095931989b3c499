package parquet

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

var errRun = errors.New("runs of levels, indexes or booleans end too early")

// hybrid fills out from runs, of one value or of bit-packed ones, as levels,
// indexes of a dictionary and booleans are written (Encodings.md, "Run Length
// Encoding / Bit-Packing Hybrid"). It returns the greatest value.
func hybrid[T byte | uint32](out []T, src []byte, width uint) (T, error) {
	most := T(0)
	for len(out) > 0 {
		head, n := binary.Uvarint(src)
		if n <= 0 {
			return 0, errRun
		}
		src = src[n:]
		if head&1 == 0 {
			value, size := runValue(src, width)
			if size > len(src) {
				return 0, errRun
			}
			src = src[size:]
			run := out[:min(head>>1, uint64(len(out)))]
			for i := range run {
				run[i] = T(value)
			}
			if len(run) > 0 {
				most = max(most, T(value))
			}
			out = out[len(run):]
			continue
		}
		// Groups of eight. The last ones of a page may be cut after the values that
		// are used.
		groups := min(head>>1, uint64(len(out)+7)/8)
		run := out[:min(groups*8, uint64(len(out)))]
		size := (uint64(len(run))*uint64(width) + 7) / 8
		if size > uint64(len(src)) {
			return 0, errRun
		}
		most = max(most, unpack(run, src[:size], width))
		out = out[len(run):]
		src = src[min(groups*uint64(width), uint64(len(src))):]
	}
	return most, nil
}

// runValue reads the value of a run. It has as many bytes as its bits need.
func runValue(src []byte, width uint) (value uint32, size int) {
	size = int(width+7) / 8
	for i := min(size, len(src)) - 1; i >= 0; i-- {
		value = value<<8 | uint32(src[i])
	}
	return value, size
}

// unpack reads values of width bits, the lowest first, and returns all of them
// or'd, or the greatest.
func unpack[T byte | uint32](out []T, src []byte, width uint) T {
	most := T(0)
	mask := uint64(1)<<width - 1
	i, bit := 0, uint(0)
	for ; i < len(out) && int(bit>>3)+8 <= len(src); i++ {
		v := T(binary.LittleEndian.Uint64(src[bit>>3:]) >> (bit & 7) & mask)
		most = max(most, v)
		out[i] = v
		bit += width
	}
	// What is left is copied to where eight bytes can be read at any place.
	var tail [16]byte
	first := bit &^ 7
	copy(tail[:], src[min(int(first>>3), len(src)):])
	for ; i < len(out); i++ {
		at := bit - first
		v := T(binary.LittleEndian.Uint64(tail[at>>3:]) >> (at & 7) & mask)
		most = max(most, v)
		out[i] = v
		bit += width
	}
	return most
}

// bitPacked reads levels of the encoding of old, whose highest bit is the first.
// It returns how many bytes they took.
func bitPacked(out []byte, src []byte, width uint) (most byte, size int, err error) {
	need := (uint64(len(out))*uint64(width) + 7) / 8
	if need > uint64(len(src)) {
		return 0, 0, errRun
	}
	bit := uint(0)
	for i := range out {
		v := byte(0)
		for range width {
			v = v<<1 | src[bit>>3]>>(7-bit&7)&1
			bit++
		}
		out[i], most = v, max(most, v)
	}
	return most, int(need), nil
}

// widthOf is the number of bits of a level of at most that value.
func widthOf(most byte) uint { return uint(bits.Len8(most)) }
