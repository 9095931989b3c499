package redisx

import (
	"crypto/sha1"
	"encoding/binary"
	"fmt"
	"math"
)

// A Bloom filter says of an id that it is not in a set, for certain, or that it may be
// (B. H. Bloom, Space/time trade-offs in hash coding with allowable errors,
// Communications of the ACM 13(7), 1970). Its positions come from two hashes
// (A. Kirsch and M. Mitzenmacher, Less hashing, same performance, 2006), which any
// client can make of the SHA-1 of an id, and Redis in a script:
//
//	h1, h2      the first and the next 48 bits of the SHA-1, most significant first
//	position i  (h1 + i h2) mod bits, for i from 0 to hashes - 1
//
// All of it is below 2^53, so that a language whose only numbers are doubles gets the
// same.
type bloom struct {
	bits   uint64
	hashes int
}

const (
	// maxBits is the most bits of a string in Redis, 512 MiB.
	maxBits = 1 << 32
	// maxHashes keeps positions below 2^53 before they are reduced.
	maxHashes = 30
	// leastRate and mostRate bound the rate at which a filter may be wrong.
	leastRate, mostRate = 0.000001, 0.5
)

// newBloom returns the filter for n ids that takes a foreign id for one of them at this
// rate: of -n ln(rate) / ln²2 bits with bits / n · ln 2 hashes.
func newBloom(n int, rate float64) (bloom, error) {
	if !(rate >= leastRate && rate <= mostRate) {
		return bloom{}, fmt.Errorf("rate %g: use %g to %g", rate, leastRate, mostRate)
	}
	bits := math.Ceil(-float64(max(n, 1)) * math.Log(rate) / (math.Ln2 * math.Ln2))
	bits = math.Ceil(math.Max(bits, 64)/8) * 8
	if bits > maxBits {
		return bloom{}, fmt.Errorf("a filter for %d ids at rate %g has %.0f MiB; Redis holds 512: choose a higher rate, or a set", n, rate, bits/8/(1<<20))
	}
	hashes := int(math.Round(bits / float64(max(n, 1)) * math.Ln2))
	return bloom{uint64(bits), min(max(hashes, 1), maxHashes)}, nil
}

// positions calls set with the positions of an id.
func (b bloom) positions(id string, set func(uint64)) {
	sum := sha1.Sum([]byte(id))
	h1 := binary.BigEndian.Uint64(sum[:8]) >> 16
	h2 := binary.BigEndian.Uint64(sum[6:14]) >> 16
	for i := range uint64(b.hashes) {
		set((h1 + i*h2) % b.bits)
	}
}
