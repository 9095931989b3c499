package load

import (
	"bytes"
	"unsafe"
)

// textTable is a set of texts in order of arrival, which many row groups add to: most of
// what they add is there. As in [dict], the bytes of a short text are not looked at again.
type textTable struct {
	bytes  []byte
	ends   []uint32
	places []dictPlace // a power of two of them
	spare  []dictPlace // where to grow to
}

const leastPlaces = 64

func newTextTable() *textTable { return &textTable{places: make([]dictPlace, leastPlaces)} }

// emptied takes all texts away. It keeps the memory.
func (t *textTable) emptied() *textTable {
	t.bytes, t.ends = t.bytes[:0], t.ends[:0]
	if cap(t.spare) > cap(t.places) {
		t.places, t.spare = t.spare, t.places
	}
	t.places = t.places[:leastPlaces]
	clear(t.places)
	return t
}

func (t *textTable) len() int { return len(t.ends) }

func (t *textTable) at(code uint32) []byte {
	from := uint32(0)
	if code > 0 {
		from = t.ends[code-1]
	}
	return t.bytes[from:t.ends[code]]
}

// size returns what the table holds.
func (t *textTable) size() int64 {
	return int64(cap(t.bytes)) + 4*int64(cap(t.ends)) + int64(unsafe.Sizeof(dictPlace{}))*int64(cap(t.places)+cap(t.spare))
}

// find returns the code of s, or the place for it.
func (t *textTable) find(s []byte) (code uint32, found bool, at uint64, w words) {
	w = wordsOf(s)
	mask := uint64(len(t.places) - 1)
	for at = w.hash(len(s)) & mask; ; at = (at + 1) & mask {
		p := &t.places[at]
		if p.code == 0 {
			return 0, false, at, w
		}
		if p.words == w && p.size == uint32(len(s)) && (len(s) <= allWords || bytes.Equal(t.at(p.code-1), s)) {
			return p.code - 1, true, at, w
		}
	}
}

// insert adds s, which is not there, at its place.
func (t *textTable) insert(s []byte, at uint64, w words) uint32 {
	code := uint32(len(t.ends))
	t.bytes = append(t.bytes, s...)
	t.ends = append(t.ends, uint32(len(t.bytes)))
	t.places[at] = dictPlace{w, uint32(len(s)), code + 1}
	if 2*len(t.ends) > len(t.places) {
		t.grow()
	}
	return code
}

// add returns the code of s, a new one if it is not yet there.
func (t *textTable) add(s []byte) uint32 {
	code, found, at, w := t.find(s)
	if !found {
		code = t.insert(s, at, w)
	}
	return code
}

func (t *textTable) grow() {
	old, size := t.places, 2*len(t.places)
	if cap(t.spare) >= size {
		t.places = t.spare[:size]
		clear(t.places)
	} else {
		t.places = makeRoom[dictPlace](size)
	}
	mask := uint64(len(t.places) - 1)
	for _, p := range old {
		if p.code == 0 {
			continue
		}
		i := p.hash(int(p.size)) & mask
		for t.places[i].code != 0 {
			i = (i + 1) & mask
		}
		t.places[i] = p
	}
	t.spare = old
}

// mergeTables adds all texts to the first table, sorts them, and returns the codes by
// rank, and for each table the ranks of its own codes.
func mergeTables(tables []*textTable) (order []uint32, ranks [][]uint32) {
	all := tables[0]
	ranks = make([][]uint32, len(tables))
	for k, t := range tables[1:] {
		ranks[k+1] = make([]uint32, t.len())
		for code := range ranks[k+1] {
			ranks[k+1][code] = all.add(t.at(uint32(code)))
		}
	}
	entries := make([]entry, all.len())
	for code := range entries {
		entries[code] = entry{prefix: prefix(all.at(uint32(code))), code: uint32(code)}
	}
	sortTexts(entries, 0, func(e entry) []byte { return all.at(e.code) })
	ranks[0], order = make([]uint32, len(entries)), make([]uint32, len(entries))
	for rank, e := range entries {
		ranks[0][e.code], order[rank] = uint32(rank), e.code
	}
	for _, codes := range ranks[1:] {
		for i, code := range codes {
			codes[i] = ranks[0][code]
		}
	}
	return order, ranks
}
