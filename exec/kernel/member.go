package kernel

// Member sets bit i where src[i] is in set, a bitmap over codes. The set must
// have a bit for every code that occurs in src.
func Member[T Code](dst []uint64, src []T, set []uint64) {
	dst = dst[:words(len(src))]
	if codes, ok := any(src).([]uint32); ok && len(set) > 0 {
		done := memberCodes(dst, codes, set)
		dst, src = dst[done:], src[64*done:]
	}
	for len(src) >= 64 {
		v := (*[64]T)(src)
		var w uint64
		for _, c := range v {
			w = w>>1 | set[c>>6]>>(c&63)<<63
		}
		dst[0] = w
		dst, src = dst[1:], src[64:]
	}
	if len(src) == 0 {
		return
	}
	var w uint64
	for i, c := range src {
		w |= set[c>>6] >> (c & 63) & 1 << (i & 63)
	}
	dst[0] = w
}

// MemberUint8 is [Member] for bytes, whose set always has 256 bits.
func MemberUint8(dst []uint64, src []uint8, set *[4]uint64) {
	dst = dst[:words(len(src))]
	done := memberWords(dst, src, set)
	Member(dst[done:], src[64*done:], set[:])
}

// MemberSorted sets bit i where src[i] is in set, which is ascending and not
// empty. It is for integers that span too much for a bitmap.
func MemberSorted[T Integer](dst []uint64, src []T, set []int64) {
	dst = dst[:words(len(src))]
	clear(dst)
	for i, x := range src {
		v := int64(x)
		// The search halves without branching on what it finds: after it, at
		// is the last entry that is not above v, or the first.
		at, n := 0, len(set)
		for n > 1 {
			half := n >> 1
			if set[at+half] <= v {
				at += half
			}
			n -= half
		}
		dst[i>>6] |= bit(set[at] == v) << (i & 63)
	}
}
