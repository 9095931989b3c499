package parquet

import (
	"encoding/binary"
	"errors"
	"math/bits"
	"slices"
)

var errRun = errors.New("runs of levels, indexes or booleans end too early")

// enough says whether runs have n values, so that room is made for no more than
// there are.
func enough(n int, src []byte, width uint) bool {
	for have := uint64(0); have < uint64(n); {
		head, size := binary.Uvarint(src)
		if size <= 0 {
			return false
		}
		src = src[size:]
		bytes := uint64(width+7) / 8
		if head&1 == 0 {
			have += head >> 1
		} else {
			// The last ones of a page may be cut after the values that are used.
			values := min(head>>1, uint64(n)) * 8
			bytes = (min(values, uint64(n)-have)*uint64(width) + 7) / 8
			have += values
			if bytes <= uint64(len(src)) {
				bytes = min((values*uint64(width)+7)/8, uint64(len(src)))
			}
		}
		if bytes > uint64(len(src)) {
			return false
		}
		src = src[bytes:]
	}
	return true
}

// hybrid reads n values from runs, of one value or of bit-packed ones, as levels,
// indexes of a dictionary and booleans are written (Encodings.md, "Run Length
// Encoding / Bit-Packing Hybrid"). It returns the greatest of them besides.
func hybrid[T byte | uint32](buf []T, n int, src []byte, width uint) (values []T, most T, err error) {
	if !enough(n, src, width) {
		return buf, 0, errRun
	}
	values = slices.Grow(buf[:0], n)[:n]
	most, err = fillRuns(values, src, width)
	return values, most, err
}

func fillRuns[T byte | uint32](out []T, src []byte, width uint) (T, error) {
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

// unpack reads values of width bits, the lowest first, and returns the greatest.
func unpack[T byte | uint32](out []T, src []byte, width uint) T {
	most := T(0)
	mask := uint64(1)<<width - 1
	i, bit := 0, uint(0)
	if width <= 2 && width > 0 && len(out) >= 64 {
		if levels, ok := any(out).([]byte); ok {
			i, most = len(out)/8*8, T(spread(levels, src, width))
			bit = uint(i) * width
		}
	}
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

// spread reads values of one or two bits, eight at a time, and returns the greatest. What
// is left of fewer it does not read.
func spread(out, src []byte, width uint) byte {
	low, high, both := byte(0), byte(0), byte(0)
	for i, k := 0, 0; i+8 <= len(out); i, k = i+8, k+int(width) {
		to := out[i : i+8]
		if width == 1 {
			low |= src[k]
			bits := uint64(src[k]) * 0x0101010101010101 & 0x8040201008040201 // bit i in byte i
			binary.LittleEndian.PutUint64(to, (bits+0x7f7f7f7f7f7f7f7f)>>7&0x0101010101010101)
			continue
		}
		a, b := src[k], src[k+1]
		low, high, both = low|a&0x55|b&0x55, high|a&0xaa|b&0xaa, both|a&(a>>1)&0x55|b&(b>>1)&0x55
		binary.LittleEndian.PutUint64(to, uint64(quarters[a])|uint64(quarters[b])<<32)
	}
	switch {
	case both != 0:
		return 3
	case high != 0:
		return 2
	case low != 0:
		return 1
	}
	return 0
}

// quarters has the four pairs of bits of a byte, each in a byte of its own.
var quarters = func() (all [256]uint32) {
	for b := range uint32(256) {
		all[b] = b&3 | b>>2&3<<8 | b>>4&3<<16 | b>>6<<24
	}
	return all
}()

// bitPacked reads n levels of the encoding of old, whose highest bit is the first,
// and gives the greatest of them and what follows.
func bitPacked(buf []byte, n int, src []byte, width uint) (levels []byte, most byte, rest []byte, err error) {
	need := (uint64(n)*uint64(width) + 7) / 8
	if need > uint64(len(src)) {
		return buf, 0, nil, errRun
	}
	levels = slices.Grow(buf[:0], n)[:n]
	bit := uint(0)
	for i := range levels {
		v := byte(0)
		for range width {
			v = v<<1 | src[bit>>3]>>(7-bit&7)&1
			bit++
		}
		levels[i], most = v, max(most, v)
	}
	return levels, most, src[need:], nil
}

// widthOf is the number of bits of a level of at most that value.
func widthOf(most byte) uint { return uint(bits.Len8(most)) }
