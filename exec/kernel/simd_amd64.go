//go:build !purego

package kernel

import (
	"sync"
	"unsafe"

	"golang.org/x/sys/cpu"
)

// tiers asks the processor, and the operating system, what they can do.
func tiers() []string {
	x := &cpu.X86
	var have []string
	if x.HasAVX512F && x.HasAVX512BW && x.HasAVX512DQ && x.HasAVX512VL && x.HasAVX512VBMI && x.HasAVX512VPOPCNTDQ && x.HasBMI2 {
		have = append(have, "avx512")
	}
	if x.HasAVX2 && x.HasBMI2 && x.HasPOPCNT {
		have = append(have, "avx2")
	}
	return append(have, portable)
}

var (
	hasAVX512 = active == "avx512"
	hasAVX2   = hasAVX512 || active == "avx2"
)

// stageTiles is Stage for whole tiles; it says how many it has done.
func stageTiles(dst, src []uint8, valid []uint64, null uint8, tiles int) int {
	if !hasAVX512 || tiles == 0 {
		return 0
	}
	stageAVX512(&dst[0], &src[0], tiles, unsafe.SliceData(valid), null)
	return tiles
}

// select8Tiles is Select8 for whole tiles, and says whether it has done them.
func select8Tiles(dst []uint64, stride int, staged []uint8, table *[256]uint8, classes int) bool {
	tiles := len(staged) / tileRows
	switch {
	case hasAVX512 && classes <= 64:
		select8x64AVX512(&dst[0], stride, &staged[0], tiles, &table[0])
	case hasAVX512 && classes <= 128:
		select8x128AVX512(&dst[0], stride, &staged[0], tiles, &table[0])
	case hasAVX512:
		select8x256AVX512(&dst[0], stride, &staged[0], tiles, &table[0])
	case hasAVX2:
		select8AVX2(&dst[0], stride, &staged[0], tiles, &table[0], (classes+15)/16)
	default:
		return false
	}
	return true
}

// combineAll is Program.Run, and says whether it has done it.
func combineAll(arena []uint64, code []uint32, ones []int, tiles int) bool {
	switch {
	case hasAVX512:
		combineAVX512(&arena[0], &code[0], &ones[0], len(ones), tiles)
	case hasAVX2:
		combineAVX2(&arena[0], &code[0], &ones[0], len(ones), tiles)
	default:
		return false
	}
	return true
}

// rangeWords is Range for whole words; it says how many it has done.
func rangeWords[T Integer](dst []uint64, src []T, lo, hi T) int {
	words, size := len(src)/64, unsafe.Sizeof(lo)
	if words == 0 || !hasAVX512 && !hasAVX2 {
		return 0
	}
	from, width := uint64(int64(lo)), uint64(int64(hi)-int64(lo))
	p := unsafe.Pointer(&src[0])
	switch {
	case hasAVX512 && size == 8:
		range64AVX512(&dst[0], (*uint64)(p), words, from, width)
	case hasAVX512 && size == 1:
		range8AVX512(&dst[0], (*uint8)(p), words, from, width)
	case hasAVX512 && size == 2:
		range16AVX512(&dst[0], (*uint16)(p), words, from, width)
	case hasAVX512:
		range32AVX512(&dst[0], (*uint32)(p), words, from, width)
	case size == 1:
		range8AVX2(&dst[0], (*uint8)(p), words, from, width)
	case size == 2:
		range16AVX2(&dst[0], (*uint16)(p), words, from, width)
	case size == 4:
		range32AVX2(&dst[0], (*uint32)(p), words, from, width)
	default:
		range64AVX2(&dst[0], (*uint64)(p), words, from, width)
	}
	return words
}

// rangeFloatWords is RangeFloat for whole words; it says how many it has done.
func rangeFloatWords(dst []uint64, src []float64, lo, hi float64) int {
	words := len(src) / 64
	switch {
	case words == 0:
	case hasAVX512:
		rangeFloatAVX512(&dst[0], &src[0], words, lo, hi)
		return words
	case hasAVX2:
		rangeFloatAVX2(&dst[0], &src[0], words, lo, hi)
		return words
	}
	return 0
}

// memberWords is MemberUint8 for whole words; it says how many it has done.
func memberWords(dst []uint64, src []uint8, set *[4]uint64) int {
	words := len(src) / 64
	if !hasAVX512 || words == 0 {
		return 0
	}
	memberAVX512(&dst[0], &src[0], words, &set[0])
	return words
}

// listsWords is one pass of Lists, and says whether it has done it. dst has room
// for a bit of each list.
func listsWords(dst, rest, m, ends []uint64, drops int) bool {
	if !hasAVX2 {
		return false
	}
	out := unsafe.SliceData(dst)
	switch drops {
	case 0:
		lists0BMI2(out, &rest[0], &m[0], &ends[0], len(ends))
	case 1:
		lists1BMI2(out, &rest[0], &m[0], &ends[0], len(ends))
	case 2:
		lists2BMI2(out, &rest[0], &m[0], &ends[0], len(ends))
	default:
		lists3BMI2(out, &rest[0], &m[0], &ends[0], len(ends))
	}
	return true
}

