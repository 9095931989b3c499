package plan

import (
	"encoding/binary"
	"math"
	"unsafe"

	"github.com/segq/segq/exec/column"
)

// Every test of one column is a set of values: the values for which it holds, and
// whether it holds for null. Sets are kept as ranges of keys, integers that order
// as the values do: integers and milliseconds are their own, booleans are 0 and 1,
// strings have their codes and floats [column.FloatKey]. Two tests of a column,
// joined by and or or or turned round by not, are one again.

// span is the keys from lo to hi, both inclusive.
type span struct{ lo, hi int64 }

// valueSet is some of the values of a column, and null or not. The spans are
// ascending and neither overlap nor touch.
type valueSet struct {
	spans []span
	null  bool
}

// everything is all keys there are.
var everything = span{math.MinInt64, math.MaxInt64}

// domain returns the keys that a column can hold, empty (lo > hi) for none, and
// whether it is a column of plain values at all.
func domain(c column.Column) (span, bool) {
	switch c := c.(type) {
	case *column.Bools:
		return span{0, 1}, true
	case *column.Ints:
		switch {
		case c.I8 != nil:
			return span{math.MinInt8, math.MaxInt8}, true
		case c.I16 != nil:
			return span{math.MinInt16, math.MaxInt16}, true
		case c.I32 != nil:
			return span{math.MinInt32, math.MaxInt32}, true
		}
		return everything, true
	case *column.Timestamps, *column.Floats:
		return everything, true
	case *column.Strings:
		return span{0, int64(c.Dict.Len()) - 1}, true
	}
	return span{}, false
}

// within returns the part of s that lies in d.
func within(s []span, d span) []span {
	switch {
	case d.lo > d.hi:
		return nil
	case len(s) == 0 || s[0].lo >= d.lo && s[len(s)-1].hi <= d.hi:
		return s
	}
	return intersection(s, []span{d})
}

// complement returns the keys of d that are not in s, which lies in d.
func complement(s []span, d span) []span {
	var out []span
	if d.lo > d.hi {
		return nil
	}
	next := d.lo
	for _, x := range s {
		if x.lo > next {
			out = append(out, span{next, x.lo - 1})
		}
		if x.hi == d.hi {
			return out
		}
		next = x.hi + 1
	}
	return append(out, span{next, d.hi})
}

// union returns the keys that are in a or b.
func union(a, b []span) []span {
	out := make([]span, 0, len(a)+len(b))
	for len(a)+len(b) > 0 {
		var x span
		if len(b) == 0 || len(a) > 0 && a[0].lo <= b[0].lo {
			x, a = a[0], a[1:]
		} else {
			x, b = b[0], b[1:]
		}
		out = appendSpan(out, x)
	}
	return out
}

// appendSpan adds a span that does not begin before the last one of s.
func appendSpan(s []span, x span) []span {
	if last := len(s) - 1; last >= 0 && (s[last].hi == math.MaxInt64 || x.lo <= s[last].hi+1) {
		s[last].hi = max(s[last].hi, x.hi)
		return s
	}
	return append(s, x)
}

// intersection returns the keys that are in both.
func intersection(a, b []span) []span {
	var out []span
	for len(a) > 0 && len(b) > 0 {
		if lo, hi := max(a[0].lo, b[0].lo), min(a[0].hi, b[0].hi); lo <= hi {
			out = append(out, span{lo, hi})
		}
		if a[0].hi < b[0].hi {
			a = a[1:]
		} else {
			b = b[1:]
		}
	}
	return out
}

// manySpans is from how many on a set is known by where its spans lie in memory: what
// dictionaries have answered is remembered, so that equal sets of that size are mostly
// the same ones. Equal sets that are not are answered twice, no more.
const manySpans = 1 << 10

// appendKey appends a text that equal sets share, and no others.
func (s *valueSet) appendKey(k []byte) []byte {
	null := byte(0)
	if s.null {
		null = 1
	}
	k = append(k, null)
	if len(s.spans) >= manySpans {
		k = append(k, "many"...)
		k = binary.AppendUvarint(k, uint64(len(s.spans)))
		return binary.AppendUvarint(k, uint64(uintptr(unsafe.Pointer(&s.spans[0]))))
	}
	for _, x := range s.spans {
		k = binary.AppendVarint(k, x.lo)
		k = binary.AppendUvarint(k, uint64(x.hi)-uint64(x.lo))
	}
	return k
}

// has says whether key is in the set.
func (s *valueSet) has(key int64) bool {
	lo, hi := 0, len(s.spans)
	for lo < hi {
		mid := (lo + hi) / 2
		if s.spans[mid].hi < key {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo < len(s.spans) && s.spans[lo].lo <= key
}
