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
	table []dictPlace // a power of two of places, at most three in four of them taken
	isos  int         // how many are dates, and in iso which
	met   int         // how often a string was already there
	bytes []byte
	ends  []uint32 // string i ends here
	iso   column.Bitmap
	marks []uint64 // for each key of maps, the last map that had it

	loose, all bool // all: a loose one that takes whatever comes
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

// dictPlace has a string in the table of a dictionary: its words, its length, and its
// code + 1, 0 for none.
type dictPlace struct {
	words
	size, code uint32
}

// add returns the code of s, a new one if it is not yet there.
func (d *dict) add(s []byte) uint32 {
	if d.all {
		return d.append(s)
	}
	if 4*len(d.ends) >= 3*len(d.table) {
		d.index(max(leastTable, 2*len(d.table), 2*len(d.ends)))
	}
	w := wordsOf(s)
	mask := uint64(len(d.table) - 1)
	for i := w.hash(len(s)); ; i++ {
		p := &d.table[i&mask]
		if p.code == 0 {
			code := d.append(s)
			*p = dictPlace{w, uint32(len(s)), code + 1}
			return code
		}
		if p.words == w && p.size == uint32(len(s)) && (len(s) <= allWords || bytes.Equal(d.at(p.code-1), s)) {
			d.met++
			return p.code - 1
		}
	}
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

// index makes a table of at least that many places.
func (d *dict) index(size int) {
	old := d.table
	d.table = make([]dictPlace, 1<<bits.Len(uint(size-1)))
	if old == nil {
		for code := range d.ends {
			s := d.at(uint32(code))
			d.take(dictPlace{wordsOf(s), uint32(len(s)), uint32(code) + 1})
		}
		return
	}
	for _, p := range old {
		if p.code > 0 {
			d.take(p)
		}
	}
}

// take puts a string into the table that is not yet there.
func (d *dict) take(p dictPlace) {
	mask := uint64(len(d.table) - 1)
	i := p.hash(int(p.size))
	for d.table[i&mask].code > 0 {
		i++
	}
	d.table[i&mask] = p
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
