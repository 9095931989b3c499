package load

import (
	"bytes"
	"cmp"
	"slices"
)

// textTable is a set of texts in order of arrival, which many row groups add to: most of
// what they add is there. The entries of its hash table have a part of the hash, so that
// the bytes of others are seldom looked at.
type textTable struct {
	bytes []byte
	ends  []uint32
	slots []uint64 // the upper half of the hash, and code + 1; 0 for free; a power of two of them
}

func newTextTable() *textTable { return &textTable{slots: make([]uint64, 64)} }

func (t *textTable) len() int { return len(t.ends) }

func (t *textTable) at(code uint32) []byte {
	from := uint32(0)
	if code > 0 {
		from = t.ends[code-1]
	}
	return t.bytes[from:t.ends[code]]
}

// size returns what the table holds.
func (t *textTable) size() int64 {
	return int64(cap(t.bytes)) + 4*int64(cap(t.ends)) + 8*int64(len(t.slots))
}

const upperHalf = 0xffffffff << 32

// find returns the code of s, or the slot for it.
func (t *textTable) find(s []byte) (code uint32, found bool, slot uint64, tag uint64) {
	h := hashOf(s)
	tag = h & upperHalf
	mask := uint64(len(t.slots) - 1)
	for slot = h & mask; t.slots[slot] != 0; slot = (slot + 1) & mask {
		if e := t.slots[slot]; e&upperHalf == tag {
			if code = uint32(e) - 1; bytes.Equal(t.at(code), s) {
				return code, true, slot, tag
			}
		}
	}
	return 0, false, slot, tag
}

// insert adds s, which is not there, at its slot.
func (t *textTable) insert(s []byte, slot, tag uint64) uint32 {
	code := uint32(len(t.ends))
	t.bytes = append(t.bytes, s...)
	t.ends = append(t.ends, uint32(len(t.bytes)))
	t.slots[slot] = tag | uint64(code+1)
	if 2*len(t.ends) > len(t.slots) {
		t.rehash()
	}
	return code
}

// add returns the code of s, a new one if it is not yet there.
func (t *textTable) add(s []byte) uint32 {
	code, found, slot, tag := t.find(s)
	if !found {
		code = t.insert(s, slot, tag)
	}
	return code
}

// smallTable is how many slots grow by more than twice.
const smallTable = 1 << 14

func (t *textTable) rehash() {
	grown := 4 * len(t.slots)
	if grown > smallTable {
		grown /= 2 // more would not stay in the cache
	}
	t.slots = make([]uint64, grown)
	mask := uint64(len(t.slots) - 1)
	for code := range t.ends {
		h := hashOf(t.at(uint32(code)))
		i := h & mask
		for t.slots[i] != 0 {
			i = (i + 1) & mask
		}
		t.slots[i] = h&upperHalf | uint64(code+1)
	}
}

// mergeTables adds all texts to the first table, sorts them, and returns the codes by
// rank, and for each table the ranks of its own codes.
func mergeTables(tables []*textTable) (order []uint32, ranks [][]uint32) {
	all := tables[0]
	ranks = make([][]uint32, len(tables))
	for k, t := range tables[1:] {
		ranks[k+1] = make([]uint32, t.len())
		for code := range ranks[k+1] {
			ranks[k+1][code] = all.add(t.at(uint32(code)))
		}
	}
	entries := make([]entry, all.len())
	for code := range entries {
		entries[code] = entry{prefix: prefix(all.at(uint32(code))), code: uint32(code)}
	}
	slices.SortFunc(entries, func(a, b entry) int {
		if c := cmp.Compare(a.prefix, b.prefix); c != 0 {
			return c
		}
		return bytes.Compare(all.at(a.code), all.at(b.code))
	})
	ranks[0], order = make([]uint32, len(entries)), make([]uint32, len(entries))
	for rank, e := range entries {
		ranks[0][e.code], order[rank] = uint32(rank), e.code
	}
	for _, codes := range ranks[1:] {
		for i, code := range codes {
			codes[i] = ranks[0][code]
		}
	}
	return order, ranks
}
