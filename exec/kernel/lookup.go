package kernel

import "slices"

// lookupSlack is how many bytes of src have to be there behind those of the values.
const lookupSlack = 8

// Lookup writes what a table has for values of width bits, at most 8, that are packed in src
// one after another from the lowest bit on, as far as the processor has a fast way for it: it
// says how many it has done, and the greatest value, which may be beyond the table; then what
// it has written is of no use.
func Lookup(dst []uint8, src []byte, width uint, table []uint8) (done int, most uint8) {
	words := min(len(dst)/32, max(0, len(src)-lookupSlack)/int(4*max(width, 1)))
	if width == 0 || width > 8 || len(table) == 0 || len(table) > 256 || words == 0 {
		return 0, 0
	}
	var padded [256]uint8
	copy(padded[:], table)
	var all [32]uint8
	if !lookupWords(dst, src, &padded, words, width, (len(table)+15)/16, &all) {
		return 0, 0
	}
	return 32 * words, slices.Max(all[:])
}
