package load

import "bytes"

// cellCounts counts the cells of a column of texts that are something else besides:
// what a hint needs to know (see survey).
type cellCounts struct{ numbers, times, bools int }

// countCells counts the texts of n by what they may be.
func (n *node) countCells() cellCounts {
	var c cellCounts
	kinds := make([]cellKinds, n.dict.len())
	any := false
	for code := range kinds {
		kinds[code] = soleKind(n.dict.at(uint32(code)))
		any = any || kinds[code] != 0
	}
	if !any {
		return c
	}
	for _, code := range n.texts.values {
		switch kinds[code] {
		case cellNumber:
			c.numbers++
		case cellTime:
			c.times++
		case cellBool:
			c.bools++
		}
	}
	return c
}

// wordBegins are the first letters of what is a number or a boolean though it has no digits.
var wordBegins = []byte("tTfFiI")

// soleKind returns what a cell is besides a text; 0 for nothing.
func soleKind(b []byte) cellKinds {
	if len(b) == 0 || b[0] > '9' && bytes.IndexByte(wordBegins, b[0]) < 0 {
		return 0
	}
	if numeralOf(trimCell(b), '.') != notNumber {
		return cellNumber
	}
	return wordKinds(b, false) & (cellTime | cellBool)
}
