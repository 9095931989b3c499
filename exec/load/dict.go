package load

import (
	"bytes"
	"hash/maphash"
	"math/bits"

	"github.com/segq/segq/exec/column"
)

// seed is one for all dictionaries of the process: nothing of the hashes is
// kept.
var seed = maphash.MakeSeed()

// dict is a set of strings in order of arrival: an open hash table of codes
// over one run of bytes, so that the garbage collector has nothing to trace.
type dict struct {
	bytes []byte
	ends  []uint32 // string i ends here
	table []uint32 // code + 1, 0 for free; a power of two of entries
	iso   column.Bitmap
	marks []uint64 // for each key of maps, the last map that had it
}

func newDict() *dict { return &dict{table: make([]uint32, 16)} }

func (d *dict) len() int { return len(d.ends) }

func (d *dict) at(code uint32) []byte {
	start := uint32(0)
	if code > 0 {
		start = d.ends[code-1]
	}
	return d.bytes[start:d.ends[code]]
}

// add returns the code of s, a new one if it is not yet there.
func (d *dict) add(s []byte) uint32 {
	if d.table == nil {
		d.index(max(16, 4*len(d.ends)))
	}
	mask := uint64(len(d.table) - 1)
	i := maphash.Bytes(seed, s) & mask
	for ; d.table[i] != 0; i = (i + 1) & mask {
		if code := d.table[i] - 1; bytes.Equal(d.at(code), s) {
			return code
		}
	}
	code := uint32(len(d.ends))
	d.table[i] = code + 1
	d.bytes = append(d.bytes, s...)
	d.ends = append(d.ends, uint32(len(d.bytes)))
	if code%64 == 0 {
		d.iso = append(d.iso, 0)
	}
	if _, ok := parseTimestamp(s); ok {
		d.iso.Set(int(code))
	}
	if len(d.ends)*2 > len(d.table) {
		d.index(2 * len(d.table))
	}
	return code
}

// index makes a table of at least that many entries.
func (d *dict) index(size int) {
	d.table = make([]uint32, 1<<bits.Len(uint(size-1)))
	mask := uint64(len(d.table) - 1)
	for code := range d.ends {
		i := maphash.Bytes(seed, d.at(uint32(code))) & mask
		for d.table[i] != 0 {
			i = (i + 1) & mask
		}
		d.table[i] = uint32(code) + 1
	}
}

// mark notes that a map has the key of this code, and says whether it is the
// first time for that map.
func (d *dict) mark(code uint32, stamp uint64) bool {
	for len(d.marks) < len(d.ends) {
		d.marks = append(d.marks, 0)
	}
	first := d.marks[code] != stamp
	d.marks[code] = stamp
	return first
}

// seal frees what only adding needs; the next add makes it anew.
func (d *dict) seal() { d.table, d.marks = nil, nil }
