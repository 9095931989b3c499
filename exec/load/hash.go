package load

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
)

// words are two numbers that tell, with its length, all texts apart that are no longer
// than allWords, and most others.
type words struct{ first, last uint64 }

const allWords = 16

func wordsOf(s []byte) words {
	n := len(s)
	switch {
	case n > allWords:
		return words{load64(s), maphash.Bytes(longSeed, s)}
	case n >= 8:
		return words{load64(s), load64(s[n-8:])}
	case n >= 4:
		return words{first: uint64(binary.LittleEndian.Uint32(s)) | uint64(binary.LittleEndian.Uint32(s[n-4:]))<<32}
	case n > 0:
		return words{first: uint64(s[0]) | uint64(s[n/2])<<8 | uint64(s[n-1])<<16}
	}
	return words{}
}

// The seeds are the same for all dictionaries of the process, and others in each process:
// nothing of the hashes is kept, and nobody can write a file whose texts collide.
var (
	longSeed = maphash.MakeSeed()
	seeds    = [2]uint64{maphash.Bytes(maphash.MakeSeed(), []byte{0}), maphash.Bytes(maphash.MakeSeed(), []byte{1})}
)

// hash returns a product of both words with all their bits in its middle, folded.
func (w words) hash(n int) uint64 {
	hi, lo := bits.Mul64(w.first^seeds[0], w.last^seeds[1]^uint64(n))
	return hi ^ lo
}

// hashOf returns the hash of a text.
func hashOf(s []byte) uint64 { return wordsOf(s).hash(len(s)) }
