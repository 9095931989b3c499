package column

import (
	"sort"
	"unsafe"
)

// Dict is a sorted set of strings, held as one run of bytes: value code is
// Bytes[Offsets[code]:Offsets[code+1]]. Codes order as the strings do, byte by
// byte, so that a comparison of strings is one of codes.
type Dict struct {
	Bytes   []byte
	Offsets []uint32
}

// Len is the number of strings.
func (d *Dict) Len() int { return max(len(d.Offsets)-1, 0) }

// At returns the string of code. It shares the dictionary's memory and is valid
// as long as the dictionary.
func (d *Dict) At(code uint32) string {
	b := d.Bytes[d.Offsets[code]:d.Offsets[code+1]]
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// Find returns the code of the first string that is not less than s, and whether
// it is s. The code is Len when all strings are less.
func (d *Dict) Find(s string) (code uint32, found bool) {
	n := d.Len()
	i := sort.Search(n, func(i int) bool { return d.At(uint32(i)) >= s })
	return uint32(i), i < n && d.At(uint32(i)) == s
}
