package rows

import (
	"bytes"
	"encoding/binary"

	"github.com/segq/segq/exec/column"
)

// special has up to four bytes for which a cell is put in quotes, each eight times.
type special [4]uint64

func newSpecial(some ...byte) *special {
	s := &special{}
	for i := range s {
		s[i] = uint64(some[min(i, len(some)-1)]) * ones
	}
	return s
}

const ones = 0x0101010101010101

// in says whether any of the bytes is in a text. It looks at eight bytes at a time: one is zero
// exactly if taking one from each carries into a high bit that was not set (Bit Twiddling Hacks,
// "Determine if a word has a zero byte").
func (s *special) in(text []byte) bool {
	if n := len(text); n >= 8 {
		for i := 0; i+8 < n; i += 8 {
			if s.inWord(binary.LittleEndian.Uint64(text[i:])) {
				return true
			}
		}
		return s.inWord(binary.LittleEndian.Uint64(text[n-8:]))
	}
	var last uint64 // what is missing is no special byte
	for i, b := range text {
		last |= uint64(b) << (8 * i)
	}
	return s.inWord(last)
}

func (s *special) inWord(word uint64) bool {
	a, b, c, d := word^s[0], word^s[1], word^s[2], word^s[3]
	return ((a-ones)&^a|(b-ones)&^b|(c-ones)&^c|(d-ones)&^d)&(ones<<7) != 0
}

// inColumn says whether any of the bytes is in the first n rows of a column of texts: if not, no
// cell has to be looked at. Of other columns nobody has looked.
func (s *special) inColumn(c column.Column, n int) bool {
	var texts []byte
	switch c := c.(type) {
	case *column.Texts:
		texts = c.Bytes[c.Offsets[0]:c.Offsets[n]]
	case *column.Strings:
		if c.Dict.Len() > n {
			return true
		}
		texts = c.Dict.Bytes
	default:
		return true
	}
	for _, b := range s {
		if bytes.IndexByte(texts, byte(b)) >= 0 {
			return true
		}
	}
	return false
}
