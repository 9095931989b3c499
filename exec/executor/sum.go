package executor

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash"
	"math/bits"
)

// Sum names rows, in whatever order and parts they come: it is the sum of the digests of their lines.
type Sum [2]uint64

// Plus returns the name of these and other rows.
func (s Sum) Plus(t Sum) Sum {
	low, carry := bits.Add64(s[0], t[0], 0)
	high, _ := bits.Add64(s[1], t[1], carry)
	return Sum{low, high}
}

// String returns what [ParseSum] reads.
func (s Sum) String() string {
	return hex.EncodeToString(binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(nil, s[0]), s[1]))
}

// ParseSum reads a sum.
func ParseSum(text string) (Sum, error) {
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != 16 {
		return Sum{}, errors.New("it is no sum of rows")
	}
	return Sum{binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])}, nil
}

// summing adds up lines that are written to it.
type summing struct {
	sum  Sum
	line hash.Hash
	some bool // of a line is there
}

func (s *summing) Write(b []byte) (int, error) {
	n := len(b)
	for len(b) > 0 {
		line, rest, whole := bytes.Cut(b, []byte{'\n'})
		s.line.Write(line)
		s.some, b = s.some || len(line) > 0, rest
		if whole {
			s.end()
		}
	}
	return n, nil
}

// end ends a line. What is empty is no row.
func (s *summing) end() {
	if !s.some {
		return
	}
	var digest [sha256.Size]byte
	s.line.Sum(digest[:0])
	s.sum = s.sum.Plus(Sum{binary.LittleEndian.Uint64(digest[:]), binary.LittleEndian.Uint64(digest[8:])})
	s.line.Reset()
	s.some = false
}
