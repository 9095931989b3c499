package load

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// Eight bytes at a time are looked at as one number. With the highest bit of a byte
// unset, subtracting one sets it in a byte that is zero, and subtracting a space in one
// that is less; what is borrowed only changes bytes after the first such.
const (
	eachOne   = 0x0101010101010101
	eachSpace = eachOne * ' '
	eachHigh  = eachOne * 0x80
)

func load64(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }

// plainEnd returns the place, from i on, of the first byte that ends the plain part of a
// text: the quote, the backslash, a control character or what is not ASCII; or the end.
func plainEnd(buf []byte, i int) int {
	for ; i+8 <= len(buf); i += 8 {
		v := load64(buf[i:])
		quote, backslash := v^eachOne*'"', v^eachOne*'\\'
		if m := ((v - eachSpace) | (quote - eachOne) | (backslash - eachOne) | v) & eachHigh; m != 0 {
			return i + bits.TrailingZeros64(m)>>3
		}
	}
	for i < len(buf) && buf[i] >= ' ' && buf[i] != '"' && buf[i] != '\\' && buf[i] < utf8.RuneSelf {
		i++
	}
	return i
}

// foreignEnd is plainEnd in a text that may be other than ASCII.
func foreignEnd(buf []byte, i int) int {
	for ; i+8 <= len(buf); i += 8 {
		v := load64(buf[i:])
		quote, backslash := v^eachOne*'"', v^eachOne*'\\'
		if m := ((v - eachSpace) | (quote - eachOne) | (backslash - eachOne)) &^ v & eachHigh; m != 0 {
			return i + bits.TrailingZeros64(m)>>3
		}
	}
	for i < len(buf) && buf[i] >= ' ' && buf[i] != '"' && buf[i] != '\\' {
		i++
	}
	return i
}
