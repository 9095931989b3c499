package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
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

// hybrid reads n values of at most limit from runs, of one value or of bit-packed ones, as
// levels, indexes of a dictionary and booleans are written (Encodings.md, "Run Length
// Encoding / Bit-Packing Hybrid").
func hybrid[T byte | uint32](buf []T, n int, src []byte, width uint, limit T) (values []T, err error) {
	if !enough(n, src, width) {
		return buf, errRun
	}
	values = slices.Grow(buf[:0], n)[:n]
	return values, fillRuns(values, src, width, limit)
}

func fillRuns[T byte | uint32](out []T, src []byte, width uint, limit T) error {
	for len(out) > 0 {
		head, n := binary.Uvarint(src)
		if n <= 0 {
			return errRun
		}
		src = src[n:]
		if head&1 == 0 {
			value, size := runValue(src, width)
			if size > len(src) {
				return errRun
			}
			src = src[size:]
			run := out[:min(head>>1, uint64(len(out)))]
			if len(run) > 0 && value > uint32(limit) {
				return errBeyond(limit)
			}
			for i := range run {
				run[i] = T(value)
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
			return errRun
		}
		if !unpack(run, src, width, limit) { // which may look at what follows
			return errBeyond(limit)
		}
		out = out[len(run):]
		src = src[min(groups*uint64(width), uint64(len(src))):]
	}
	return nil
}

func errBeyond[T byte | uint32](limit T) error {
	return fmt.Errorf("a level, index or boolean is greater than %d", limit)
}

// runValue reads the value of a run. It has as many bytes as its bits need.
func runValue(src []byte, width uint) (value uint32, size int) {
	size = int(width+7) / 8
	for i := min(size, len(src)) - 1; i >= 0; i-- {
		value = value<<8 | uint32(src[i])
	}
	return value, size
}

// unpack reads values of width bits, the lowest first, and says whether all are within the
// limit.
func unpack[T byte | uint32](out []T, src []byte, width uint, limit T) bool {
	mask := uint64(1)<<width - 1
	i, ok := 0, true
	if levels, is := any(out).([]byte); is && width < 8 {
		i, ok = unpackLevels(levels, src, width, byte(limit))
	}
	bit := uint(i) * width
	for ; i < len(out) && int(bit>>3)+8 <= len(src); i++ {
		out[i] = T(binary.LittleEndian.Uint64(src[bit>>3:]) >> (bit & 7) & mask)
		ok = ok && out[i] <= limit
		bit += width
	}
	// What is left is copied to where eight bytes can be read at any place.
	var tail [16]byte
	first := bit &^ 7
	copy(tail[:], src[min(int(first>>3), len(src)):])
	for ; i < len(out); i++ {
		at := bit - first
		out[i] = T(binary.LittleEndian.Uint64(tail[at>>3:]) >> (at & 7) & mask)
		ok = ok && out[i] <= limit
		bit += width
	}
	return ok
}

// unpackLevels reads eight values of fewer than eight bits at a time, and says how many,
// and whether they are within the limit: the bits of the eight are parted in the middle,
// and then each half of them.
func unpackLevels(out, src []byte, width uint, limit byte) (done int, ok bool) {
	const ones = 0x0101010101010101
	four := uint64(1)<<(4*width) - 1
	two := (uint64(1)<<(2*width) - 1) * 0x0000000100000001
	one := (uint64(1)<<width - 1) * 0x0001000100010001
	beyond, room := uint64(0), uint64(0x7f-limit&0x7f)*ones // beyond gets the high bit of what is
	for len(out)-done >= 8 && len(src) >= 8 {
		v := binary.LittleEndian.Uint64(src)
		v = v&four | v>>(4*width)&four<<32
		v = v&two | v>>(2*width)&two<<16
		v = v&one | v>>width&one<<8
		beyond |= v + room
		binary.LittleEndian.PutUint64(out[done:], v)
		done, src = done+8, src[width:]
	}
	return done, beyond&(0x80*ones) == 0
}

// bitPacked reads n levels of the encoding of old, whose highest bit is the first.
func bitPacked(buf []byte, n int, src []byte, width uint, limit byte) (levels []byte, err error) {
	if (uint64(n)*uint64(width)+7)/8 > uint64(len(src)) {
		return buf, errRun
	}
	levels = slices.Grow(buf[:0], n)[:n]
	bit := uint(0)
	for i := range levels {
		v := byte(0)
		for range width {
			v = v<<1 | src[bit>>3]>>(7-bit&7)&1
			bit++
		}
		if levels[i] = v; v > limit {
			return levels, errBeyond(limit)
		}
	}
	return levels, nil
}

// widthOf is the number of bits of a level of at most that value.
func widthOf(most byte) uint { return uint(bits.Len8(most)) }
