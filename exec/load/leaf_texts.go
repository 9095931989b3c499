package load

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/segq/segq/exec/column"
)

// entry is a string of the dictionary of a part. prefix is eight of its bytes, which
// decide most comparisons.
type entry struct {
	prefix     uint64
	part, code uint32
}

// texts merges the dictionaries of the parts into a sorted one, of the strings
// that are used, and rewrites the codes.
func texts(parts []part, n int, valid column.Bitmap) (*column.Strings, error) {
	hexadecimal(parts)
	m := textMerge{dicts: make([]*dict, len(parts)), recode: make([][]uint32, len(parts))}
	m.list(parts)
	if !m.ordered {
		sortTexts(m.entries, 0, m.text)
	}
	size, distinct := m.measure()
	if size > math.MaxUint32 {
		return nil, fmt.Errorf("%s: %d bytes of different texts are more than a dictionary can hold (%d)",
			path(parts[0].node), size, uint32(math.MaxUint32))
	}
	dict := m.dictionary(size, distinct)
	codes := column.NewCodes(n, distinct)
	for k, p := range parts {
		switch to := m.recode[k]; {
		case codes.U8 != nil:
			recoded(codes.U8[p.base:], &p.node.texts, to)
		case codes.U16 != nil:
			recoded(codes.U16[p.base:], &p.node.texts, to)
		case codes.U32 != nil:
			recoded(codes.U32[p.base:], &p.node.texts, to)
		}
	}
	return &column.Strings{Valid: valid, Codes: codes, Dict: dict}, nil
}

// recoded writes the new codes of a part.
func recoded[T uint8 | uint16 | uint32](to []T, from *lane[uint32], recode []uint32) {
	if from.slots == nil {
		for i, code := range from.values {
			to[i] = T(recode[code])
		}
		return
	}
	for i, slot := range from.slots {
		to[slot] = T(recode[from.values[i]])
	}
}

// textMerge brings the strings of several dictionaries in order.
type textMerge struct {
	dicts   []*dict // by part; nil for none
	recode  [][]uint32
	entries []entry
	ordered bool // the entries are in order as they come, and all different
}

// list lists the strings that some slot has, and makes room for their new codes, by part
// and old code.
func (m *textMerge) list(parts []part) {
	used, strings := make([][]bool, len(parts)), 0
	for k, p := range parts {
		d := p.node.dict
		if d == nil {
			continue
		}
		m.dicts[k], m.recode[k], used[k] = d, make([]uint32, d.len()), make([]bool, d.len())
		for _, code := range p.node.texts.values {
			used[k][code] = true
		}
		strings += d.len()
	}
	m.entries, m.ordered = make([]entry, 0, strings), true
	var last []byte
	for k, d := range m.dicts {
		for code, is := range used[k] {
			if !is {
				continue
			}
			s := d.at(uint32(code))
			m.ordered = m.ordered && (len(m.entries) == 0 || bytes.Compare(last, s) < 0)
			m.entries = append(m.entries, entry{prefix(s), uint32(k), uint32(code)})
			last = s
		}
	}
}

func (m *textMerge) text(e entry) []byte { return m.dicts[e.part].at(e.code) }

// again, of the part of an entry, says that the string is that of the entry before.
const again = 1 << 31

// measure finds out which strings are there again, and gives the number of the others,
// and of their bytes.
func (m *textMerge) measure() (size, distinct int) {
	for i, e := range m.entries {
		s := m.text(e)
		if i > 0 {
			last := m.entries[i-1]
			last.part &^= again
			if e.prefix == last.prefix && bytes.Equal(m.text(last), s) {
				m.entries[i].part |= again
				continue
			}
		}
		size += len(s)
		distinct++
	}
	return size, distinct
}

// dictionary makes a dictionary of the entries, which are in order, and notes what
// becomes of their codes.
func (m *textMerge) dictionary(size, distinct int) *column.Dict {
	d := &column.Dict{Bytes: make([]byte, 0, size), Offsets: make([]uint32, 1, distinct+1)}
	for _, e := range m.entries {
		if e.part&again == 0 {
			d.Bytes = append(d.Bytes, m.text(e)...)
			d.Offsets = append(d.Offsets, uint32(len(d.Bytes)))
		}
		m.recode[e.part&^again][e.code] = uint32(len(d.Offsets) - 2)
	}
	return d
}

// byteBits is the number of bits of a byte.
const byteBits = 8

// sortedBytes is how many bytes of texts are sorted by, before texts are compared.
const sortedBytes = 64

// sortTexts sorts entries of which text gives the strings, that have as many bytes in common,
// and whose prefixes are the eight bytes after these: by the prefixes, and what has the same one
// by the next eight bytes.
func sortTexts(e []entry, inCommon int, text func(entry) []byte) {
	sortPrefixes(e, 64-byteBits)
	for from, end := 0, 0; from < len(e); from = end {
		for end = from + 1; end < len(e) && e[end].prefix == e[from].prefix; {
			end++
		}
		if end-from > 1 {
			sortAlike(e[from:end], inCommon+8, text)
		}
	}
}

// sortAlike sorts entries whose strings have so many bytes in common, if they are as long.
func sortAlike(e []entry, inCommon int, text func(entry) []byte) {
	least := len(text(e[0]))
	most := least
	for _, of := range e[1:] {
		length := len(text(of))
		least, most = min(least, length), max(most, length)
	}
	switch {
	case least == most && most <= inCommon:
	case least < inCommon || inCommon > sortedBytes: // some end in zeros
		slices.SortFunc(e, func(a, b entry) int { return bytes.Compare(text(a), text(b)) })
	default:
		for i := range e {
			e[i].prefix = prefix(text(e[i])[inCommon:])
		}
		sortTexts(e, inCommon, text)
	}
}

// sortPrefixes sorts entries whose prefixes are the same above the byte at shift: by the
// counts of these bytes where there are many, then what has one of them by itself.
func sortPrefixes(e []entry, shift int) {
	const few = 32
	if len(e) <= few {
		insertPrefixes(e)
		return
	}
	var ends [1<<byteBits + 1]int
	for i := range e {
		ends[e[i].prefix>>shift&0xff+1]++
	}
	if ends[e[0].prefix>>shift&0xff+1] == len(e) {
		if shift > 0 {
			sortPrefixes(e, shift-byteBits)
		}
		return
	}
	for b := range 1 << byteBits {
		ends[b+1] += ends[b]
	}
	next := ends
	for b := range 1 << byteBits { // each entry is put in its place, the one there is next
		for next[b] < ends[b+1] {
			i := next[b]
			to := int(e[i].prefix >> shift & 0xff)
			if to != b {
				e[i], e[next[to]] = e[next[to]], e[i]
			}
			next[to]++
		}
	}
	if shift == 0 {
		return
	}
	for b := range 1 << byteBits {
		if of := e[ends[b]:ends[b+1]]; len(of) > 1 {
			sortPrefixes(of, shift-byteBits)
		}
	}
}

// insertPrefixes sorts few entries.
func insertPrefixes(e []entry) {
	for i := 1; i < len(e); i++ {
		x, k := e[i], i
		for ; k > 0 && e[k-1].prefix > x.prefix; k-- {
			e[k] = e[k-1]
		}
		e[k] = x
	}
}

// prefix returns the first eight bytes of s as a number that orders as they do.
func prefix(s []byte) uint64 {
	if len(s) >= 8 {
		return binary.BigEndian.Uint64(s)
	}
	var b [8]byte
	copy(b[:], s)
	return binary.BigEndian.Uint64(b[:])
}
