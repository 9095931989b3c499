package resident

import (
	"math/bits"
	"slices"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/kernel"
)

// matrix turns the bitmaps of rules over a block of rows into the rules of each row: as bits, a tile of rows at
// a time, in squares of 64 rules and 64 rows, and these into lists. It belongs to one lane.
type matrix struct {
	names *column.Dict
	bits  []column.Bitmap // by code of the rule, over the block
	words int             // that the bits of a row have
	tile  []uint64        // of each row, so many words
	some  [][64]uint64    // scratch: the squares of a group of rules

	// The lists that were made: of each row, those codes that begin where those of the row before end.
	rows    []uint32
	offsets []uint32
	narrow  []uint16 // codes, where two bytes are enough
	wide    []uint32 // else
	pairs   int
}

// tileRows is how many rows are transposed together: for so many, the bits of a rule are a line of the cache.
const tileRows = 512

func newMatrix(m *members) *matrix {
	rules := len(m.order)
	words := (rules + 63) / 64
	return &matrix{
		names: m.names, bits: make([]column.Bitmap, rules), words: words, tile: make([]uint64, tileRows*words), some: make([][64]uint64, tileRows/64), offsets: make([]uint32, 1),
	}
}

// transpose fills the tile with n rows, whose bits begin at a word of the bitmaps.
func (m *matrix) transpose(first, n int) {
	squares := m.some[:(n+63)/64]
	for word := range m.words {
		rules := m.bits[word*64 : min(word*64+64, len(m.bits))]
		any := uint64(0)
		for k, b := range rules {
			for q, w := range b[first : first+len(squares)] {
				squares[q][k] = w
				any |= w
			}
		}
		for q := range squares {
			square := &squares[q]
			clear(square[len(rules):])
			if any != 0 {
				kernel.Transpose(square)
			}
			to := m.tile[q*64*m.words+word:]
			for k, w := range square {
				to[k*m.words] = w
			}
		}
	}
}

// mostNarrow is how many rules have codes of two bytes.
const mostNarrow = 1 << 16

// list adds the list of a row of the tile, without its end, and says whether there is anything in it.
func (m *matrix) list(row int) bool {
	words, before := m.tile[row*m.words:][:m.words], m.pairs
	if len(m.bits) <= mostNarrow {
		m.narrow, m.pairs = appendCodes(m.narrow, m.pairs, words)
	} else {
		m.wide, m.pairs = appendCodes(m.wide, m.pairs, words)
	}
	return m.pairs > before
}

// codesAtOnce is how many codes of a word are written at once, whether there are so many or not: how many there
// are can hardly be predicted.
const codesAtOnce = 8

// appendCodes writes the numbers of the bits of a row to codes, of which there are n, and gives how many there
// are then.
func appendCodes[T uint16 | uint32](codes []T, n int, words []uint64) ([]T, int) {
	if need := n + 64*len(words) + codesAtOnce; need > len(codes) {
		codes = append(codes, make([]T, max(need, 2*len(codes))-len(codes))...)
	}
	for k, w := range words {
		base, count := T(k*64), bits.OnesCount64(w)
		for to := n; ; to += codesAtOnce {
			some := (*[codesAtOnce]T)(codes[to:])
			some[0] = base + T(bits.TrailingZeros64(w))
			w &= w - 1
			some[1] = base + T(bits.TrailingZeros64(w))
			w &= w - 1
			some[2] = base + T(bits.TrailingZeros64(w))
			w &= w - 1
			some[3] = base + T(bits.TrailingZeros64(w))
			w &= w - 1
			some[4] = base + T(bits.TrailingZeros64(w))
			w &= w - 1
			some[5] = base + T(bits.TrailingZeros64(w))
			w &= w - 1
			some[6] = base + T(bits.TrailingZeros64(w))
			w &= w - 1
			some[7] = base + T(bits.TrailingZeros64(w))
			w &= w - 1
			if w == 0 {
				break
			}
		}
		n += count
	}
	return codes, n
}

// column returns some of the lists.
func (m *matrix) column(from, to int) column.Column {
	first, last := m.offsets[from], m.offsets[to]
	codes := column.Codes{}
	if len(m.bits) <= mostNarrow {
		codes.U16 = m.narrow[first:last]
	} else {
		codes.U32 = m.wide[first:last]
	}
	offsets := m.offsets[from : to+1]
	if first > 0 {
		offsets = slices.Clone(offsets)
		for i := range offsets {
			offsets[i] -= first
		}
	}
	return &column.List{Offsets: offsets, Elem: &column.Strings{Codes: codes, Dict: m.names}}
}

// clear begins anew.
func (m *matrix) clear() { m.rows, m.offsets, m.pairs = m.rows[:0], m.offsets[:1], 0 }
