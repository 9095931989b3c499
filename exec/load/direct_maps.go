package load

import (
	"context"

	"github.com/segq/segq/exec/column"
)

// repeats notes of a column of keys, which was just read, in which row groups some map has a
// key more than once. Those are rare: their entries are taken out of lanes.
func (d *direct) repeats(ctx context.Context, w *whole) error {
	keys, ok := w.col.(*column.Strings)
	if !ok || !d.leaves[0].key {
		return nil
	}
	return d.each(ctx, func(_ context.Context, g int) error {
		f, from, end := d.leaves[g], d.bases[g], d.bases[g+1]
		r := repetition{keys: keys.Dict.Len()}
		r.ends, r.first = f.node.parent.ends()
		switch c := keys.Codes; {
		case c.U8 != nil:
			f.again = repeatedIn(&r, c.U8[from:end])
		case c.U16 != nil:
			f.again = repeatedIn(&r, c.U16[from:end])
		case c.U32 != nil:
			f.again = repeatedIn(&r, c.U32[from:end])
		}
		return nil
	})
}

// repetition looks for keys that come again, of so many, in maps that end there. The number of
// their first entry is given.
type repetition struct {
	ends  []uint32
	first uint32
	keys  int
	last  []uint32 // by key: the last map that had it, counted from 1
}

// fewEntries is how many keys are held against each other.
const fewEntries = 8

// repeatedIn says whether some map has a key more than once, of the codes of all entries.
func repeatedIn[T uint8 | uint16 | uint32](r *repetition, codes []T) bool {
	from := uint32(0)
	for i, end := range r.ends {
		end -= r.first
		if end > uint32(len(codes)) {
			return false // of a damaged file
		}
		switch own := codes[from:end]; {
		case len(own) <= 1:
		case len(own) <= fewEntries:
			if twice(own) {
				return true
			}
		case markTwice(r, own, uint32(i)+1):
			return true
		}
		from = end
	}
	return false
}

func twice[T uint8 | uint16 | uint32](codes []T) bool {
	same := false
	for i, code := range codes[1:] {
		for _, before := range codes[:i+1] {
			same = same || code == before
		}
	}
	return same
}

func markTwice[T uint8 | uint16 | uint32](r *repetition, codes []T, stamp uint32) bool {
	if r.last == nil {
		r.last = make([]uint32, max(r.keys, 1))
	}
	for _, code := range codes {
		if r.last[code] == stamp {
			return true
		}
		r.last[code] = stamp
	}
	return false
}
