package search

import "github.com/segq/segq/exec/kernel"

// wideRows answers once more the rows that are not all ASCII, whose letters may have other
// forms than the two of the alphabet: the Kelvin sign is a k.
func (t *Test) wideRows(dst []uint64, text []byte, offsets []uint32) {
	n := len(offsets) - 1
	end := int(offsets[n])
	at := 0
	for place := kernel.Wide(text[:end], int(offsets[0])); place < end; place = kernel.Wide(text[:end], int(offsets[at])) {
		at = holding(offsets, uint32(place), at)
		dst[at>>6] &^= 1 << (at & 63)
		if t.match(row(text, offsets, at)) {
			dst[at>>6] |= 1 << (at & 63)
		}
		at++
	}
}
