package load

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
)

// seeds are the same for all dictionaries of the process, and others in each process:
// nothing of the hashes is kept, and nobody can write a file whose texts collide.
var seeds = func() (s [3]uint64) {
	for i := range s {
		s[i] = maphash.Bytes(maphash.MakeSeed(), nil) | 1
	}
	return s
}()

// longHash is the length from which on texts are left to the hash of the runtime.
const longHash = 32

// hashSeed is that of long texts.
var hashSeed = maphash.MakeSeed()

// hash returns a hash of a text: short ones are one or two products of 128 bits, whose
// halves are folded, of their first and last bytes, as in wyhash (Wang Yi and others,
// "Modern Non-Cryptographic Hash Function and Pseudorandom Number Generator", 2022).
func hash(s []byte) uint64 {
	n := len(s)
	switch {
	case n > longHash:
		return maphash.Bytes(hashSeed, s)
	case n > 16:
		a := fold(binary.LittleEndian.Uint64(s)^seeds[0], binary.LittleEndian.Uint64(s[8:])^seeds[1])
		b := fold(binary.LittleEndian.Uint64(s[n-16:])^seeds[1], binary.LittleEndian.Uint64(s[n-8:])^seeds[2])
		return fold(a^seeds[2], b^seeds[0]^uint64(n))
	case n >= 8:
		a, b := binary.LittleEndian.Uint64(s), binary.LittleEndian.Uint64(s[n-8:])
		return fold(fold(a^seeds[0], b^seeds[1])^seeds[2], uint64(n)^seeds[0])
	case n >= 4:
		a, b := uint64(binary.LittleEndian.Uint32(s)), uint64(binary.LittleEndian.Uint32(s[n-4:]))
		return fold(fold(a<<32^b^seeds[0], seeds[1])^seeds[2], uint64(n)^seeds[0])
	case n > 0:
		a := uint64(s[0])<<16 | uint64(s[n/2])<<8 | uint64(s[n-1])
		return fold(fold(a^seeds[0], seeds[1])^seeds[2], uint64(n)^seeds[0])
	}
	return seeds[0]
}

// fold multiplies two numbers, and combines both halves of the product.
func fold(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}
