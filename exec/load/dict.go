package load

import (
	"bytes"
	"math/bits"

	"github.com/segq/segq/exec/column"
)

// dict is a set of strings in order of arrival: an open hash table over one run of bytes,
// so that the garbage collector has nothing to trace. One that is loose may have a string
// several times: it does not look where most strings of the chunk before were new.
type dict struct {
	bytes []byte
	ends  []uint32 // string i ends here
	// table has the upper half of the hash of a string and its code + 1, 0 for free; a
	// power of two of entries, at most half of them taken.
	table []uint64
	iso   column.Bitmap // those that are dates, and isos of them
	isos  int
	marks []uint64 // for each key of maps, the last map that had it

	loose, all bool // all: a loose one that takes whatever comes
	met        int  // how often a string was already there
	since      int  // of one that takes all: how many chunks have done so
}

const (
	leastTable = 16
	// looseFrom is the number of strings from which on it is worth not to look, if a string
	// was there less often than once for looseShare of them. Every so many chunks it is
	// found out anew.
	looseFrom, looseShare, looseChunks = 1 << 10, 2, 16
)

func newDict() *dict { return &dict{} }

// newLooseDict returns a dictionary whose codes do not have to tell different strings.
func newLooseDict() *dict { return &dict{loose: true} }

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
	if d.all {
		return d.append(s)
	}
	if d.table == nil {
		d.index(max(leastTable, 4*len(d.ends)))
	}
	h := hash(s)
	mask := uint64(len(d.table) - 1)
	i := h & mask
	for ; d.table[i] != 0; i = (i + 1) & mask {
		if e := d.table[i]; (e^h)>>32 == 0 {
			if code := uint32(e) - 1; bytes.Equal(d.at(code), s) {
				d.met++
				return code
			}
		}
	}
	code := d.append(s)
	d.table[i] = h>>32<<32 | uint64(code+1)
	if len(d.ends)*2 > len(d.table) {
		d.index(2 * len(d.table))
	}
	return code
}

// append adds a string without a look at those that are there.
func (d *dict) append(s []byte) uint32 {
	code := uint32(len(d.ends))
	d.bytes = append(d.bytes, s...)
	d.ends = append(d.ends, uint32(len(d.bytes)))
	if code%64 == 0 {
		d.iso = append(d.iso, 0)
	}
	if len(s) >= len("2006-01-02") && s[4] == '-' {
		if _, ok := parseTimestamp(s); ok {
			d.iso.Set(int(code))
			d.isos++
		}
	}
	return code
}

// index makes a table of at least that many entries.
func (d *dict) index(size int) {
	d.table = make([]uint64, 1<<bits.Len(uint(size-1)))
	mask := uint64(len(d.table) - 1)
	for code := range d.ends {
		h := hash(d.at(uint32(code)))
		i := h & mask
		for d.table[i] != 0 {
			i = (i + 1) & mask
		}
		d.table[i] = h>>32<<32 | uint64(code+1)
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
