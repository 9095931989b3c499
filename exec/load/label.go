package load

import "math/bits"

// match says whether a text, with its first and its next eight bytes, begins with the label.
func (l *label) match(text []byte, first, second uint64) bool {
	if (first^l.first)&l.firstMask|(second^l.second)&l.secondMask != 0 {
		return false
	}
	size := int(l.size)
	return size <= labelBytes || len(text) >= size && string(text[labelBytes:size]) == l.node.rest
}

// likely reads the key at pos and the colon where it is a label, and gives its field.
func (w *walker) likely(n *node, pos int) int {
	if pos > w.safe {
		return -1
	}
	text := w.wide[pos:]
	return n.names.find(n.labels, text, load64(text), load64(text[8:]))
}

// labelTable finds labels by their keys: an open hash table of their places + 1, 0 for none, at
// most half of them taken.
type labelTable []uint32

func tableOf(labels []label) labelTable {
	size := leastTable
	for size < 4*len(labels) {
		size *= 2
	}
	t := make(labelTable, size)
	for place := range labels {
		t.put(labels, place)
	}
	return t
}

// add adds the last one of the labels.
func (t *labelTable) add(labels []label) {
	if len(*t) < 2*len(labels) {
		*t = tableOf(labels)
		return
	}
	t.put(labels, len(labels)-1)
}

func (t labelTable) put(labels []label, place int) {
	l := &labels[place]
	if l.size == 0 {
		return // it is never met
	}
	i := labelHash(l.first, l.second)
	for mask := uint64(len(t) - 1); ; i++ {
		if p := &t[i&mask]; *p == 0 {
			*p = uint32(place + 1)
			return
		}
	}
}

// find returns the place of the label that a text begins with; -1 for none.
func (t labelTable) find(labels []label, text []byte, first, second uint64) int {
	if len(t) == 0 {
		return -1
	}
	i := labelHash(first, second)
	for mask := uint64(len(t) - 1); ; i++ {
		place := int(t[i&mask]) - 1
		if place < 0 || labels[place].match(text, first, second) {
			return place
		}
	}
}

// labelHash returns the hash of the first and the next eight bytes of a text that begins with
// a label: of what is before the quote that ends the key.
func labelHash(first, second uint64) uint64 {
	const quote = 0xff // the one at the beginning
	if m := zeroBytes(first^eachOne*'"') &^ quote; m != 0 {
		first, second = first&maskOf(bits.TrailingZeros64(m)>>3), 0
	} else if m := zeroBytes(second ^ eachOne*'"'); m != 0 {
		second &= maskOf(bits.TrailingZeros64(m) >> 3)
	}
	return words{first, second}.hash(0)
}
