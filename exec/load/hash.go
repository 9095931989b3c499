package load

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
)

// words are two numbers that tell, with its length, all texts apart that are no longer
// than allWords, and most others: of those the eight bytes at the beginning and the eight after
// them, with zeros behind the end.
type words struct{ first, last uint64 }

const allWords = 16

func wordsOf(s []byte) words {
	n := len(s)
	switch {
	case n > allWords:
		return words{load64(s), longHash(s)}
	case n > 8:
		return words{load64(s), load64(s[n-8:]) >> (8 * (allWords - n) & 63)}
	case n == 8:
		return words{first: load64(s)}
	case n >= 4:
		low, high := binary.LittleEndian.Uint32(s), binary.LittleEndian.Uint32(s[n-4:])
		return words{first: uint64(low) | uint64(high)<<(8*(n-4))}
	case n > 0:
		mid := n / 2
		return words{first: uint64(s[0]) | uint64(s[mid])<<(8*mid) | uint64(s[n-1])<<(8*(n-1))}
	}
	return words{}
}

// longHash returns a hash of a text of more than allWords bytes: products of pairs of words, each
// folded into one of the next, as in Yi, Wang, wyhash.
func longHash(s []byte) uint64 {
	h, n := seeds[2], len(s)
	for i := 0; i < n-allWords; i += allWords {
		hi, lo := bits.Mul64(load64(s[i:])^seeds[3], load64(s[i+8:])^h)
		h = hi ^ lo
	}
	hi, lo := bits.Mul64(load64(s[n-allWords:])^seeds[4], load64(s[n-8:])^h)
	return hi ^ lo
}

// The seeds are the same for all dictionaries of the process, and others in each process:
// nothing of the hashes is kept, and nobody can write a file whose texts collide.
var (
	seeds = newSeeds()
)

func newSeeds() (s [5]uint64) {
	for i := range s {
		s[i] = maphash.Bytes(maphash.MakeSeed(), []byte{byte(i)})
	}
	return s
}

// hash returns a product of both words with all their bits in its middle, folded.
func (w words) hash(n int) uint64 {
	hi, lo := bits.Mul64(w.first^seeds[0], w.last^seeds[1]^uint64(n))
	return hi ^ lo
}