// lookupWords is Lookup for 32 values a word in so many blocks of 16 bytes of a table, and says
// whether it has done it.
func lookupWords(dst, src []uint8, table *[256]uint8, words int, width uint, blocks int, most *[32]uint8) bool {
	if !hasAVX2 {
		return false
	}
	lookupAVX2(&dst[0], &src[0], &table[0], words, uint64(width), uint64(blocks), &lookupPlaces()[width], most)
	return true
}

// lookupPlaces has, for each width, the two bytes that each of eight values lies in, and as a
// number of 16 bits what they are multiplied by so that it begins with the upper one.
var lookupPlaces = sync.OnceValue(func() *[9][32]uint8 {
	var all [9][32]uint8
	for width := range all {
		for i := range 8 {
			bit := i * width
			all[width][2*i], all[width][2*i+1] = uint8(bit/8), uint8(bit/8+1)
			up := uint16(1) << (8 - bit%8)
			all[width][16+2*i], all[width][16+2*i+1] = uint8(up), uint8(up>>8)
		}
	}
	return &all
})

// expandWords is Expand for as many words of mask as src has values for, and eight more; it
// says how many it has done.
func expandWords[T uint8 | uint16](dst, src []T, mask []uint64) int {
	words := min(len(mask), (len(src)-8)/64)
	if !hasAVX2 || words <= 0 {
		return 0
	}
	to, from := unsafe.Pointer(&dst[:64*words][0]), unsafe.Pointer(&src[0])
	if unsafe.Sizeof(*new(T)) == 1 {
		expand8AVX2((*uint8)(to), (*uint8)(from), &mask[0], words, expandTables().bytes)
	} else {
		expand16AVX2((*uint16)(to), (*uint16)(from), &mask[0], words, expandTables().shorts)
	}
	return words
}

// expandTables has, for each mask of eight values, the byte that each byte of the result comes
// from, one that there is not for zero.
var expandTables = sync.OnceValue(func() (t struct {
	bytes  *[256]uint64
	shorts *[512]uint64
}) {
	const none = 0x80
	t.bytes, t.shorts = new([256]uint64), new([512]uint64)
	for mask := range 256 {
		next := uint64(0)
		for i := range 8 {
			from, half := uint64(none), [2]uint64{none, none}
			if mask>>i&1 == 1 {
				from, half = next, [2]uint64{2 * next, 2*next + 1}
				next++
			}
			t.bytes[mask] |= from << (8 * i)
			t.shorts[2*mask+i/4] |= (half[0] | half[1]<<8) << (16 * (i % 4))
		}
	}
	return t
})

// unpackWords is Unpack for a src that is longer than mask, and says whether it
// has done it.
func unpackWords(dst, src, mask []uint64) bool {
	if !hasAVX2 || len(mask) == 0 {
		return false
	}
	unpackBMI2(&dst[0], &src[0], &mask[0], len(mask))
	return true
}

// pairWords is Less and its siblings for whole words; it says how many it has done.
func pairWords[T Number](dst []uint64, x, y []T, r relation) int {
	words := len(x) / 64
	if !hasAVX512 || words == 0 {
		return 0
	}
	switch x := any(x).(type) {
	case []float64:
		y := any(y).([]float64)
		switch r {
		case isLess:
			lessFloatAVX512(&dst[0], &x[0], &y[0], words)
		case isLessEqual:
			lessEqualFloatAVX512(&dst[0], &x[0], &y[0], words)
		default:
			equalFloatAVX512(&dst[0], &x[0], &y[0], words)
		}
	case []int64:
		y := any(y).([]int64)
		switch r {
		case isLess:
			lessIntAVX512(&dst[0], &x[0], &y[0], words)
		case isLessEqual:
			lessEqualIntAVX512(&dst[0], &x[0], &y[0], words)
		default:
			equalIntAVX512(&dst[0], &x[0], &y[0], words)
		}
	}
	return words
}

// memberCodes is Member for whole words of wide codes; it says how many it has done.
func memberCodes(dst []uint64, src []uint32, set []uint64) int {
	words := len(src) / 64
	if !hasAVX512 || words == 0 {
		return 0
	}
	memberCodesAVX512(&dst[0], &src[0], words, &set[0])
	return words
}

// bytePairsWords is BytePairs for whole words; it says how many it has done.
func bytePairsWords(dst []uint64, first, second []byte, p BytePair) int {
	words := len(first) / 64
	if !hasAVX2 || words == 0 {
		return 0
	}
	bytePairsAVX2(&dst[0], &first[0], &second[0], words, spread(p.First), spread(p.FirstOr), spread(p.Second), spread(p.SecondOr))
	return words
}

// spread repeats a byte.
func spread(b byte) uint64 { return uint64(b) * ones }

// windowsWords is Windows for whole words, none of whose windows leaves text; it says how
// many it has done. places is the part of offsets where the texts begin, or where they end.
func windowsWords(dst []uint64, text []byte, places, offsets []uint32, w *Window) int {
	words := (len(offsets) - 1) / 64
	if !hasAVX2 || words == 0 {
		return 0
	}
	at := int(w.At)
	if w.End {
		at = -at
	}
	windowsAVX2(&dst[0], &text[0], at, &places[0], &offsets[0], words, twice(w.Least), twice(w.Most-w.Least), w.Or, w.And, w.Want)
	return words
}

// twice repeats a number of 32 bits.
func twice(x uint32) uint64 { return uint64(x)<<32 | uint64(x) }
