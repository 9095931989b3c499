package search

import (
	"math/bits"
	"sort"

	"github.com/segq/segq/exec/kernel"
)

// part is a text that others may contain. It is looked for by two of its bytes, those
// that are rarest in what is searched.
type part struct {
	text  string
	fold  bool // text is folded
	pair  kernel.BytePair
	at    int  // where the first byte of the pair is in text
	whole bool // the pair is all of the text
	never bool // no text of ASCII can have it
}

func newPart(text string, fold bool, typical []byte) *part {
	p := &part{text: text, fold: fold, whole: len(text) <= 2, never: fold && !kernel.ASCII([]byte(text))}
	if len(text) == 0 || p.never {
		return p
	}
	i, j := rarest(text, fold, typical)
	p.at, p.pair.Distance = i, j-i
	p.pair.First, p.pair.Second = text[i], text[j]
	if fold {
		p.pair.First, p.pair.FirstOr = bothCases(text[i])
		p.pair.Second, p.pair.SecondOr = bothCases(text[j])
	}
	return p
}

// typicalBytes is how many bytes are counted, in so many places.
const (
	typicalBytes  = 4096
	typicalPlaces = 16
)

// rarest returns the places of the two bytes of a text that are rarest in typical ones,
// the same twice where there is one.
func rarest(text string, fold bool, typical []byte) (i, j int) {
	var counts [256]int
	const size = typicalBytes / typicalPlaces
	for place := range typicalPlaces {
		from := len(typical) / typicalPlaces * place
		for _, c := range typical[from:min(from+size, len(typical))] {
			counts[c]++
		}
	}
	count := func(k int) int {
		c := text[k]
		if want, or := bothCases(c); fold && or != 0 {
			return counts[c] + counts[want]
		}
		return counts[c]
	}
	if len(text) == 1 {
		return 0, 0
	}
	i, j = 0, 1
	if count(j) < count(i) {
		i, j = j, i
	}
	for k := 2; k < len(text); k++ {
		switch {
		case count(k) < count(i):
			i, j = k, i
		case count(k) < count(j):
			j = k
		}
	}
	return min(i, j), max(i, j)
}

// searchedBytes is how many bytes are looked at together.
const searchedBytes = 4096

// block sets the bits of the rows that contain the part.
func (p *part) block(dst []uint64, text []byte, offsets []uint32) {
	n, size := len(offsets)-1, len(p.text)
	if size == 0 {
		kernel.Fill(dst, n)
		return
	}
	clear(dst)
	if p.never {
		return
	}
	var found [searchedBytes / 64]uint64
	row, next := 0, int(offsets[0]) // the row that the search is in; where it goes on
	end := int(offsets[n]) - size + 1
	for at := next; at < end; at += searchedBytes {
		places := min(searchedBytes, end-at)
		if next >= at+places {
			continue
		}
		words := found[:(places+63)>>6]
		kernel.BytePairs(words, text[at+p.at:], places, p.pair)
		for w, word := range words {
			for ; word != 0; word &= word - 1 {
				place := at + w<<6 + bits.TrailingZeros64(word)
				if place < next || !p.whole && !same(text[place:place+size], p.text, p.fold) {
					continue
				}
				if offsets[row+1] <= uint32(place) {
					row = holding(offsets, uint32(place), row+1)
				}
				if stop := int(offsets[row+1]); place+size <= stop {
					dst[row>>6] |= 1 << (row & 63)
					next = stop
					row++ // of which nothing is asked where it is the end
				} // else it lies across the end of the text
			}
		}
	}
}

// holding returns the row, from first on, that holds the byte at place.
func holding(offsets []uint32, place uint32, first int) int {
	if offsets[first+1] > place {
		return first
	}
	n := len(offsets) - 1
	step := 1
	for first+step < n && offsets[first+step] <= place {
		step *= 2
	}
	lo, hi := first+step/2, min(first+step, n)
	return lo + sort.Search(hi-lo, func(i int) bool { return offsets[lo+i+1] > place })
}
