package search

import "github.com/segq/segq/exec/kernel"

// fewParts is how many texts are compared one after another; more are a set.
const fewParts = 4

// set is texts that are found by their hash.
type set struct {
	hashes [1 << 16 / 64]uint64
	has    map[string]bool
}

func newSet(texts []string) *set {
	s := &set{has: make(map[string]bool, len(texts))}
	for _, t := range texts {
		s.has[t] = true
		h := kernel.Hash([]byte(t))
		s.hashes[h>>6] |= 1 << (h & 63)
	}
	return s
}

// block sets the bits of the rows that are in the set.
func (s *set) block(dst []uint64, text []byte, offsets []uint32) {
	var hashes [pieceRows]uint16
	n := len(offsets) - 1
	kernel.Hashes(hashes[:n], text, offsets)
	kernel.Member(dst, hashes[:n], s.hashes[:])
	each(dst, func(i int) bool { return s.has[string(text[offsets[i]:offsets[i+1]])] })
}
