package parquet

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
)

// copyBits copies the first n bits of src to bits from one on, which are zero.
func copyBits(to []uint64, from int, src []byte, n int) {
	for n > 0 {
		k := min(56, n) // so many are in the eight bytes from any bit of the first one on
		v := load(src) & (1<<k - 1)
		word, shift := from>>6, uint(from&63)
		to[word] |= v << shift
		if int(shift)+k > 64 {
			to[word+1] |= v >> (64 - shift)
		}
		from, n, src = from+k, n-k, src[min(7, len(src)):]
	}
}

// load returns the first eight bytes of b as a number, or what is there of them.
func load(b []byte) uint64 {
	if len(b) >= 8 {
		return binary.LittleEndian.Uint64(b)
	}
	v := uint64(0)
	for i, c := range b {
		v |= uint64(c) << (8 * i)
	}
	return v
}

// setBits sets n bits from one on.
func setBits(b []uint64, from, n int) {
	for n > 0 {
		shift := from & 63
		k := min(64-shift, n)
		b[from>>6] |= math.MaxUint64 >> (64 - k) << shift
		from, n = from+k, n-k
	}
}

// countBits counts the ones among n bits from one on.
func countBits(b []uint64, from, n int) (ones int) {
	for n > 0 {
		shift := from & 63
		k := min(64-shift, n)
		ones += bits.OnesCount64(b[from>>6] >> shift << (64 - k))
		from, n = from+k, n-k
	}
	return ones
}

// runBits reads n values of one bit from runs, as [fillRuns] does, to bits from one on,
// which are zero, and says how many are one.
func runBits(to []uint64, from, n int, src []byte) (ones int, err error) {
	for n > 0 {
		if len(src) >= 2 && src[0]&0x81 == 0 && src[1] <= 1 && int(src[0]>>1) < n && from&63 < 64-int(src[0]>>1) {
			run := int(src[0] >> 1) // a short one within a word, as are most of lists
			to[from>>6] |= (uint64(src[1])<<run - uint64(src[1])) << (from & 63)
			ones += run * int(src[1])
			from, n, src = from+run, n-run, src[2:]
			continue
		}
		head, size := binary.Uvarint(src)
		if size <= 0 {
			return 0, errRun
		}
		if src = src[size:]; head&1 == 0 {
			if len(src) == 0 {
				return 0, errRun
			}
			run := int(min(head>>1, uint64(n)))
			if run > 0 && src[0] > 1 {
				return 0, fmt.Errorf("a level or boolean of %d", src[0])
			}
			if src[0] == 1 {
				setBits(to, from, run)
				ones += run
			}
			from, n, src = from+run, n-run, src[1:]
			continue
		}
		groups := min(head>>1, uint64(n+7)/8)
		run := int(min(groups*8, uint64(n)))
		if (run+7)/8 > len(src) {
			return 0, errRun
		}
		copyBits(to, from, src, run)
		ones += countBits(to, from, run)
		from, n, src = from+run, n-run, src[min(groups, uint64(len(src))):]
	}
	return ones, nil
}
