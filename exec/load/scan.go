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

// plainEnds returns the highest bit of the first byte that ends the plain part of a text, perhaps
// with some of bytes after it: the quote, the backslash, a control character or what is not ASCII.
func plainEnds(v uint64) uint64 {
	quote, backslash := v^eachOne*'"', v^eachOne*'\\'
	return ((v - eachSpace) | (quote - eachOne) | (backslash - eachOne) | v) & eachHigh
}

// plainEnd returns the place, from i on, of the first byte that ends the plain part of a
// text, or the end.
func plainEnd(buf []byte, i int) int {
	for ; i+8 <= len(buf); i += 8 {
		if m := plainEnds(load64(buf[i:])); m != 0 {
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

// nextQuote returns the place, from i on, of the first quote or backslash, or the end.
func nextQuote(text []byte, i int) int {
	for ; i+8 <= len(text); i += 8 {
		v := load64(text[i:])
		if m := zeroBytes(v^eachOne*'"') | zeroBytes(v^eachOne*'\\'); m != 0 {
			return i + bits.TrailingZeros64(m)>>3
		}
	}
	for i < len(text) && text[i] != '"' && text[i] != '\\' {
		i++
	}
	return i
}

// nextBracket returns the place, from i on, of the first quote, brace or bracket, or the
// end. A bracket and the brace like it are the same but for one bit.
func nextBracket(text []byte, i int) int {
	const bit = '{' ^ '['
	for ; i+8 <= len(text); i += 8 {
		v := load64(text[i:])
		brackets := v | eachOne*bit
		if m := zeroBytes(v^eachOne*'"') | zeroBytes(brackets^eachOne*'{') | zeroBytes(brackets^eachOne*'}'); m != 0 {
			return i + bits.TrailingZeros64(m)>>3
		}
	}
	for i < len(text) && text[i] != '"' && text[i]|bit != '{' && text[i]|bit != '}' {
		i++
	}
	return i
}

// zeroBytes returns the highest bit of each byte that is zero.
func zeroBytes(v uint64) uint64 {
	const low = ^uint64(eachHigh)
	return ^((v&low + low) | v | low)
}

// shortWhole reads at most eight digits and nothing else, from a place in a text that has
// eight bytes from there on: all of them at once, as in Langdale and Lemire, simdjson.
func shortWhole(text []byte, from, to int) (v int64, ok bool) {
	n := to - from
	if n <= 0 || n > 8 || from+8 > len(text) {
		return 0, false
	}
	const zeros = eachOne * '0'
	d := load64(text[from:])<<(64-8*n) | zeros>>(8*n)
	if !eightDigits(d) {
		return 0, false
	}
	return int64(eightValue(d)), true
}

// eightDigits says whether all eight bytes are digits: those whose upper half is that of
// digits, also with six added.
func eightDigits(d uint64) bool {
	return d&(eachOne*0xf0)|(d+eachOne*6)>>4&(eachOne*0xf) == eachOne*0x33
}

// eightValue returns the number that eight digits are: pairs first, in every second byte,
// then pairs of these, and theirs.
func eightValue(d uint64) uint64 {
	d -= eachOne * '0'
	d = d*10 + d>>8
	return (d&0x000000ff000000ff*(100+1000000<<32) + d>>16&0x000000ff000000ff*(1+10000<<32)) >> 32
}
