// Package bloom computes Bloom filters as segq keeps them in Redis: their size, and the positions of an
// id. It knows no server.
package bloom

import (
	"crypto/sha1"
	"encoding/binary"
	"fmt"
	"math"
)

// Filter is the size of a Bloom filter, which says of an id that it is not in a set, for
// certain, or that it may be (B. H. Bloom, Space/time trade-offs in hash coding with allowable errors,
// Communications of the ACM 13(7), 1970). Its positions come from two hashes
// (A. Kirsch and M. Mitzenmacher, Less hashing, same performance, 2006), which any
// client can make of the SHA-1 of an id, and Redis in a script:
//
//	h1, h2      the first and the next 48 bits of the SHA-1, most significant first
//	position i  (h1 + i h2) mod bits, for i from 0 to hashes - 1
//
// All of it is below 2^53, so that a language whose only numbers are doubles gets the
// same.
type Filter struct {
	Bits   uint64
	Hashes int
}

const (
	// MaxBits is the most bits of a string in Redis, 512 MiB.
	MaxBits = 1 << 32
	// MaxHashes keeps positions below 2^53 before they are reduced.
	MaxHashes = 30
	// LeastRate is the lowest rate at which a filter may take a foreign id for one of its own.
	LeastRate = 0.000001
	// MostRate is the highest.
	MostRate = 0.5
)

// New returns the filter for n ids that takes a foreign id for one of them at this
// rate: of -n ln(rate) / ln²2 bits with bits / n · ln 2 hashes.
func New(n int, rate float64) (Filter, error) {
	if !(rate >= LeastRate && rate <= MostRate) {
		return Filter{}, fmt.Errorf("rate %g: use %g to %g", rate, LeastRate, MostRate)
	}
	bits := math.Ceil(-float64(max(n, 1)) * math.Log(rate) / (math.Ln2 * math.Ln2))
	bits = math.Ceil(math.Max(bits, 64)/8) * 8
	if bits > MaxBits {
		return Filter{}, fmt.Errorf("a filter for %d ids at rate %g has %.0f MiB; Redis holds 512: choose a higher rate, or a set", n, rate, bits/8/(1<<20))
	}
	hashes := int(math.Round(bits / float64(max(n, 1)) * math.Ln2))
	return Filter{uint64(bits), min(max(hashes, 1), MaxHashes)}, nil
}

// Positions calls set with the positions of an id.
func (b Filter) Positions(id string, set func(uint64)) {
	sum := sha1.Sum([]byte(id))
	h1 := binary.BigEndian.Uint64(sum[:8]) >> 16
	h2 := binary.BigEndian.Uint64(sum[6:14]) >> 16
	for i := range uint64(b.Hashes) {
		set((h1 + i*h2) % b.Bits)
	}
}
