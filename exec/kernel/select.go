package kernel

import "encoding/binary"

// Select8 answers eight predicates about every row in one pass. staged holds a
// class of each row, in the order of [Stage] and below classes; bit p of
// table[class] is the answer of predicate p. That for row i goes to bit i of the
// bitmap that begins at dst[p*stride] and has Words(n) words; bits from n on come
// out zero. len(staged) is Staged(n).
func Select8(dst []uint64, stride int, staged []uint8, n int, table *[256]uint8, classes int) {
	if n == 0 {
		return
	}
	staged = staged[:Staged(n)]
	dst = dst[:7*stride+Words(n)]
	if !select8Tiles(dst, stride, staged, table, classes) {
		for t := range Tiles(n) {
			select8Tile(dst[t*tileWords:], stride, (*[tileRows]uint8)(staged[t*tileRows:]), table)
		}
	}
	if n%tileRows != 0 {
		for p := range 8 {
			clip(dst[p*stride:p*stride+Words(n)], n)
		}
	}
}

// select8Tile looks up eight rows at a time and transposes 8x8x8 bits: it swaps
// bits between words 4, 2 and 1 apart, as in Warren, Hacker's Delight, 2nd edition,
// section 7-3, but that every byte of the words is a matrix of its own.
func select8Tile(dst []uint64, stride int, staged *[tileRows]uint8, table *[256]uint8) {
	for j := range tileWords {
		var w [8]uint64
		for c := range w {
			classes := binary.LittleEndian.Uint64(staged[64*c+8*j:])
			w[c] = uint64(table[uint8(classes)]) |
				uint64(table[uint8(classes>>8)])<<8 |
				uint64(table[uint8(classes>>16)])<<16 |
				uint64(table[uint8(classes>>24)])<<24 |
				uint64(table[uint8(classes>>32)])<<32 |
				uint64(table[uint8(classes>>40)])<<40 |
				uint64(table[uint8(classes>>48)])<<48 |
				uint64(table[uint8(classes>>56)])<<56
		}
		exchange(&w[0], &w[4], 4, 0x0f*ones)
		exchange(&w[1], &w[5], 4, 0x0f*ones)
		exchange(&w[2], &w[6], 4, 0x0f*ones)
		exchange(&w[3], &w[7], 4, 0x0f*ones)
		exchange(&w[0], &w[2], 2, 0x33*ones)
		exchange(&w[1], &w[3], 2, 0x33*ones)
		exchange(&w[4], &w[6], 2, 0x33*ones)
		exchange(&w[5], &w[7], 2, 0x33*ones)
		exchange(&w[0], &w[1], 1, 0x55*ones)
		exchange(&w[2], &w[3], 1, 0x55*ones)
		exchange(&w[4], &w[5], 1, 0x55*ones)
		exchange(&w[6], &w[7], 1, 0x55*ones)
		for p := range w {
			dst[p*stride+j] = w[p]
		}
	}
}

// exchange swaps the bits of a above the mask with those of b in it.
func exchange(a, b *uint64, distance int, mask uint64) {
	t := (*a>>distance ^ *b) & mask
	*b ^= t
	*a ^= t << distance
}

// clip clears the bits of b from n on.
func clip(b []uint64, n int) {
	if w := n >> 6; w < len(b) {
		b[w] &= 1<<(n&63) - 1
		clear(b[w+1:])
	}
}

// Translate gives every code its class: dst[i] = table[src[i]]. The table must
// have an entry for every code that occurs.
func Translate[T Code](dst []uint8, src []T, table []uint8) {
	dst = dst[:len(src)]
	for len(src) >= 8 {
		v, out := (*[8]T)(src), (*[8]uint8)(dst)
		for i, c := range v {
			out[i] = table[c]
		}
		src, dst = src[8:], dst[8:]
	}
	for i, c := range src {
		dst[i] = table[c]
	}
}

// TranslateUint16 is [Translate] with a table for every code there can be.
func TranslateUint16(dst []uint8, src []uint16, table *[1 << 16]uint8) {
	dst = dst[:len(src)]
	for len(src) >= 8 {
		v := (*[8]uint16)(src)
		binary.LittleEndian.PutUint64(dst,
			uint64(table[v[0]])|uint64(table[v[1]])<<8|uint64(table[v[2]])<<16|uint64(table[v[3]])<<24|
				uint64(table[v[4]])<<32|uint64(table[v[5]])<<40|uint64(table[v[6]])<<48|uint64(table[v[7]])<<56)
		src, dst = src[8:], dst[8:]
	}
	for i, c := range src {
		dst[i] = table[c]
	}
}

// TranslateShifted is [Translate] by the high bits of codes: dst[i] =
// table[src[i]>>shift].
func TranslateShifted(dst []uint8, src []uint32, shift uint, table []uint8) {
	dst = dst[:len(src)]
	for i, c := range src {
		dst[i] = table[c>>(shift&31)]
	}
}
