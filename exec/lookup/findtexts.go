package lookup

import (
	"hash/maphash"

	"github.com/segq/segq/exec/column"
)

// batch is how many texts are looked for side by side: each step is done for all of them before the next, so
// that the memory which it takes is fetched for many at a time.
const batch = 128

// findTexts finds the rows of the texts from start to end.
func (r *Resident) findTexts(at []uint32, c *column.Texts, start, end int) {
	var hashes, slots [batch]uint64
	var offsets [batch]uint32
	var firsts [batch]byte
	mask := uint64(len(r.found.slots) - 1)
	for ; start < end; start += batch {
		n := min(batch, end-start)
		for k := range n {
			hashes[k] = maphash.String(seed, c.At(start+k)) >> 32
		}
		for k := range n {
			slots[k] = r.found.slots[hashes[k]&mask]
		}
		for k := range n {
			if row := uint32(slots[k]); row != 0 {
				offsets[k] = r.texts.Offsets[row-1]
			}
		}
		for k := range n {
			if at := int(offsets[k]); at < len(r.texts.Bytes) {
				firsts[k] = r.texts.Bytes[at]
			}
		}
		for k := range n {
			at[start+k] = r.confirmed(c, start+k, hashes[k], slots[k], offsets[k], firsts[k])
		}
	}
}

// confirmed returns the row in a slot if it has the text of row i, or the one that is in another slot.
func (r *Resident) confirmed(c *column.Texts, i int, hash, slot uint64, offset uint32, first byte) uint32 {
	if slot == 0 || c.Null(i) {
		return none
	}
	text := c.At(i)
	if slot>>32 == hash && (text == "" || text[0] == first) {
		row := uint32(slot) - 1
		if string(r.texts.Bytes[offset:r.texts.Offsets[row+1]]) == text {
			return row
		}
	}
	return r.found.find(hash<<32, func(k uint32) bool { return r.texts.At(int(k)) == text })
}
