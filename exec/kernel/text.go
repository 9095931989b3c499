package kernel

import (
	"encoding/binary"
	"math/bits"
)

// A column of texts holds them one after another: row i owns the bytes offsets[i] to
// offsets[i+1] of text. The functions here take the whole text, and the part of the offsets
// that belongs to a block, one entry more than it has rows. The offsets must not fall, and
// must lie in text.

// BytePair is two bytes at a distance from each other. A byte b is the first where
// b|FirstOr == First, and likewise the second: 0x20 makes both cases of an ASCII letter
// one.
type BytePair struct {
	First, FirstOr   byte
	Second, SecondOr byte
	Distance         int
}

// BytePairs sets bit i, for i below n, where src[i] is the first byte of the pair, and
// src[i+p.Distance] the second. src has n+p.Distance bytes.
func BytePairs(dst []uint64, src []byte, n int, p BytePair) {
	dst = dst[:words(n)]
	first, second := src[:n], src[p.Distance:][:n]
	done := bytePairsWords(dst, first, second, p)
	dst, first, second = dst[done:], first[64*done:], second[64*done:]
	a, aOr := uint64(p.First)*ones, uint64(p.FirstOr)*ones
	b, bOr := uint64(p.Second)*ones, uint64(p.SecondOr)*ones
	for len(first) >= 64 {
		var w uint64
		for i := 0; i < 64; i += 8 {
			x := (binary.LittleEndian.Uint64(first[i:i+8]) | aOr) ^ a
			y := (binary.LittleEndian.Uint64(second[i:i+8]) | bOr) ^ b
			w |= zeros(x|y) << i
		}
		dst[0] = w
		dst, first, second = dst[1:], first[64:], second[64:]
	}
	if len(first) == 0 {
		return
	}
	var w uint64
	for i := range first {
		w |= (bit(first[i]|p.FirstOr == p.First) & bit(second[i]|p.SecondOr == p.Second)) << (i & 63)
	}
	dst[0] = w
}

// zeros returns one bit for each byte of x that is zero.
func zeros(x uint64) uint64 {
	t := x&^high + ^uint64(high) // the high bit of each byte that has a lower one
	return (^(t | x) & high >> 7) * 0x0102040810204080 >> 56
}

// Window is eight bytes of a text, and what they have to be: those that begin At bytes
// after the beginning of the text, or, when End is set, At bytes before its end, as a
// little-endian number w for which (w|Or)&And == Want. What lies outside of the text must
// not be asked for by And. The length of the text is between Least and Most.
type Window struct {
	At            uint32
	End           bool
	Or, And, Want uint64
	Least, Most   uint32
}

// Windows sets bit i where the text of row i meets w.
func Windows(dst []uint64, text []byte, offsets []uint32, w *Window) {
	n := len(offsets) - 1
	dst = dst[:words(n)]
	first, end := w.inside(len(text), offsets)
	if first < end {
		w.words(dst[first>>6:], text, offsets[first:end+1])
	}
	clear(dst[:first>>6])
	clear(dst[end>>6:])
	for i := range first {
		dst[i>>6] |= bit(w.holds(text[offsets[i]:offsets[i+1]])) << (i & 63)
	}
	for i := end; i < n; i++ {
		dst[i>>6] |= bit(w.holds(text[offsets[i]:offsets[i+1]])) << (i & 63)
	}
}

// inside returns rows, both multiples of 64, whose windows all lie in a text of that size:
// all but a few at its beginning and its end.
func (w *Window) inside(size int, offsets []uint32) (first, end int) {
	n, at, places := len(offsets)-1, int(w.At), offsets
	if w.End {
		at, places = -at, offsets[1:]
	}
	for first < n && int(places[first])+at < 0 {
		first += 64
	}
	end = n
	for end > first && int(places[end-1])+at+8 > size {
		end--
	}
	end &^= 63
	return min(first, end), end
}

// words is Windows for whole words, none of whose windows leaves text.
func (w *Window) words(dst []uint64, text []byte, offsets []uint32) {
	places, at := offsets, uint64(w.At)
	if w.End {
		places, at = offsets[1:], -at
	}
	done := windowsWords(dst, text, places, offsets, w)
	dst, places, offsets = dst[done:], places[64*done:], offsets[64*done:]
	or, and, want, least, width := w.Or, w.And, w.Want, w.Least, w.Most-w.Least
	for len(offsets) > 64 {
		block, from := (*[65]uint32)(offsets), (*[64]uint32)(places)
		var word uint64
		for i := range 64 {
			p := uint64(from[i]) + at
			x := binary.LittleEndian.Uint64(text[p : p+8])
			word = word>>1 | (bit((x|or)&and == want)&bit(block[i+1]-block[i]-least <= width))<<63
		}
		dst[0] = word
		dst, places, offsets = dst[1:], places[64:], offsets[64:]
	}
}

// holds is Windows for one text.
func (w *Window) holds(text []byte) bool {
	n, at := len(text), int(w.At)
	if w.End {
		at = n - at
	}
	if uint64(n) < uint64(w.Least) || uint64(n) > uint64(w.Most) || at < 0 || at > n {
		return false
	}
	var b [8]byte
	copy(b[:], text[at:])
	return (binary.LittleEndian.Uint64(b[:])|w.Or)&w.And == w.Want
}

// Hashes gives each text a number of 16 bits, the one that [Hash] has for it.
func Hashes(dst []uint16, text []byte, offsets []uint32) {
	n := len(offsets) - 1
	dst = dst[:n]
	for i := range dst {
		dst[i] = Hash(text[offsets[i]:offsets[i+1]])
	}
}

// Hash returns a number for a text, of which only its length and its first and last eight
// bytes count.
func Hash(text []byte) uint16 {
	var first, last uint64
	if n := len(text); n >= 8 {
		first, last = binary.LittleEndian.Uint64(text), binary.LittleEndian.Uint64(text[n-8:])
	} else {
		var b [8]byte
		copy(b[:], text)
		first = binary.LittleEndian.Uint64(b[:])
	}
	// Odd numbers without a pattern: the fractions of the golden ratio and of the square
	// root of two.
	const golden, root = 0x9e3779b97f4a7c15, 0x6a09e667f3bcc909
	h := (first ^ uint64(len(text))) * golden
	h = (bits.RotateLeft64(h, 32) ^ last) * root
	return uint16(h >> 48)
}

// ASCII says whether all bytes are below 0x80.
func ASCII(src []byte) bool { return wide(src) == len(src) }

// Wide returns the place of the first byte, from at on, that is not below 0x80; the length
// of src when there is none.
func Wide(src []byte, at int) int { return at + wide(src[at:]) }

func wide(src []byte) int {
	at := 0
	for ; len(src)-at >= 32; at += 32 {
		s := src[at : at+32]
		if (binary.LittleEndian.Uint64(s)|binary.LittleEndian.Uint64(s[8:])|binary.LittleEndian.Uint64(s[16:])|binary.LittleEndian.Uint64(s[24:]))&high != 0 {
			break
		}
	}
	for at < len(src) && src[at] < 0x80 {
		at++
	}
	return at
}
