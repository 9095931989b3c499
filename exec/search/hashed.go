package search

import (
	"slices"

	"github.com/segq/segq/exec/kernel"
)

// Hashable says whether the test is one of equality, which [Test.Hashed] answers. Where many
// are asked of the same rows that is quicker than [Test.Block].
func (t *Test) Hashable() bool { return t.form == equal && !t.fold }

// Named returns the texts, each once, that a [Test.Hashable] test is true of, and whether it is true of all others instead.
func (t *Test) Named() (texts []string, without bool) {
	texts = slices.Clone(t.parts)
	slices.Sort(texts)
	return slices.Compact(texts), t.negated
}

// Hashed is [Test.Block] for rows whose [kernel.Hashes] are known.
func (t *Test) Hashed(dst []uint64, hashes []uint16, text []byte, offsets []uint32) {
	n := len(hashes)
	if t.set != nil {
		kernel.Member(dst, hashes, t.set.hashes[:])
	} else {
		clear(dst)
		for start := 0; start < n; start += pieceRows {
			end := min(start+pieceRows, n)
			t.hashedPiece(dst[start>>6:(end+63)>>6], hashes[start:end])
		}
	}
	each(dst, func(i int) bool { return t.match(row(text, offsets, i)) })
	if t.negated {
		kernel.Not(dst, dst, n)
	}
}

// hashedPiece sets the bits of the hashes that one of the parts has.
func (t *Test) hashedPiece(dst []uint64, hashes []uint16) {
	var s scratch
	found := s[:len(dst)]
	for i, part := range t.parts {
		h := kernel.Hash([]byte(part))
		if slices.Contains(t.parts[:i], part) {
			continue
		}
		kernel.Range(found, hashes, h, h)
		kernel.Or(dst, found)
	}
}
