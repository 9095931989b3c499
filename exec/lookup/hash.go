package lookup

import (
	"hash/maphash"
	"math"

	"github.com/segq/segq/exec/column"
)

// none is the place of a row that is not there.
const none = math.MaxUint32

// places finds rows by the hash of what they have: each slot has 32 bits of it, and the row.
type places struct {
	slots []uint64
	used  int
}

// newPlaces has room for n rows.
func newPlaces(n int) *places {
	size := 16
	for size < 2*n {
		size *= 2
	}
	return &places{slots: make([]uint64, size)}
}

// find returns the row with a hash for which same holds; [none] where there is none.
func (p *places) find(hash uint64, same func(row uint32) bool) uint32 {
	mask := uint64(len(p.slots) - 1)
	hash >>= 32
	for i := hash & mask; ; i = (i + 1) & mask {
		s := p.slots[i]
		if s == 0 {
			return none
		}
		if s>>32 == hash && same(uint32(s)-1) {
			return uint32(s) - 1
		}
	}
}

// add adds a row that is not there.
func (p *places) add(hash uint64, row uint32) {
	if p.used++; 2*p.used > len(p.slots) {
		old := p.slots
		p.slots = make([]uint64, 2*len(old))
		for _, s := range old {
			if s != 0 {
				p.put(s)
			}
		}
	}
	p.put(hash>>32<<32 | uint64(row+1))
}

// put puts what a slot has into one that is free.
func (p *places) put(s uint64) {
	mask := uint64(len(p.slots) - 1)
	i := s >> 32 & mask
	for p.slots[i] != 0 {
		i = (i + 1) & mask
	}
	p.slots[i] = s
}

// keyed are keys, one a row, whose hashes say where they are.
type keyed interface {
	hash(row int) uint64
	// equal says whether two rows have one key, the second one of other keys.
	equal(row int, others keyed, other int) bool
}

// textKeys are keys that are texts.
type textKeys struct {
	at   func(row int) string
	seed maphash.Seed
}

func (k *textKeys) hash(row int) uint64 { return maphash.String(k.seed, k.at(row)) }

func (k *textKeys) equal(row int, others keyed, other int) bool {
	return k.at(row) == others.(*textKeys).at(other)
}

// numberKeys are keys of 64 bits.
type numberKeys struct{ at func(row int) uint64 }

// hash mixes the bits, as the finalizer of SplitMix64 does (Steele, Lea and Flood 2014).
func (k *numberKeys) hash(row int) uint64 {
	x := k.at(row)
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func (k *numberKeys) equal(row int, others keyed, other int) bool {
	return k.at(row) == others.(*numberKeys).at(other)
}

// seed is that of all hashes of texts, so that those of two tables agree.
var seed = maphash.MakeSeed()

// keysOf returns the keys of a dense column of plain values; nil for any other.
func keysOf(c column.Column) keyed {
	switch c := c.(type) {
	case *column.Strings:
		return &textKeys{c.At, seed}
	case *column.Texts:
		return &textKeys{c.At, seed}
	case *column.Ints:
		return &numberKeys{func(row int) uint64 { return uint64(c.At(row)) }}
	case *column.Floats:
		return &numberKeys{func(row int) uint64 { return floatBits(c.V[row]) }}
	case *column.Timestamps:
		return &numberKeys{func(row int) uint64 { return uint64(c.V[row]) }}
	case *column.Bools:
		return &numberKeys{func(row int) uint64 {
			if c.Bits.Get(row) {
				return 1
			}
			return 0
		}}
	}
	return nil
}

// floatBits are the bits of a float, the same for both zeros.
func floatBits(f float64) uint64 {
	if f == 0 {
		return 0
	}
	return math.Float64bits(f)
}

// isNaN says whether a row has a number that equals none.
func isNaN(c column.Column, row int) bool {
	f, ok := c.(*column.Floats)
	return ok && math.IsNaN(f.V[row])
}
