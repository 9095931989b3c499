package resident

import "hash/maphash"

// texts is how often each of some texts was seen: a hash table with linear probing, of which at most three
// of four slots are taken. It keeps the hashes, so that neither growing nor merging reads the texts.
type texts struct {
	slots []textSlot
	used  int
}

// textSlot is a text, its hash, and how often it was seen; never is a free slot.
type textSlot struct {
	hash uint64
	text string
	n    int
}

// textSeed is that of all hashes, which are therefore comparable.
var textSeed = maphash.MakeSeed()

func hashOf(text string) uint64 { return maphash.String(textSeed, text) }

// of returns the slot of a text, or the free one where it belongs. There is one at least.
func (t *texts) of(text string, hash uint64) *textSlot {
	at := int(hash & uint64(len(t.slots)-1))
	for t.slots[at].n != 0 && (t.slots[at].hash != hash || t.slots[at].text != text) {
		at = (at + 1) & (len(t.slots) - 1)
	}
	return &t.slots[at]
}

// fit makes room for n more texts.
func (t *texts) fit(n int) {
	size := max(firstSlots, len(t.slots))
	for 3*size < 4*(t.used+n) {
		size *= 2
	}
	if size == len(t.slots) {
		return
	}
	before := t.slots
	t.slots = make([]textSlot, size)
	for i := range before {
		if before[i].n > 0 {
			*t.of(before[i].text, before[i].hash) = before[i]
		}
	}
}
